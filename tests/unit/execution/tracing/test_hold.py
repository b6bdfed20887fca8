"""Holding a body at a named point until the harness has acted."""

import os
from pathlib import Path

import pytest

from bench.contract.source_map import SourceMap
from bench.errors import TraceError
from bench.execution.tracing.prepare import Hold, prepare
from tests.unit.execution.tracing.traced_project import TracedProject


@pytest.fixture
def project(tmp_path: Path) -> TracedProject:
    """Return a project whose stage leaves a file when it is done."""
    made = TracedProject(tmp_path)
    made.write("def work(name):\n    open(name, 'w').close()\n    return 1\n")
    made.span("work", "name")
    return made


def hold(project: TracedProject, point: str) -> Hold:
    """Ask for a hold of the stage."""
    held = Hold("work", point, project.root / "reached", project.root / "release")  # type: ignore[arg-type]
    project.hold = held
    return held


def wait_until_reached(held: Hold) -> str:
    """Return the line that the body writes when it is there."""
    return held.reached.read_text()


def release(held: Hold) -> None:
    """Let the body go on."""
    held.release.write_text("go\n")


@pytest.mark.parametrize(("point", "there"), [("start", False), ("end", True)])
def test_a_body_waits_at_the_named_point(project: TracedProject, point: str, *, there: bool) -> None:
    """At the start nothing of the body has run, at the end all of it has."""
    held = hold(project, point)
    process = project.start("import stages; print(stages.work('mark'))")
    line = wait_until_reached(held)
    assert line.split()[0] == str(process.pid)
    assert (project.project / "mark").exists() is there
    assert process.poll() is None
    assert [event.detail for event in project.events("held")] == [point]
    release(held)
    assert process.communicate(timeout=60)[0] == "1\n"
    assert project.bodies()[0].error is None


def test_a_held_body_that_is_killed_never_ends(project: TracedProject) -> None:
    """A body whose process is killed while it waits has a start and no end."""
    held = hold(project, "start")
    process = project.start("import stages; stages.work('mark')")
    wait_until_reached(held)
    process.kill()
    process.communicate(timeout=60)
    (body,) = project.bodies()
    assert body.end_ns is None
    assert body.error is None


def test_only_the_first_call_is_held(project: TracedProject) -> None:
    """A retry of the stage, in any process, is not held again."""
    held = hold(project, "start")
    process = project.start("import stages; stages.work('one'); stages.work('two')")
    wait_until_reached(held)
    release(held)
    process.communicate(timeout=60)
    assert project.run("import stages; stages.work('three')").returncode == 0
    assert len(project.events("held")) == 1
    assert len(project.bodies()) == 3


def test_nothing_is_held_once_the_pipe_is_gone(project: TracedProject) -> None:
    """A harness that has given up leaves no process waiting."""
    held = hold(project, "start")
    project.traced_environment()
    held.reached.unlink()
    assert project.run("import stages; print(stages.work('mark'))").stdout == "1\n"


def test_an_interrupt_while_held_is_an_error_of_the_body(project: TracedProject) -> None:
    """A signal that a tool turns into an exception ends the wait and the body."""
    held = hold(project, "start")
    process = project.start("import stages; stages.work('mark')")
    wait_until_reached(held)
    process.send_signal(2)
    process.communicate(timeout=60)
    assert project.bodies()[0].error == "KeyboardInterrupt"


def test_a_folder_is_prepared_once(tmp_path: Path) -> None:
    """Two runs never share a trace by mistake."""
    prepare(tmp_path / "trace", tmp_path, SourceMap(()), ())
    with pytest.raises(TraceError, match="already holds a trace"):
        prepare(tmp_path / "trace", tmp_path, SourceMap(()), ())


def test_a_path_with_a_line_break_is_refused(tmp_path: Path) -> None:
    """The settings are lines."""
    with pytest.raises(TraceError, match="line break"):
        prepare(tmp_path / "trace", tmp_path / "a\nb", SourceMap(()), ())


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    """The message names the folder and the reason."""
    (tmp_path / "file").touch()
    with pytest.raises(TraceError, match="Not a directory"):
        prepare(tmp_path / "file" / "trace", tmp_path, SourceMap(()), ())


def test_the_environment_is_two_variables(tmp_path: Path) -> None:
    """The hook folder is on PYTHONPATH, and the trace folder is named absolutely."""
    found = prepare(Path(os.path.relpath(tmp_path / "trace")), tmp_path, SourceMap(()), ())
    assert Path(found["ORCHESTRATOR_BENCH_TRACE"]).is_absolute()
    assert Path(found["ORCHESTRATOR_BENCH_TRACE"]).samefile(tmp_path / "trace")
    assert (Path(found["PYTHONPATH"]) / "sitecustomize.py").is_file()
