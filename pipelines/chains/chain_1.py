"""One task that does nothing."""

import _chain

from bench.pipeline import Pipeline


def pipeline() -> Pipeline:
    """Build the graph."""
    return _chain.of("chain_1", tasks=1)
