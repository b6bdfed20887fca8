"""What is found out about a user's pipeline before any tool is started: does it work at all, and who can take it."""

import dataclasses
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bench.contract.adapter import Adapter
from bench.contract.driver import Definition, OwnFacts
from bench.contract.scenario_manifest import Turns
from bench.environments import pipeline_catalog, requirements
from bench.environments.requirements import Locks
from bench.errors import BenchError, PipelineError
from bench.execution import own_turns, plain_run
from bench.folders import cache_folder
from bench.planning import own_times, preparation, schedule
from bench.planning.targets import TargetSpec

__all__ = ["RUNNING", "Acceptance", "acceptances", "plain", "read", "with_turns"]

RUNNING = 600.0
"""Seconds that the run in plain Python may take, if the user names no other limit."""


@dataclass(frozen=True)
class Acceptance:
    """What rendering a pipeline for a target has shown.

    word: ``can take it``, ``unsupported`` (the tool cannot), ``not attempted`` (its adapter does not) or ``error``.
    reason: why it cannot.
    """

    target: str
    word: str
    reason: str | None = None


def read(
    pipeline: str, adapters: Sequence[Adapter], time_limit: float | None, say: Callable[[str], None]
) -> tuple[Definition, Locks]:
    """Lock what the pipeline requires for all these adapters, and read its graph with the control's environment.

    time_limit: in seconds, for building the graph. Raises BenchError.
    """
    file = pipeline_catalog.find(pipeline)
    locked = requirements.locks(requirements.asked(file), adapters, say)
    made = preparation.control(adapters, locked, say)
    return preparation.own(pipeline, made.python, time_limit), locked


def plain(
    definition: Definition, control: Adapter, time_limit: float | None, say: Callable[[str], None]
) -> plain_run.PlainRun:
    """Run the pipeline once in plain Python, and keep how long it took for later plans.

    time_limit: in seconds. Raises PipelineFails if the user's code does not work.
    """
    say(f"running '{definition.pipeline.name}' in plain Python")
    done = plain_run.run(definition, control, cache_folder(), time_limit or RUNNING, say)
    own_times.keep(definition.digest, done.seconds)
    return done


def with_turns(
    definition: Definition,
    control: Adapter,
    wanted: Mapping[Turns, int],
    time_limit: float | None,
    say: Callable[[str], None],
) -> Definition:
    """Return the pipeline with its own time, and the changes that the cases need, as plain Python has shown them.

    These are kept. wanted: how many parts of each kind at most. time_limit: of a run, in seconds. Raises PipelineFails
    if the pipeline does not work when it is traced.
    """
    if not wanted:
        return dataclasses.replace(definition, own=OwnFacts(own_times.seconds(definition.digest) or 0.0))
    decisive = (
        definition.digest,
        str(definition.interpreter),
        sorted(wanted.items()),
        control.digest,
        schedule.measuring_digest(),
    )
    digest = hashlib.sha256(json.dumps(decisive).encode()).hexdigest()[:16]
    path = cache_folder() / "turns" / f"{digest}.json"
    if path.is_file():
        facts = msgspec.json.decode(path.read_bytes(), type=OwnFacts)
    else:
        facts = own_turns.find(definition, control, cache_folder(), wanted, time_limit or RUNNING, say)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        part.write_bytes(msgspec.json.encode(facts))
        part.replace(path)
    return dataclasses.replace(definition, own=facts)


def acceptances(choices: Sequence[TargetSpec], definition: Definition) -> Iterator[Acceptance]:
    """Render the pipeline for each target, and yield who can take it. No tool is started."""
    folder = Path(tempfile.mkdtemp(prefix="bench-check-"))
    try:
        for choice in choices:
            project = folder / choice.name
            project.mkdir(parents=True)
            try:
                preparation.render(choice.adapter, definition, project, frozenset(choice.options))
            except PipelineError as error:
                yield Acceptance(choice.name, preparation.outcome(error), str(error))
            except BenchError as error:
                yield Acceptance(choice.name, "error", str(error))
            else:
                yield Acceptance(choice.name, "can take it")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
