"""Turns the observations of one run into its record: the supervisor's facts, the trace, the files."""

import hashlib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from bench.contract.pipeline import Pipeline
from bench.contract.records import BodyRun, Command, Digest, Ended, LeftBehind, Role, Run, Usage
from bench.execution.supervisor import Facts
from bench.execution.tracing import reader
from bench.execution.tracing.reader import Body, Event
from bench.execution.tracing.spawns import untraced_spawns
from bench.host import untrusted_files
from bench.host.exceptions import last_exception
from bench.host.redaction import Redaction

__all__ = ["Seen", "record"]

UNSEEN = "unseen"
"""Kind of a digest of what was not in the local variable that the source map names."""
END_BYTES = 64 << 10
"""Of the output, where the exception is looked for."""
IMPORT_LINE = re.compile(r"import time:\s+(\d+) \|")


@dataclass(frozen=True)
class Seen:
    """The observations of a run.

    started: wall clock, seconds since the epoch. busy_s: CPU seconds of the whole machine meanwhile, this
    run's included. events: None where the run was not traced. files, size: that the run wrote.
    results: digests of what is in the results folder. parts: of the paths in its JSON files. odd_files,
    project, held, repeat, server_s: as in the record.
    """

    role: Role
    command: Command
    started: float
    busy_s: float
    facts: Facts
    events: list[Event] | None
    files: int
    size: int
    results: dict[str, str]
    parts: dict[str, dict[str, str]] = field(default_factory=dict)
    odd_files: tuple[str, ...] = ()
    project: str | None = None
    held: str | None = None
    repeat: bool = False
    server_s: float | None = None

    @property
    def others_s(self) -> float:
        """Return the CPU seconds of what was neither the run, nor its supervisor, nor the server beside it."""
        facts = self.facts
        own = facts.user_s + facts.system_s + facts.supervisor_s + (self.server_s or 0.0)
        return max(0.0, self.busy_s - own)


def record(seen: Seen, pipeline: Pipeline, folder: Path, redaction: Redaction) -> Run:
    """Return the record of a run. ``folder``: of its logs, inside the attempt's evidence."""
    facts, events = seen.facts, seen.events or []
    bodies = reader.bodies(events)
    announced = {event.pid for event in events if event.kind in ("loaded", "forked")}
    untraced = [*untraced_spawns(events)]
    # On a busy machine, a child that is about to become another program looks like its parent for a long time.
    known = {event.argv[1:] for event in events if event.kind == "loaded"}
    untraced += [
        argv for pid, argv in facts.python.items() if pid not in announced and argv[1:] not in known
    ]
    missing = [event.detail for event in events if event.kind == "missing"]
    return Run(
        role=seen.role,
        command=_public(seen.command, redaction),
        started=seen.started,
        marks=_marks(facts, events, bodies),
        ended=Ended(exit_code=facts.exit_code, signal=facts.signal, stopped_by=facts.stopped_by),
        usage=Usage(
            user_s=facts.user_s,
            system_s=facts.system_s,
            cpu_method=facts.cpu_method,
            peak_bytes=facts.peak_bytes,
            peak_method=facts.peak_method,
            processes=len({*facts.pids, *announced}),
            files=seen.files,
            bytes_written=seen.size,
            supervisor_s=facts.supervisor_s,
        ),
        left_behind=tuple(
            LeftBehind(pid=left.pid, argv=redaction.value(left.argv)) for left in facts.left_behind
        ),
        traced=seen.events is not None,
        unannounced=tuple(redaction.value(tuple(argv)) for argv in untraced) if events else (),
        trace=f"{folder.name}/events.jsonl" if events else None,
        stdout=f"{folder.name}/stdout.txt",
        stderr=f"{folder.name}/stderr.txt",
        result_digest=redaction.value(seen.results),
        result_parts=redaction.value(seen.parts),
        trace_broken=f"the source map does not fit: {missing[0]}" if missing else None,
        bodies=tuple(_body(body) for body in bodies),
        delivered=_redacted(_delivered(pipeline, bodies), redaction),
        received=_redacted(_received(bodies), redaction),
        changed_inputs=_changed(bodies),
        repeat=seen.repeat,
        others_s=seen.others_s,
        server_s=seen.server_s,
        project=seen.project,
        odd_files=redaction.value(seen.odd_files),
        raised=redaction.text(_raised(facts, folder)),
        held=seen.held,
        observed={"import_s": _import_seconds(folder / "stderr.txt")} if seen.role == "imports" else {},
    )


def _raised(facts: Facts, folder: Path) -> str:
    """Return the last exception in the end of a failed run's output; some tools print it to standard output."""
    if facts.exit_code == 0:
        return ""
    said = (_end(folder / name) for name in ("stderr.txt", "stdout.txt"))
    return next(filter(None, map(last_exception, said)), "")


def _end(path: Path) -> str:
    """Return the end of a log; nothing of what is no plain file."""
    try:
        with untrusted_files.open_regular(path) as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - END_BYTES))
            return file.read().decode(errors="replace")
    except OSError:
        return ""


def _public(command: Command, redaction: Redaction) -> Command:
    return Command(
        argv=redaction.value(command.argv),
        cwd=redaction.text(command.cwd),
        env=redaction.value(command.env),
        stdin=None if command.stdin is None else redaction.text(command.stdin),
        time_limit=command.time_limit,
        memory_limit=command.memory_limit,
    )


def _body(body: Body) -> BodyRun:
    return BodyRun(
        stage=body.stage,
        pid=body.pid,
        thread=body.thread,
        start=body.start_ns,
        end=body.end_ns,
        error=body.error,
    )


def _marks(facts: Facts, events: list[Event], bodies: list[Body]) -> dict[str, int]:
    marks = dict(facts.marks)
    first: dict[str, list[int]] = {
        "interpreter": [event.ns for event in events if event.kind == "loaded"],
        "module": [event.ns for event in events if event.kind == "module"],
        "first_body": [body.start_ns for body in bodies],
    }
    marks |= {name: min(moments) for name, moments in first.items() if moments}
    ends = [body.end_ns for body in bodies if body.end_ns is not None]
    if ends:
        marks["last_body"] = max(ends)
    return marks


def _delivered(pipeline: Pipeline, bodies: list[Body]) -> dict[str, Digest]:
    """Return the digest of each output by ``stage.output``."""
    found: dict[str, list[reader.Digest]] = {}
    for body in bodies:
        # Stages that an edit has added to the project do not belong to the pipeline.
        stage = pipeline.stages.get(body.stage)
        for name, digest in body.outputs.items():
            outputs = stage.outputs if stage else ()
            fields = {one.field: one.name for one in outputs}
            known = outputs[0].name if name == "return" and outputs else fields.get(name, name)
            found.setdefault(f"{body.stage}.{known}", []).append(digest)
    return {name: _together(digests) for name, digests in found.items()}


def _received(bodies: list[Body]) -> dict[str, Digest]:
    """Return the digest of each input by ``stage.argument``."""
    found: dict[str, list[reader.Digest]] = {}
    for body in bodies:
        for name, digest in body.inputs.items():
            found.setdefault(f"{body.stage}.{name}", []).append(digest)
    return {name: _together(digests) for name, digests in found.items()}


def _redacted(digests: dict[str, Digest], redaction: Redaction) -> dict[str, Digest]:
    """Return digests whose reasons, which a user's own code may have written, have no private parts."""
    return {
        name: replace(digest, undescribed=redaction.value(digest.undescribed))
        if digest.undescribed
        else digest
        for name, digest in digests.items()
    }


def _changed(bodies: list[Body]) -> tuple[str, ...]:
    """Return what stages changed in place, by ``stage.argument``."""
    return tuple(dict.fromkeys(f"{body.stage}.{name}" for body in bodies for name in body.changed))


def _together(digests: list[reader.Digest]) -> Digest:
    """Return one digest for all calls of a stage, because mapped calls may run in any order."""
    if len(digests) == 1:
        one = digests[0]
        parts = {name: (part.strict, part.value) for name, part in one.parts.items()}
        return Digest(
            kind=one.kind,
            strict=one.strict,
            value=one.value,
            parts=parts,
            undescribed=dict(one.undescribed),
        )
    strict, value = (
        hashlib.sha256("".join(sorted(getattr(digest, by) for digest in digests)).encode()).hexdigest()
        for by in ("strict", "value")
    )
    undescribed = {path: why for digest in digests for path, why in digest.undescribed.items()}
    unseen = any(digest.kind == UNSEEN for digest in digests)
    return Digest(kind=UNSEEN if unseen else "calls", strict=strict, value=value, undescribed=undescribed)


def _import_seconds(stderr: Path) -> float:
    """Return the sum of each module's own time in ``-X importtime``, over all processes."""
    text = stderr.read_text(errors="replace")
    return sum(int(micro) for micro in IMPORT_LINE.findall(text)) / 1e6
