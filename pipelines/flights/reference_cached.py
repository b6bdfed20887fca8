"""The reference pipeline with results that are to be reused, but for the report."""

import reference

from bench.pipeline import Pipeline


def pipeline() -> Pipeline:
    """Build the graph."""
    return reference.graph("reference_cached", cached=True)
