"""The pipelines of the scenarios, each extracted once for all tests: that starts a Python that imports pandas."""

import functools
import sys
from pathlib import Path

from bench import catalogue

__all__ = ["defined"]


@functools.cache
def defined(name: str) -> catalogue.Definition:
    """Return a pipeline by its name. Treat it as read-only."""
    return catalogue.load(name, Path(sys.executable))
