"""What a run costs in minutes and megabytes: measured on this machine, or else shipped, with the date."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median

import msgspec

from bench.contract.records import Attempt, Trial
from bench.contract.scenario_manifest import OWN, Repetition
from bench.environments.environment import lookup
from bench.errors import BenchError
from bench.folders import cache_folder
from bench.host import machine
from bench.planning.own_times import Own
from bench.planning.schedule import Series
from bench.planning.targets import TargetSpec
from bench.store.result_set import Store

__all__ = ["Costs", "known", "learn", "planned", "total"]

BY_EVIDENCE = 0.35
"""Megabytes of evidence that a run leaves at most, unless the tool writes long logs."""


class Costs(msgspec.Struct, kw_only=True):
    """What one tool cost when it was last measured.

    trials: seconds of a trial, by ``scenario/case/size``. megabytes, seconds: size of the tool's environment, and
    the time to make it.
    """

    date: str
    machine: str
    megabytes: float | None = None
    seconds: float | None = None
    trials: dict[str, float] = {}


def known(adapter: Path) -> Costs | None:
    """Return a tool's costs: measured here, or else shipped; None if there are neither."""
    found = [
        msgspec.json.decode(path.read_bytes(), type=Costs)
        for path in (_own(adapter.name), adapter / "costs.json")
        if path.is_file()
    ]
    if not found:
        return None
    trials = {kind: seconds for costs in reversed(found) for kind, seconds in costs.trials.items()}
    return msgspec.structs.replace(found[0], trials=trials)


def learn(store: Store, folder: Path | None = None) -> None:
    """Store what the tools of a result set cost, for later plans.

    folder: of adapters, which then ship the figures; without it the figures stay on this machine.
    """
    manifest = store.read_manifest()
    seconds: dict[str, dict[str, list[float]]] = {}
    for record in store.read():
        if isinstance(record, Attempt) and record.number == 1 and record.fault is None and record.runs:
            if manifest.request.get("pipeline") and record.trial.pipeline == OWN:
                continue  # The user's own pipeline takes another time than the one that comes with bench.
            kinds = seconds.setdefault(record.trial.target.tool, {})
            kinds.setdefault(_kind(record.trial), []).append(record.seconds)
    for tool, trials in seconds.items():
        path = _own(tool) if folder is None else folder / tool / "costs.json"
        before = msgspec.json.decode(path.read_bytes(), type=Costs).trials if path.is_file() else {}
        made = manifest.environments.get(tool, {})
        costs = Costs(
            date=manifest.created[:10],
            machine=f"{manifest.machine['cores']} cores, {manifest.machine['processor']}",
            megabytes=round(made["bytes"] / 1e6) if made else None,
            seconds=round(made["seconds"], 1) if made else None,
            trials={**before, **{kind: round(median(found), 2) for kind, found in trials.items()}},
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.format(msgspec.json.encode(costs), indent=1) + b"\n")


def planned(series: Iterable[Series], choices: Sequence[TargetSpec], own: Own | None = None) -> str:
    """Return the plan in words: trials, minutes and megabytes, and which of them are unknown.

    own: the user's pipeline, which takes the place of the reference pipeline; then each case says whose it runs.
    """
    costs = {choice.adapter.manifest.name: known(choice.adapter.folder) for choice in choices}
    lines = []
    total, unknown, trials = 0.0, 0, 0
    for one in series:
        seconds = _of_series(one, costs, own)
        found = [value for value in seconds if value is not None]
        lines.append(
            f"{one.scenario}/{one.case} ({one.repetition.size}): {len(one.trials)} trials in "
            f"{_blocks(one.repetition)}, {_told(found, len(seconds))}{_whose(one, own)}"
        )
        trials += len(seconds)
        total += sum(found)
        unknown += len(seconds) - len(found)
    lines.append(
        f"in all {trials} trials, at most {_minutes(total)} one after the other, "
        f"about {BY_EVIDENCE * trials:.0f} MB of evidence"
        + (f"; {unknown} trials were never measured, so their time is not known" if unknown else "")
    )
    lines.append(
        f"a run that uses more than {machine.run_memory() / 1e9:.1f} GB, {machine.RUN_MEMORY_SHARE:.0%} of the memory, "
        "is ended as out of memory"
    )
    lines.extend(_environments(choices, costs))
    return "\n".join(lines)


def total(series: Iterable[Series], choices: Sequence[TargetSpec]) -> float:
    """Return the seconds that are known of a plan, one trial after the other."""
    costs = {choice.adapter.manifest.name: known(choice.adapter.folder) for choice in choices}
    return sum(value or 0.0 for one in series for value in _of_series(one, costs, None))


def _of_series(one: Series, costs: Mapping[str, Costs | None], own: Own | None) -> list[float | None]:
    """Return the seconds of each trial, None if they are not known."""
    plain = next(
        (costs.get(trial.target.tool) for trial in one.trials if trial.target.role == "control"), None
    )
    found = []
    for trial in one.trials:
        seconds = _seconds(costs.get(trial.target.tool), trial)
        if own is not None and trial.pipeline == OWN:
            known_of = costs.get(trial.target.tool)
            seconds = own.scaled(
                _kind(trial),
                {} if known_of is None else known_of.trials,
                {} if plain is None else plain.trials,
            )
        found.append(seconds)
    return found


def _whose(one: Series, own: Own | None) -> str:
    """Return which pipeline a case runs, if a user has given one."""
    if own is None or not one.trials:
        return ""
    pipeline = one.trials[0].pipeline
    return f"; your pipeline '{own.name}'" if pipeline == OWN else f"; bench's own pipeline '{pipeline}'"


def _blocks(repetition: Repetition) -> str:
    """Return the numbers of blocks after which a case may stop, and what else may stop it."""
    checks, minutes = repetition.interim_checks, repetition.minutes
    budget = "" if minutes is None else f" (the first of these after {minutes:g} min)"
    return f"{' or '.join(str(count) for count in checks)} block{'' if checks[-1] == 1 else 's'}{budget}"


def _told(found: Sequence[float], trials: int) -> str:
    """Return what is known about the time of this many trials."""
    if not found:
        return "time unknown"
    unknown = trials - len(found)
    return _minutes(sum(found)) + (f" and the time of {unknown} trials unknown" if unknown else "")


def _environments(choices: Sequence[TargetSpec], costs: dict[str, Costs | None]) -> Iterable[str]:
    for choice in {one.adapter.manifest.name: one for one in choices}.values():
        manifest = choice.adapter.manifest
        try:
            if lookup(choice.adapter.folder, manifest) is not None:
                continue
        except BenchError as error:
            yield f"environment of {manifest.name}: {error}"
            continue
        cost = costs[manifest.name]
        if cost is None or cost.megabytes is None:
            yield f"environment of {manifest.name}: to be made; its size is not known"
        else:
            yield (
                f"environment of {manifest.name}: to be made, {cost.megabytes:.0f} MB and {cost.seconds:.0f} s "
                f"as measured on {cost.date} ({cost.machine})"
            )


def _seconds(costs: Costs | None, trial: Trial) -> float | None:
    return None if costs is None else costs.trials.get(_kind(trial))


def _kind(trial: Trial) -> str:
    return f"{trial.scenario}/{trial.case}/{trial.size}"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.1f} min" if seconds >= 60 else f"{seconds:.0f} s"


def _own(tool: str) -> Path:
    return cache_folder() / "costs" / f"{tool}.json"
