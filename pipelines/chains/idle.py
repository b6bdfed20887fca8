"""Ten tasks that do nothing, one after the other, whose results are to be reused, and one that writes."""

import _chain

from bench.pipeline import Pipeline


def pipeline() -> Pipeline:
    """Build the graph."""
    return _chain.of("idle", tasks=11, cached=True)
