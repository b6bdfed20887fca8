"""``bench run``: prepare, measure and store."""

import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from bench import __version__
from bench.contract.adapter_manifest import Manifest
from bench.contract.driver import Definition
from bench.contract.records import FORMAT, ResultSet
from bench.contract.scenario_manifest import OWN
from bench.environments.requirements import Locks
from bench.errors import StoreError
from bench.execution import sandbox
from bench.folders import cache_folder
from bench.host import machine
from bench.host.redaction import Redaction
from bench.judging.judged_policy import JudgedPolicy
from bench.judging.rules import rules_of
from bench.planning import checking, preparation, targets
from bench.planning.progress import Reporter
from bench.planning.request import RunRequest
from bench.planning.request import keep as keep_request
from bench.planning.schedule import measuring_digest, plan
from bench.planning.selection import Selection
from bench.planning.suite import Suite
from bench.planning.suite import run as run_suite
from bench.scoring import checklist
from bench.store.result_set import Store

__all__ = ["measure"]


def measure(
    request: RunRequest, chosen: Selection, output: Path, argv: Sequence[str], *, resume: bool
) -> Store:
    """Prepare, measure and store; return the store. Raises BenchError, or KeyboardInterrupt when the user ends it."""
    facts = {one.adapter.manifest.name: checklist.answers(one.adapter.folder) for one in chosen.choices}
    for loaded in chosen.scenarios.values():
        rules_of(loaded.folder)  # A rule that cannot be loaded is an error before anything runs.
    store = Store(output)
    _must_write(output)
    # Before the check: if two start at once, only one continues.
    store.lock()
    if store.exists() and not resume:
        raise StoreError(
            f"{output} already holds a result set; continue it with --resume, or give another --output"
        )
    cache = cache_folder()
    for one in sandbox.sweep(cache / "sandboxes"):
        print(f"bench: cannot remove what a killed run left: {one}", file=sys.stderr)
    locked = preparation.locks(chosen, request)
    adapters = [choice.adapter for choice in chosen.choices]
    definitions = preparation.definitions(chosen, request, preparation.control(adapters, locked).python)
    if request.pipeline is not None:
        definitions[OWN] = _tried_out(definitions[OWN], chosen, request.time_limit, resume=resume)
    preparation.check_rendering(definitions, chosen)
    keep_request(output, request)  # Before the long part: from here on the run can be resumed.
    environments, faults = preparation.environments(chosen, locked)
    found = [
        targets.target(choice, environments.get(choice.adapter.manifest.name)) for choice in chosen.choices
    ]
    here = machine.inspect(cache)
    digests = {name: definition.digest for name, definition in definitions.items()}
    redaction = Redaction({})
    series = plan(
        found,
        chosen.scenarios,
        chosen.profiles,
        digests,
        f"{here.identity} {machine.run_memory()}",
        request.seed,
        chosen.shares,
        chosen.cases,
        chosen.edits,
        definitions[OWN].pipeline if request.pipeline is not None else None,
        own_only=chosen.own_only,
    )
    store.create(
        ResultSet(
            format=FORMAT,
            harness=__version__,
            harness_hash=measuring_digest(),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            argv=redaction.value(tuple(argv)),
            profile=chosen.profile,
            scenarios=tuple(chosen.scenarios),
            targets=tuple(found),
            machine=here.as_json(),
            adapters={
                choice.adapter.manifest.name: _builtins(choice.adapter.manifest, facts)
                for choice in chosen.choices
            },
            pipelines={name: one.pipeline.as_json() for name, one in definitions.items()},
            pipeline_digests=digests,
            environments={
                tool: {
                    "packages": one.packages,
                    "seconds": one.seconds,
                    "bytes": one.size,
                    "python": one.interpreter,
                    "made": one.made,
                    "released": one.released,
                    "newest": one.newest,
                    "newest_released": one.newest_released,
                }
                for tool, one in environments.items()
            },
            trials=tuple(trial.key for one in series for trial in one.trials),
            request=redaction.value(request.as_json()),
            requirements=_required(locked),
            seed=request.seed,
            questions=checklist.builtins(checklist.questions()),
        )
    )
    pipelines = {name: one.pipeline for name, one in definitions.items()}
    suite = Suite(
        store=store,
        profiles=chosen.profiles,
        cache=cache,
        adapters={choice.adapter.manifest.name: choice.adapter for choice in chosen.choices},
        environments=environments,
        faults=faults,
        scenarios=chosen.scenarios,
        definitions=definitions,
        policy=JudgedPolicy(chosen.scenarios, pipelines),
        jobs=request.jobs,
        refused=locked.refused,
    )
    with Reporter(sum(len(one.trials) for one in series)) as reporter:
        run_suite(suite, series, reporter)
    return store


def _tried_out(
    definition: Definition, chosen: Selection, time_limit: float | None, *, resume: bool
) -> Definition:
    """Run the user's own pipeline in plain Python before anything else; return it with what that shows.

    Raises PipelineFails.
    """
    control = next(one.adapter for one in chosen.choices if one.adapter.manifest.role == "control")
    say = Reporter(1).say
    if not resume:
        done = checking.plain(definition, control, time_limit, say)
        say(f"plain Python: it works, {done.seconds:.1f} s")
    return checking.with_turns(definition, control, chosen.turns, time_limit, say)


def _required(locked: Locks) -> dict[str, Any]:
    """Return what the user's pipeline requires, as it is stored."""
    if locked.asked is None:
        return {}
    return {
        "asked": list(locked.asked.lines),
        "pins": dict(locked.pins),
        "refused": Redaction({}).value(dict(locked.refused)),
    }


def _must_write(output: Path) -> None:
    """Raise UsageError before anything runs if the folder for the results cannot be written."""
    try:
        output.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=output):
            pass
    except OSError as error:
        raise StoreError(
            f"cannot write to {output}: {error.strerror}; give another folder with --output"
        ) from error


def _builtins(manifest: Manifest, facts: Mapping[str, Mapping[str, checklist.Answer]]) -> Any:
    return {**msgspec.to_builtins(manifest), "facts": checklist.builtins(facts[manifest.name])}
