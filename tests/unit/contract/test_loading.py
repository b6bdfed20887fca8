"""Python files of a user's folder, loaded by their path."""

from pathlib import Path

import pytest

from bench.contract.loading import load_module
from bench.errors import ScenarioError


def written(place: Path, value: int) -> Path:
    """Return a folder named ``same`` with a file and its neighbour."""
    folder = place / "same"
    folder.mkdir(parents=True)
    (folder / "verdict.py").write_text("from .neighbour import VALUE\n")
    (folder / "neighbour.py").write_text(f"VALUE = {value}\n")
    return folder


def test_a_file_imports_the_neighbours_of_its_own_folder(tmp_path: Path) -> None:
    """Also where a folder of the same name was loaded before."""
    for value in (1, 2):
        folder = written(tmp_path / str(value), value)
        assert value == load_module(folder, "verdict", "scenario", ScenarioError).VALUE


def test_what_a_file_raises_is_told_in_one_line(tmp_path: Path) -> None:
    """With the folder and the file."""
    folder = written(tmp_path, 1)
    (folder / "verdict.py").write_text("1 / 0\n")
    with pytest.raises(
        ScenarioError, match=r"scenario 'same': .*verdict.py cannot be loaded: ZeroDivision"
    ):
        load_module(folder, "verdict", "scenario", ScenarioError)
    with pytest.raises(ScenarioError, match=r"scenario 'same': .* has no scenario.py"):
        load_module(folder, "scenario", "scenario", ScenarioError)
