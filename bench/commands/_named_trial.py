"""Finds the trial that a user names by its key or as ``tool[setup]/scenario/case``."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.contract.records import Trial
from bench.errors import UsageError, nearest

__all__ = ["named_trials"]


def named_trials(folder: Path, trials: Iterable[Trial], wanted: str) -> Sequence[Trial]:
    """Return the trial with that key, or the trials of a case in the order of their blocks.

    The brackets may be left out if the set has only one target of the tool. Raises UsageError.
    """
    known = list(trials)
    by_key = [trial for trial in known if trial.key == wanted]
    if by_key:
        return by_key[:1]
    full: dict[str, list[Trial]] = {}
    short: dict[str, set[str]] = {}
    for trial in known:
        case = f"/{trial.scenario}/{trial.case}"
        full.setdefault(trial.target.name + case, []).append(trial)
        short.setdefault(trial.target.tool + case, set()).add(trial.target.name + case)
    names = sorted(short.get(wanted, ()))
    if len(names) > 1:
        raise UsageError(f"{folder} has several trials '{wanted}': say one of {', '.join(names)}")
    found = full.get(names[0] if names else wanted)
    if found is None:
        raise UsageError(f"{folder} has no trial '{wanted}'{nearest(wanted, full)}")
    return sorted(found, key=lambda trial: trial.block)
