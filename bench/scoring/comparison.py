"""Two result sets side by side: what got faster or slower, and what got right or wrong.

Targets are matched by name, without the version. Truths are compared whatever the machines; numbers only on equal ones.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Literal

from bench.contract.scenario_manifest import Indicator
from bench.errors import UsageError
from bench.host.machine import Machine
from bench.judging.blocks import judged
from bench.judging.judge import Column
from bench.judging.results import Results
from bench.judging.rules import rules_of
from bench.judging.verdicts import UNJUDGED, Verdict
from bench.scoring.common_pipelines import pipelines_differ
from bench.statistics.intervals import EFFECT_FLOOR, Summary, summarise
from bench.statistics.two_samples import Shift, ratio, shift

__all__ = ["Change", "Comparison", "Number", "Truth", "compare", "machines_differ", "percentage"]

NAMED = 6
"""Cases that are named before it is said how many more there are."""
Change = Literal["better", "worse", "tie", "too few"]
Turn = Literal["got right", "got wrong", "changed", "unchanged"]


@dataclass(frozen=True)
class Number:
    """One indicator of a target in a case, in both sets.

    ratio: of the second to the first; None where there are too few samples, or one is not above 0.
    """

    target: str
    role: str
    scenario: str
    case: str
    indicator: Indicator
    before: Summary
    after: Summary
    ratio: Shift | None
    change: Change

    def surely_slower(self, share: float) -> bool:
        """Whether it is a time of a tool whose whole interval is slower by more than a share."""
        timed = self.role == "tool" and self.indicator.unit == "s"
        return timed and self.ratio is not None and self._least() > 1 + share

    def _least(self) -> float:
        if self.ratio is None:
            return 0.0
        return self.ratio.low if self.indicator.direction == "lower" else 1 / self.ratio.high


@dataclass(frozen=True)
class Truth:
    """One word of a target in a case, in both sets. part: what it is of; empty for the whole."""

    target: str
    scenario: str
    case: str
    part: str
    before: str
    after: str
    sentence: str
    turn: Turn


@dataclass(frozen=True)
class Comparison:
    """Two result sets.

    machines: what differs between them, each a sentence; times: whether numbers were compared. sizes: cases that are
    not compared by number, because their data had another size. methods: numbers that were read in another way, and
    are not. only_before, only_after: targets and cases that only one set has.
    """

    before: Results
    after: Results
    machines: tuple[str, ...]
    times: bool
    numbers: tuple[Number, ...]
    sizes: tuple[str, ...]
    methods: tuple[str, ...]
    truths: tuple[Truth, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]

    @property
    def differing(self) -> tuple[int, int]:
        """Return how many of the common trials have another word, and how many there are."""
        trials = [truth for truth in self.truths if not truth.part]
        return sum(truth.before != truth.after for truth in trials), len(trials)

    @property
    def lost(self) -> list[str]:
        """Return the trials that said something before and are errors of the harness now, by target and case."""
        return [
            f"{one.target} {one.scenario}/{one.case}"
            for one in self.truths
            if not one.part and one.after == "error" and one.before not in UNJUDGED
        ]

    @property
    def unsure(self) -> int:
        """Return how many numbers of tools have too few samples to be compared."""
        return sum(one.change == "too few" for one in self.numbers if one.role == "tool")

    def fails(self, share: float) -> list[str]:
        """Return what got surely slower by more than a share, and what got wrong, in words."""
        slower = [
            f"{one.target} {one.scenario}/{one.case}: {one.indicator.title} is slower"
            for one in self.numbers
            if one.surely_slower(share)
        ]
        wrong = [
            f"{one.target} {one.scenario}/{one.case}: '{one.before}' became '{one.after}'"
            for one in self.truths
            if one.turn == "got wrong"
        ]
        return slower + wrong


def compare(before: Results, after: Results, *, across_machines: bool = False) -> Comparison:
    """Compare two result sets. Raises UsageError where they have no target in common, or measured other pipelines."""
    names = [name for name in before.roles if name in after.roles and before.roles[name] != "aa check"]
    if not names:
        raise UsageError(
            f"{before.name} and {after.name} have no target in common: "
            f"{', '.join(before.roles)} there, {', '.join(after.roles)} here"
        )
    other = list(pipelines_differ(before, after))
    if other:
        raise UsageError(
            f"{before.name} and {after.name} are not compared, because their pipelines differ: {'; '.join(other)}; "
            "measure both sets with the same pipelines"
        )
    machines = tuple(machines_differ(before, after))
    times = across_machines or not machines
    first, second = _said(before), _said(after)
    sizes = tuple(_sizes(before, after)) if times else ()
    return Comparison(
        before=before,
        after=after,
        machines=machines,
        times=times,
        numbers=tuple(_numbers(before, after, names, sizes)) if times else (),
        sizes=sizes,
        methods=tuple(_methods(before, after, names)) if times else (),
        truths=tuple(_truths(first, second, _worth(before) | _worth(after))),
        only_before=_beyond(first, second),
        only_after=_beyond(second, first),
    )


def percentage(text: str) -> float:
    """Return ``10%`` as 0.1. Raises UsageError."""
    try:
        share = float(text.removesuffix("%")) / 100
    except ValueError:
        share = math.nan
    if not text.endswith("%") or not 0 <= share < math.inf:
        raise UsageError(f"--fail-on: '{text}' is no percentage; give it as 10%")
    return share


def machines_differ(before: Results, after: Results) -> Iterator[str]:
    """Yield each fact by which machines are told apart, and that differs."""
    first, second = before.manifest.machine, after.manifest.machine
    for field in fields(Machine):
        if first.get(field.name) != second.get(field.name):
            yield f"{field.name} {first.get(field.name)} and {second.get(field.name)}"


def _sizes(before: Results, after: Results) -> Iterator[str]:
    """Yield the timed cases whose data had another size."""
    first, second = (
        {(trial.scenario, trial.case): trial.size for trial in one.judge.trials()}
        for one in (before, after)
    )
    for place in first.keys() & second.keys():
        if first[place] != second[place] and before.loaded[place[0]].manifest.timed:
            yield "/".join(place)


def _numbers(
    before: Results, after: Results, names: Iterable[str], sizes: Iterable[str]
) -> Iterator[Number]:
    """Yield the ranked numbers of the timed scenarios that both sets have."""
    known = [name for name in before.loaded if name in after.loaded]
    for scenario in known:
        manifest = before.loaded[scenario].manifest
        if not manifest.timed:
            continue
        for case in manifest.cases:
            if f"{scenario}/{case}" in sizes:
                continue
            for indicator in (one for one in manifest.indicators if one.ranked):
                first = before.judge.columns(scenario, case, indicator.id)
                second = after.judge.columns(scenario, case, indicator.id)
                for name in names:
                    if name in first and name in second and first[name].method == second[name].method:
                        yield _number(
                            name, before.roles[name], scenario, case, indicator, first[name], second[name]
                        )


def _methods(before: Results, after: Results, names: Iterable[str]) -> Iterator[str]:
    """Yield the numbers that both sets have, and read in two ways."""
    for scenario, one in before.loaded.items():
        if scenario not in after.loaded:
            continue
        for case in one.manifest.cases:
            for indicator in one.manifest.indicators:
                first, second = (
                    each.judge.columns(scenario, case, indicator.id) for each in (before, after)
                )
                ways = {
                    f"{scenario}/{case}: {indicator.title} ({first[name].method} and {second[name].method})"
                    for name in names
                    if name in first and name in second and first[name].method != second[name].method
                }
                yield from sorted(ways)


def _number(
    target: str, role: str, scenario: str, case: str, indicator: Indicator, first: Column, second: Column
) -> Number:
    before, after = summarise(first.values), summarise(second.values)
    positive = before.low > 0 and after.low > 0
    found = ratio(first.values, second.values) if positive else None
    apart = found if positive else shift(first.values, second.values)
    return Number(
        target,
        role,
        scenario,
        case,
        indicator,
        before,
        after,
        found,
        _change(indicator, apart, before, after),
    )


def _change(indicator: Indicator, apart: Shift | None, before: Summary, after: Summary) -> Change:
    """Say what a shift means: surely, and by more than the effect floor, else it is a tie.

    Where a sample is not above 0 it is a difference, and the floor a share of the greater median.
    """
    if apart is None:
        return "too few"
    if before.low > 0 and after.low > 0:
        nothing, near = 1.0, max(apart.estimate, 1 / apart.estimate) <= 1 + EFFECT_FLOOR
    else:
        greatest = max(abs(before.median), abs(after.median))
        nothing, near = 0.0, abs(apart.estimate) <= EFFECT_FLOOR * greatest
    if near or apart.low <= nothing <= apart.high:
        return "tie"
    more = apart.estimate > nothing
    return "worse" if more == (indicator.direction == "lower") else "better"


Place = tuple[str, str, str, str]
"""Target, scenario, case and part."""


def _said(results: Results) -> dict[Place, Verdict]:
    """Return for each word the verdict of the worst block that says anything; without the A/A check."""
    worth = _worth(results)
    blocks: dict[tuple[str, str, str], list[Verdict]] = {}
    for trial in results.judge.trials():
        if results.roles.get(trial.target.name) != "aa check":
            key = (trial.target.name, trial.scenario, trial.case)
            blocks.setdefault(key, []).append(results.judge.verdict(trial))
    found: dict[Place, Verdict] = {}
    for key, verdicts in blocks.items():
        by_part = results.loaded[key[1]].manifest.rows == "words"
        for verdict in judged(verdicts):
            for part in ("", *(verdict.words if by_part else ())):
                place = (*key, part)
                known = found.get(place)
                if known is None or _value(worth, place, verdict) < _value(worth, place, known):
                    found[place] = verdict
    return found


def _worth(results: Results) -> dict[tuple[str, str], float]:
    """Return what each word of each scenario is worth."""
    return {
        (name, word.name): word.value
        for name, one in results.loaded.items()
        for word in rules_of(one.folder).words
    }


def _word(place: Place, verdict: Verdict) -> str:
    return verdict.words[place[3]] if place[3] else verdict.word


def _value(worth: Mapping[tuple[str, str], float], place: Place, verdict: Verdict) -> float:
    """Return what a word is worth; less than any where nothing was judged."""
    return worth.get((place[1], _word(place, verdict)), -1.0)


def _truths(
    first: Mapping[Place, Verdict], second: Mapping[Place, Verdict], worth: Mapping[tuple[str, str], float]
) -> Iterator[Truth]:
    for place, before in first.items():
        after = second.get(place)
        if after is None:
            continue
        target, scenario, case, part = place
        words = _word(place, before), _word(place, after)
        turn = _turn(words, _value(worth, place, before), _value(worth, place, after))
        yield Truth(target, scenario, case, part, *words, after.sentence, turn)


def _turn(words: tuple[str, str], before: float, after: float) -> Turn:
    """Say what became of a word: right is what is worth 1; to be worth nothing is wrong too, for what was not.

    Else, and where one of both says nothing of the target, it has only changed.
    """
    if words[0] == words[1]:
        return "unchanged"
    if min(before, after) >= 0 and before != after:
        if after == 1:
            return "got right"
        if before == 1 or after == 0:
            return "got wrong"
    return "changed"


def _beyond(some: Mapping[Place, Verdict], others: Mapping[Place, Verdict]) -> tuple[str, ...]:
    """Return what only the first has, by target and scenario."""
    counts: dict[tuple[str, str], list[str]] = {}
    for target, scenario, case, part in some:
        if (target, scenario, case, part) not in others and not part:
            counts.setdefault((target, scenario), []).append(case)
    return tuple(f"{target}: {scenario}: {_named(cases)}" for (target, scenario), cases in counts.items())


def _named(cases: list[str]) -> str:
    """Return the first cases, and how many more there are."""
    more = f" and {len(cases) - NAMED} more" if len(cases) > NAMED else ""
    return ", ".join(cases[:NAMED]) + more
