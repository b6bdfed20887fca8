"""The reader of a trace, and what is counted in it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.contract.source_map import SourceMap
from bench.errors import TraceError
from bench.execution.tracing.prepare import prepare
from bench.execution.tracing.reader import (
    Digest,
    Event,
    Kind,
    Part,
    altered,
    bodies,
    first_body,
    last_body,
    read,
)
from bench.execution.tracing.spawns import untraced_spawns
from tests.unit.execution.tracing.traced_project import TracedProject, plain_environment


def event(ns: int, kind: Kind, pid: int = 1, **more: Any) -> Event:
    """Return an event of thread 1."""
    return Event(ns=ns, pid=pid, thread=1, kind=kind, **more)


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    """Return a prepared trace folder."""
    prepare(tmp_path / "trace", tmp_path, SourceMap(()), ())
    return tmp_path / "trace"


def line(ns: int) -> str:
    """Return a line as the hook writes it."""
    return f'{{"ns":{ns},"pid":1,"thread":1,"kind":"loaded","ppid":0,"argv":["python"]}}\n'


def test_events_come_in_order_of_time(trace: Path) -> None:
    """Processes write side by side; the clock that they share orders what they wrote."""
    (trace / "events.jsonl").write_text(line(2) + line(1))
    assert [found.ns for found in read(trace)] == [1, 2]


def test_a_cut_last_line_is_passed_over(trace: Path) -> None:
    """What a killed process was about to say was never said."""
    (trace / "events.jsonl").write_text(line(1) + line(2)[:-9])
    assert [found.ns for found in read(trace)] == [1]


@pytest.mark.parametrize("bad", ["nonsense\n", '{"ns": 1}\n', "[]\n", '{"unknown": 1}\n'])
def test_any_other_bad_line_is_an_error_with_its_number(trace: Path, bad: str) -> None:
    """Nothing is guessed about a trace that is damaged."""
    (trace / "events.jsonl").write_text(line(1) + bad + line(2))
    with pytest.raises(TraceError, match=r"events\.jsonl:2 is no event"):
        read(trace)


def test_a_run_without_python_has_no_events(trace: Path) -> None:
    """A prepared folder that nobody wrote to is an empty trace."""
    assert read(trace) == []


def test_a_folder_without_a_trace_is_an_error(tmp_path: Path) -> None:
    """No trace is not the same as no events."""
    with pytest.raises(TraceError, match="holds no trace"):
        read(tmp_path)


def test_first_and_last_body() -> None:
    """The first is the one that started first, the last the one that ended last."""
    events = [
        event(1, "start", stage="long", call="a"),
        event(2, "start", stage="short", call="b", pid=2),
        event(3, "end", stage="short", call="b", pid=2),
        event(4, "end", stage="long", call="a"),
        event(5, "start", stage="killed", call="c"),
    ]
    first, last = first_body(events), last_body(events)
    assert first is not None
    assert last is not None
    assert (first.stage, last.stage) == ("long", "long")
    assert (first.end_ns, bodies(events)[2].end_ns) == (4, None)


def test_there_may_be_no_body() -> None:
    """An empty trace has no first and no last body."""
    assert (first_body([]), last_body([])) == (None, None)


def test_a_fork_inside_a_body_does_not_end_it() -> None:
    """An end that was written by a forked child belongs to the child's copy."""
    events = [event(1, "start", stage="s", call="a"), event(2, "end", stage="s", call="a", pid=2)]
    assert bodies(events)[0].end_ns is None


def test_what_was_altered_is_named() -> None:
    """The parts that differ, and those that only one value has."""
    given = Digest("json", "1", "1", {"$": Part("a", "a"), "$.x": Part("b", "b"), "$.y": Part("c", "c")})
    got = Digest("json", "2", "1", {"$": Part("a", "a"), "$.x": Part("z", "b")})
    assert altered(given, got) == ("$.x", "$.y")
    assert altered(given, got, by="value") == ()
    assert altered(Digest("opaque", "1", "", {}), Digest("opaque", "2", "", {})) == ("*",)


def spawn(ns: int, *argv: str, pid: int = 1, way: str = "fork_exec", file: str | None = None) -> Event:
    """Return the event of a started program."""
    return event(ns, "spawned", pid=pid, argv=argv, detail=way, file=file or argv[0])


def loaded(ns: int, *argv: str, pid: int = 2, ppid: int = 1) -> Event:
    """Return the announcement of a Python process."""
    return event(ns, "loaded", pid=pid, ppid=ppid, argv=argv)


def test_a_python_that_announced_itself_is_traced() -> None:
    """A start and an announcement of the same arguments by its child belong together."""
    assert untraced_spawns([spawn(1, "/v/bin/python", "x.py"), loaded(2, "/v/bin/python", "x.py")]) == ()


def test_an_announcement_counts_once() -> None:
    """Two starts need two announcements."""
    events = [spawn(1, "python", "x.py"), spawn(2, "python", "x.py"), loaded(3, "python", "x.py")]
    assert untraced_spawns(events) == (("python", "x.py"),)


def test_another_child_does_not_stand_in_for_an_untraced_one() -> None:
    """A process that was started in an unseen way (multiprocessing) hides no other."""
    events = [spawn(1, "python", "-I", "x.py"), loaded(2, "python", "-c", "from multiprocessing")]
    assert untraced_spawns(events) == (("python", "-I", "x.py"),)


def test_a_daemon_is_found_by_its_arguments() -> None:
    """A process whose parent is gone has another parent when it announces itself."""
    assert untraced_spawns([spawn(1, "python", "-m", "d"), loaded(2, "python", "-m", "d", ppid=99)]) == ()


def test_a_process_that_becomes_a_python_keeps_its_number() -> None:
    """After an exec the announcement has the number of the process that did it."""
    assert (
        untraced_spawns([spawn(1, "python", "x", way="exec"), loaded(2, "python", "x", pid=1, ppid=0)])
        == ()
    )


def test_an_exec_that_failed_is_no_start() -> None:
    """A search along PATH tries one place after the other."""
    events = [
        spawn(1, "python", "x", way="exec", file="/a/python"),
        spawn(2, "python", "x", way="exec", file="/b/python"),
        loaded(3, "python", "x", pid=1, ppid=0),
    ]
    assert untraced_spawns(events) == ()


@pytest.mark.parametrize(
    "argv",
    [
        ("env", "-u", "HOME", "A=1", "python3.11", "x.py"),
        ("/bin/sh", "-c", "A=1 python x.py"),
        ("sh", "-c", "exec /v/bin/python3 x.py"),
        ("pypy3", "x.py"),
    ],
)
def test_a_python_behind_env_or_a_shell_is_seen(argv: tuple[str, ...]) -> None:
    """One plain command in front hides nothing."""
    assert untraced_spawns([spawn(1, *argv)]) == (argv,)


@pytest.mark.parametrize(
    "argv",
    [
        ("git", "status"),
        ("python3-config", "--cflags"),
        ("python", "--version"),
        ("python", "-X", "utf8", "-V"),
        ("env", "true"),
        ("sh", "-c", "cd x && make"),
        ("sh", "-c", "a 'b"),
    ],
)
def test_what_runs_no_python_code_is_left_out(argv: tuple[str, ...]) -> None:
    """Other programs, and interpreters that only print something, run no project code."""
    assert untraced_spawns([spawn(1, *argv)]) == ()


@pytest.mark.parametrize("options", [["-I"], ["-S"], ["-E"], []])
def test_a_real_isolated_child_is_untraced(tmp_path: Path, options: list[str]) -> None:
    """Options that ignore PYTHONPATH or leave out site are found; an ordinary child is traced."""
    project = TracedProject(tmp_path)
    command = [sys.executable, *options, "-c", "pass"]
    project.run(f"import subprocess; subprocess.run({command!r})")
    assert untraced_spawns(project.events()) == ((tuple(command),) if options else ())


def test_a_real_child_with_a_cleared_path_is_untraced(tmp_path: Path) -> None:
    """A tool that builds its own environment loses the trace, and that is known."""
    project = TracedProject(tmp_path)
    command = [sys.executable, "-c", "pass"]
    project.run(f"import subprocess; subprocess.run({command!r}, env={{}})")
    assert untraced_spawns(project.events()) == (tuple(command),)


def test_the_reader_needs_the_standard_library_only() -> None:
    """The package can be used where nothing else is installed."""
    code = "import bench.execution.tracing.reader, bench.execution.tracing.prepare, bench.execution.tracing.spawns, sys; print('msgspec' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**plain_environment(), "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"
