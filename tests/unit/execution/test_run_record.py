"""What was seen of a run becomes its record."""

import json
from dataclasses import replace
from pathlib import Path

from bench.contract.records import Command
from bench.contract.source_map import SourceMap
from bench.execution.run_record import Seen, record
from bench.execution.supervisor import Facts
from bench.execution.tracing import reader
from bench.execution.tracing.prepare import prepare
from bench.host.redaction import Redaction
from tests.unit.facts import chain

ANNOUNCED = ("python", "flow.py", "run")


def seen(python: dict[int, tuple[str, ...]], folder: Path) -> Seen:
    """Return a run whose main process, number 1, announced itself."""
    trace = folder / "trace"
    prepare(trace, folder, SourceMap(()), ())
    line = {"ns": 1, "pid": 1, "thread": 1, "kind": "loaded", "ppid": 0, "argv": ANNOUNCED}
    (trace / "events.jsonl").write_text(json.dumps(line) + "\n")
    facts = Facts(
        marks={"spawn": 0, "exit": 2},
        exit_code=0,
        signal=None,
        stopped_by=None,
        start_error=None,
        user_s=0.0,
        system_s=0.0,
        cpu_method="wait4",
        peak_bytes=None,
        peak_method="pss",
        pids=list(python),
        python=python,
        left_behind=[],
        supervisor_s=0.0,
        gone=False,
    )
    command = Command(argv=ANNOUNCED, cwd=str(folder))
    return Seen("fresh", command, 0.0, 0.0, facts, reader.read(trace), 0, 0, {})


def untraced(python: dict[int, tuple[str, ...]], folder: Path) -> tuple[tuple[str, ...], ...]:
    """Return which processes are held to have run unseen."""
    return record(seen(python, folder), chain(), folder, Redaction({})).unannounced


def test_a_python_that_never_announced_itself_is_told(tmp_path: Path) -> None:
    """It may have run a body unseen."""
    other = ("python", "-I", "flow.py")
    assert untraced({1: ANNOUNCED, 2: other}, tmp_path) == (other,)


def test_a_child_that_still_looks_like_its_parent_is_none(tmp_path: Path) -> None:
    """It is about to become another program, and waits for the processor."""
    assert untraced({1: ANNOUNCED, 2: ANNOUNCED}, tmp_path) == ()


def test_what_the_server_beside_a_run_used_is_not_of_others(tmp_path: Path) -> None:
    """Else a set-up with a server would always look as if somebody else were at work on the machine."""
    of_run = replace(seen({}, tmp_path), busy_s=5.0, server_s=3.5)
    run = record(of_run, chain(), tmp_path, Redaction({}))
    assert (run.others_s, run.server_s) == (1.5, 3.5)
