"""The input files of a user's pipeline: what its file parameters name."""

import sys
from pathlib import Path

import pytest

from bench.environments import pipeline_catalog

PIPELINE = """
import data

from bench.pipeline import File, Pipeline


def pipeline() -> Pipeline:
    flow = Pipeline("own")
    first = flow.parameter("first", File, default={first!r})
    second = flow.parameter("second", File, default={second!r})
    results = flow.parameter("results", File)
    flow.stage(data.write, first=first, second=second, results=results)
    return flow
"""
DATA = "def write(first: str, second: str, results: str) -> None:\n    return None\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a pipeline's module and two files of one name."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "data.py").write_text(DATA)
    for place in ("own", "."):
        (tmp_path / place / "table.csv").write_text(place)
    return tmp_path


@pytest.mark.parametrize("outside", ["{folder}/table.csv", "../table.csv"])
def test_a_file_that_lies_elsewhere_is_placed_with_the_others(folder: Path, outside: str) -> None:
    """An absolute path, or one that leads out of the folder; a module data.py of the user's makes no data."""
    file = folder / "own" / "pipeline.py"
    file.write_text(PIPELINE.format(first="table.csv", second=outside.format(folder=folder)))
    definition = pipeline_catalog.load(str(file), Path(sys.executable))
    placed = folder / "placed"
    placed.mkdir()
    pipeline_catalog.place_data(definition, "small", folder / "cache", placed)
    values = pipeline_catalog.parameters(definition.pipeline, placed, folder)
    assert Path(str(values["first"])).read_text() == "own"
    assert Path(str(values["second"])).read_text() == "."
    assert Path(str(values["second"])).is_relative_to(placed)
    assert Path(str(values["second"])).name == "table.csv"
