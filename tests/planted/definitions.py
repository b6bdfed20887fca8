"""The pipelines of the scenarios, each extracted once for all tests: that starts a Python that imports pandas."""

import functools
import sys
from pathlib import Path

from bench.contract.driver import Definition
from bench.environments import pipeline_catalog

__all__ = ["defined"]


@functools.cache
def defined(name: str) -> Definition:
    """Return a pipeline by its name. Treat it as read-only."""
    return pipeline_catalog.load(name, Path(sys.executable))
