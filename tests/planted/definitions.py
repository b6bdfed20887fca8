"""The pipelines of the scenarios, each extracted once for all tests: that starts a Python that imports pandas."""

import functools

from bench.contract.driver import Definition
from tests import shared

__all__ = ["defined"]


@functools.cache
def defined(name: str) -> Definition:
    """Return a pipeline by its name. Treat it as read-only."""
    return shared.definition(name)
