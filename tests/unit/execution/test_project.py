"""The project of a trial: what a change of its pipeline touches, and what it leaves alone."""

from pathlib import Path
from typing import Any

import pytest

from bench.adapters import load
from bench.execution.project import Project
from bench.pipeline import Pipeline
from tests.command_line import ROOT
from tests.unit.facts import chain

STAGES = '''"""Stages."""


def begin(results: str) -> dict[str, int]:
    return {"steps": len(results)}


def finish(value: dict[str, int], results: str) -> None:
    pass
'''


def made(**modules: str) -> Pipeline:
    """Return the chain with these modules of source."""
    data: dict[str, Any] = chain().as_json()
    for stage in data["stages"]:
        stage["module"] = "stages"
    return Pipeline.from_json({**data, "modules": modules})


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give a rendered project of the planted tool that writes the stages verbatim, in the folder ``project``."""
    (tmp_path / "project").mkdir()
    found = Project(
        load(ROOT / "tests" / "planted" / "cacher"), made(stages=STAGES, helpers=""), frozenset()
    )
    found.render(tmp_path / "project")
    return found


def test_a_change_leaves_files_alone_whose_bytes_are_the_same(project: Project, tmp_path: Path) -> None:
    """Their inode and modification time tell a tool that nothing has changed."""
    folder = tmp_path / "project"
    before = {path.name: path.stat() for path in folder.iterdir()}
    project.change(made(stages=STAGES, helpers="ONE = 1\n"), folder, tmp_path / "scratch")
    after = {path.name: path.stat() for path in folder.iterdir()}
    assert (folder / "helpers.py").read_text() == "ONE = 1\n"
    assert after["stages.py"].st_mtime_ns == before["stages.py"].st_mtime_ns
    assert after["stages.py"].st_ino == before["stages.py"].st_ino


def test_a_change_removes_what_is_not_part_of_the_project_any_more(
    project: Project, tmp_path: Path
) -> None:
    """But nothing that a run has left there."""
    folder = tmp_path / "project"
    (folder / "left-by-a-run").touch()
    project.change(made(stages=STAGES), folder, tmp_path / "scratch")
    assert not (folder / "helpers.py").exists()
    assert (folder / "left-by-a-run").exists()
    assert not (tmp_path / "scratch").exists()


def test_a_copy_holds_what_was_rendered_and_nothing_else(project: Project, tmp_path: Path) -> None:
    (tmp_path / "project" / "left-by-a-run").touch()
    project.copy(tmp_path / "project", tmp_path / "second")
    assert {path.name for path in (tmp_path / "second").iterdir()} == {
        "graph.json", "helpers.py", "main.py", "stages.py",
    }  # fmt: skip
