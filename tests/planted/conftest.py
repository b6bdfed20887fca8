"""Gives the planted tool to the tests."""

from collections.abc import Iterator

import pytest

from bench.adapters import load
from bench.execution import sandbox
from tests import shared
from tests.planted.measuring import HERE, Bench


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Give the planted tool and the control on the chain of three stages."""
    folder = tmp_path_factory.mktemp("planted")
    root = HERE.parent.parent
    definition = shared.definition(str(HERE / "pipeline" / "chain.py"))
    bench = Bench(folder, load(HERE / "planted"), load(root / "adapters" / "control"), definition)
    yield bench
    for driver in bench.drivers:
        sandbox.remove(driver.sandbox)
