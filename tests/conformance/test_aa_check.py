"""The A/A check: the planted tool that is measured under two names runs what it is measured with."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench import adapters
from bench.adapters import Sandbox
from bench.contract import scenario as scenarios
from bench.environments import pipeline_catalog
from bench.errors import PipelineError

AA_CHECK = adapters.load(adapters.find("aa", adapters.discover()))
PYTHON = Path(sys.executable)
PIPELINES = sorted(
    {
        case.pipeline
        for manifest in scenarios.manifests().values()
        for case in manifest.cases.values()
        if case.aa_check
    }
)


@pytest.mark.parametrize("name", PIPELINES)
def test_the_aa_check_runs_each_pipeline_that_it_is_measured_with(name: str, tmp_path: Path) -> None:
    """After half a second of CPU; what the last stage writes counts the tasks."""
    pipeline = pipeline_catalog.load(name, PYTHON).pipeline
    project, results = tmp_path / "project", tmp_path / "results"
    project.mkdir()
    results.mkdir()
    AA_CHECK.render(pipeline, project, frozenset())
    given = pipeline_catalog.parameters(pipeline, tmp_path, results)
    folders = ("root", "home", "tmp", "project", "state", "results", "data")
    box = Sandbox(**{folder: tmp_path / folder for folder in folders}, python=PYTHON)
    command = AA_CHECK.run(pipeline, box, given, frozenset())
    subprocess.run(command.argv, cwd=project, check=True)
    (written,) = results.iterdir()
    if name.startswith("chain_"):
        assert written.read_text().strip() == str(len(pipeline.stages) - 1)


def test_the_aa_check_refuses_what_it_cannot_run(tmp_path: Path) -> None:
    """A mapped stage, before anything is run."""
    pipeline = pipeline_catalog.load("mapped", PYTHON).pipeline
    with pytest.raises(PipelineError, match="the A/A check calls stages that are not mapped"):
        AA_CHECK.render(pipeline, tmp_path, frozenset())
