"""Forty tasks of fibonacci(10), one after the other."""

import _sum

from bench.pipeline import Pipeline


def pipeline() -> Pipeline:
    """Build the graph."""
    return _sum.of(fibonacci=10, tasks=40)
