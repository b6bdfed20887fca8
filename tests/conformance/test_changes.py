"""Every named edit of every adapter fits the project that it renders, and leaves Python that parses."""

import ast
from pathlib import Path

import pytest

from bench import adapters
from bench.contract import native_edit
from bench.contract import scenario as scenarios
from bench.contract.adapter_manifest import read_manifest
from bench.execution import project_edits
from bench.pipeline import Pipeline
from tests import shared

FOLDERS = {
    name: folder
    for name, folder in adapters.discover().items()
    if (folder / "adapter.toml").is_file() and read_manifest(folder).role != "aa check"
}
EDITING = {name: one for name, one in scenarios.manifests().items() if one.edits is not None}
EDITS = [
    (tool, scenario, name)
    for tool in FOLDERS
    for scenario, manifest in EDITING.items()
    for name, case in manifest.cases.items()
    if not case.neutral
]


@pytest.fixture(scope="session")
def pipelines() -> dict[str, Pipeline]:
    wanted = {case.pipeline for one in EDITING.values() for case in one.cases.values()}
    return {name: shared.definition(name).pipeline for name in wanted}


@pytest.mark.parametrize("scenario", EDITING)
@pytest.mark.parametrize("tool", FOLDERS)
def test_a_tool_has_an_edit_for_every_case_and_no_other(tool: str, scenario: str) -> None:
    """What it lacks is declared in a file too, with scope, reason and source."""
    manifest = EDITING[scenario]
    known = {name for name, case in manifest.cases.items() if not case.neutral}
    native_edit.check(FOLDERS[tool], known, manifest.edits or "")


@pytest.mark.parametrize(("tool", "scenario", "case"), EDITS)
def test_an_edit_fits_the_rendered_project(
    tool: str, scenario: str, case: str, pipelines: dict[str, Pipeline], tmp_path: Path
) -> None:
    """After it, every file of Python parses, and each function that is to be traced is there."""
    adapter, manifest = adapters.load(FOLDERS[tool]), EDITING[scenario]
    source_map = adapter.render(pipelines[manifest.cases[case].pipeline], tmp_path, frozenset())
    change, texts = project_edits.fitting(adapter.folder, case, tmp_path, manifest.edits or "")
    project_edits.apply(tmp_path, texts)
    for path in tmp_path.rglob("*.py"):
        ast.parse(path.read_text(encoding="utf-8"), str(path))
    traced = project_edits.traced(change, source_map)
    assert traced.check(tmp_path, adapter.manifest.traced_files) == []
