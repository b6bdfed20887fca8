"""A user's pipeline is run in plain Python before any tool: what is wrong with it is told in the user's own terms."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.adapters import Adapter
from bench.contract.adapter_loading import discover, find, load
from bench.environments import pipeline_catalog
from bench.errors import AdapterError, PipelineFails
from bench.execution import plain_run
from bench.pipeline import Pipeline

PIPELINE = """\
from bench.pipeline import File, Pipeline, Settings
import stages

def pipeline() -> Pipeline:
    flow = Pipeline("tiny")
    results = flow.parameter("results", File)
    value = flow.stage(stages.make, Settings(output="value"))
    flow.stage(stages.write, value=value, results=results)
    return flow
"""
STAGES = """\
import os, sys
from pathlib import Path

def make() -> int:
    {make}
    return 3

def write(value: int, results: str) -> None:
    {write}
"""
WRITE = 'Path(results, "value.txt").write_text(str(value))'
Run = Callable[..., plain_run.PlainRun]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a pipeline whose stages have these lines."""

    def run(
        make: str = "pass", write: str = WRITE, time_limit: float = 60, control: Adapter | None = None
    ) -> plain_run.PlainRun:
        (tmp_path / "pipeline.py").write_text(PIPELINE)
        (tmp_path / "stages.py").write_text(STAGES.format(make=make, write=write))
        definition = pipeline_catalog.load(str(tmp_path / "pipeline.py"), Path(sys.executable))
        control = control or load(find("control", discover()))
        return plain_run.run(definition, control, tmp_path / "cache", time_limit)

    return run


def failure(run: Run, **changes: object) -> PipelineFails:
    """Return how the run failed."""
    with pytest.raises(PipelineFails) as caught:
        run(**changes)
    assert str(caught.value).startswith("your pipeline fails in plain Python: ")
    return caught.value


def test_a_run_that_works_says_what_it_wrote(run: Run) -> None:
    """The names of the files are how every later run is compared."""
    done = run()
    assert done.files == ("value.txt",)
    assert done.seconds > 0


def test_an_exception_is_told_with_type_text_and_the_frames_of_the_users_files_only(
    run: Run, tmp_path: Path
) -> None:
    """In the user's own folder, not in the copy that was run; the library's frames say nothing to the user."""
    error = failure(run, make='import json; json.loads("no json")')
    assert "JSONDecodeError: Expecting value" in str(error)
    assert error.details == (f'{tmp_path}/stages.py:5, in make: import json; json.loads("no json")',)


@pytest.mark.parametrize("code", [0, 3])
def test_a_stage_that_ends_the_program_fails_whatever_the_exit_code(run: Run, code: int) -> None:
    """Exit code 0 in the middle is no success."""
    assert f"SystemExit: {code}" in str(failure(run, make=f"sys.exit({code})"))


def test_an_exception_whose_text_raises_is_told_all_the_same(run: Run) -> None:
    """Its own type is what the user looks for."""
    make = "raise type('Odd', (Exception,), {'__str__': lambda self: 1 / 0})()"
    assert "Odd: (its text cannot be read: ZeroDivisionError)" in str(failure(run, make=make))


def test_a_process_that_is_killed_is_told_by_its_signal(run: Run) -> None:
    """There is no exception to tell."""
    assert "it ended with signal 9 and without an exception" in str(
        failure(run, make="os.kill(os.getpid(), 9)")
    )


def test_an_endless_loop_is_told_with_the_line_where_it_was(run: Run, tmp_path: Path) -> None:
    """The user sees where to look, and which option gives more time."""
    error = failure(run, make="\n    while True: pass", time_limit=2)
    assert "it had not ended after 2 s" in str(error)
    assert f"{tmp_path}/stages.py:6, in make" in str(error)
    assert "--time-limit" in str(error)


def test_a_pipeline_that_delivers_nothing_cannot_be_compared(run: Run) -> None:
    """Every tool would be right."""
    assert "its last stage 'write' wrote no file to 'results'" in str(failure(run, write="pass"))


def test_a_fault_of_the_program_around_the_users_code_is_not_the_users(run: Run) -> None:
    """It is bench that has written that program."""

    def broken(pipeline: Pipeline, project: Path, options: frozenset[str]) -> None:
        (project / "main.py").write_text("raise NameError('inf')\n")

    control = load(find("control", discover()))
    control.render = broken  # type: ignore[method-assign, assignment]
    with pytest.raises(AdapterError, match="NameError: inf; no line of your code is at fault"):
        run(control=control)
