"""The same two tasks, with a table that is to be reused."""

import noise

from bench.pipeline import Pipeline


def pipeline() -> Pipeline:
    """Build the graph."""
    return noise.graph("noise_cached", cached=True)
