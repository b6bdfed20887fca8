"""A hundred tasks that do nothing, one after the other."""

import _chain

from bench.pipeline import Pipeline


def pipeline() -> Pipeline:
    """Build the graph."""
    return _chain.of("chain_100", tasks=100)
