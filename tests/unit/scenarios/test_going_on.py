"""What a user types to go on from a run that ended well, once a stage was edited."""

from pathlib import Path

import pytest

from bench.adapters import Before, Sandbox, adapters_folder, load
from bench.contract.driver import Definition, SourceEdit
from bench.environments import pipeline_catalog
from bench.pipeline import Pipeline
from tests import shared

FOLDERS = ("root", "home", "tmp", "project", "state", "results", "data")
BOX = Sandbox(**{name: Path("/box", name) for name in FOLDERS}, python=Path("/environment/bin/python"))


@pytest.fixture(scope="module")
def definition() -> Definition:
    """Give the pipeline of the caching matrix: read_numbers, entitle, scale, summarise, show."""
    return shared.definition("reuse")


def command(tool: str, now: Pipeline, before: Pipeline, rerun: str | None) -> str:
    """Return what goes on from a run of the same parameters, after the name of the program."""
    told = load(adapters_folder() / tool).resume(now, BOX, {}, frozenset(), Before(before, {}, rerun))
    return " ".join(told.argv[1:])


@pytest.mark.parametrize(
    ("rerun", "metaflow", "kedro"),
    [
        ("scale", "resume scale", "--from-nodes scale"),
        ("show", "resume show", "--only-missing-outputs"),
        (None, "resume", "--only-missing-outputs"),
    ],
)
def test_the_edited_stage_is_named(
    definition: Definition, rerun: str | None, metaflow: str, kedro: str
) -> None:
    """Where none was edited, Kedro is asked for what is missing: its last node runs each time."""
    now = definition.pipeline
    assert command("metaflow", now, now, rerun) == f"flow.py {metaflow}"
    assert command("kedro", now, now, rerun).endswith(f" {kedro}")


def test_who_renames_a_step_edits_the_step_before(definition: Definition) -> None:
    """In Metaflow, a step names the next, so it is the one at which the branches begin; Kedro joins nodes by their data."""
    edits = [
        SourceEdit("stages.py", "def scale(", "def rescale("),
        SourceEdit("reuse.py", "stages.scale,", "stages.rescale,"),
    ]
    now = pipeline_catalog.edited(definition, edits).pipeline
    assert command("metaflow", now, definition.pipeline, "rescale") == "flow.py resume read_numbers"
    assert command("kedro", now, definition.pipeline, "rescale").endswith(" --from-nodes rescale")
