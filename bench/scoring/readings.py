"""What a result set says of each target in each metric that criteria ask for: pure functions.

A reading keeps apart what was measured, what the tool does not have, what failed, and what is missing.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from bench.contract.records import ResultSet, Target, Trial
from bench.contract.scenario import Loaded
from bench.judging.blocks import judged
from bench.judging.judge import Judge
from bench.judging.verdicts import Verdict
from bench.scoring.criteria import MetricRef
from bench.scoring.criteria_checks import DECLARED
from bench.scoring.scaling_lines import Curve, fits_of
from bench.statistics.intervals import MIN_SAMPLES
from bench.statistics.line_fit import Fit, fit

__all__ = ["Reading", "Readings", "State", "leaf_of"]

Samples = tuple[tuple[int, ...], tuple[float, ...]]
"""Blocks and values, side by side."""
State = Literal["measured", "failed", "unsupported", "missing"]
MISSING_FOR: dict[str, str] = {
    "error": "an error of the harness or its set-up",
    "not attempted": "not attempted",
}


@dataclass(frozen=True)
class Reading:
    """One metric of one target.

    words: of a metric that is no number: each word with the share of its value that counts, in as many
    tuples as there are blocks. own: of a case whose parts have words, the word of the whole, by block.
    samples: of a number, in the order of the blocks; a block that failed is one that is not a number.
    blocks: the number of each one's block. timed: whether they vary, so that fewer than
    :data:`~bench.statistics.intervals.MIN_SAMPLES` of them say only a range. interval: of a fitted number, which has
    no samples of its own. trials: keys of the trials that it comes from. why: what lacks, where something
    does.
    """

    state: State
    why: str = ""
    words: tuple[tuple[tuple[str, float], ...], ...] = ()
    own: tuple[str, ...] = ()
    samples: tuple[float, ...] = ()
    blocks: tuple[int, ...] = ()
    timed: bool = False
    interval: tuple[float, float] | None = None
    trials: tuple[str, ...] = ()

    @property
    def too_few(self) -> bool:
        """Whether it varies and has too few samples for an interval."""
        return self.timed and self.interval is None and 0 < len(self.samples) < MIN_SAMPLES


BELOW_ZERO = "it came out below 0, which nothing costs: the start-up varied by more"
NOT_THERE = Reading("missing", "was not part of this result set")


@dataclass(frozen=True)
class _Judged:
    """What was said of a target in one case.

    verdicts: by blocks, without those that could not be judged where others could. failed: those of trials that
    failed. keys: of their trials. lacks: the reading where they say nothing.
    """

    verdicts: list[Verdict]
    failed: list[Verdict]
    keys: tuple[str, ...]
    lacks: Reading | None

    @classmethod
    def of(cls, verdicts: Iterable[Verdict]) -> "_Judged":
        ordered = judged(sorted(verdicts, key=lambda one: one.trial.block))
        keys = tuple(verdict.trial.key for verdict in ordered)
        failed = [verdict for verdict in ordered if verdict.outcome == "failed"]
        return cls(ordered, failed, keys, _lacking(ordered, keys))


@dataclass
class Readings:
    """All readings of a result set, looked up by target and metric."""

    manifest: ResultSet
    loaded: Mapping[str, Loaded]
    judge: Judge
    _trials: dict[tuple[str, str, str], list[Trial]] = field(default_factory=dict)
    # Scores, weights and words ask again for the same, of which one that failed is read from the disk.
    _known: dict[tuple[str, str], Reading] = field(default_factory=dict)
    # Many metrics are of the same trials.
    _judged: dict[tuple[str, str, str], _Judged] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for trial in self.judge.trials():
            key = (trial.target.name, trial.scenario, trial.case)
            self._trials.setdefault(key, []).append(trial)

    @cached_property
    def curves(self) -> tuple[Curve, ...]:
        """Return the lines of all scenarios."""
        return fits_of(self.judge, self.loaded)

    @cached_property
    def _fitted(self) -> dict[tuple[str, str], Reading]:
        """Return the ends of every line, by target and metric; one with too few points says only a range.

        Without the control subtracted, unlike on the page: a slower one would be a better score for all.
        """
        return {
            (line.target, f"{curve.scenario}/{curve.id}/{part}"): reading
            for curve in self.curves
            for each in curve.fits
            for line in (fit(each.target, [replace(point, control=0.0) for point in each.points]),)
            for part, reading in _ends(line)
        }

    def of(self, target: Target, leaf: MetricRef) -> Reading:
        """Return what is known of a target in one metric."""
        place = (target.name, leaf.metric)
        if place not in self._known:
            self._known[place] = self._read(target, leaf)
        return self._known[place]

    def _read(self, target: Target, leaf: MetricRef) -> Reading:
        if leaf.scenario not in self.loaded:
            return NOT_THERE
        loaded = self.loaded[leaf.scenario]
        if leaf.case in loaded.manifest.fits:
            return self._line(target, loaded, leaf)
        key = (target.name, leaf.scenario, leaf.case)
        if key not in self._trials:
            return NOT_THERE
        if key not in self._judged:
            self._judged[key] = _Judged.of(self.judge.verdict(trial) for trial in self._trials[key])
        judged = self._judged[key]
        if judged.lacks is not None:
            return judged.lacks
        if leaf.part in {one.id for one in loaded.manifest.indicators}:
            indicator = next(one for one in loaded.manifest.indicators if one.id == leaf.part)
            return self._number(judged, target, leaf, timed=loaded.manifest.varies(indicator))
        return _words(judged, leaf.part, by_part=loaded.manifest.rows == "words")

    def _line(self, target: Target, loaded: Loaded, leaf: MetricRef) -> Reading:
        """Return one end of a fitted line; where the tool failed at one of its counts, it has none."""
        keys = [(target.name, leaf.scenario, case) for case in loaded.manifest.fits[leaf.case].cases]
        judged = _Judged.of(
            self.judge.verdict(trial) for key in keys for trial in self._trials.get(key, [])
        )
        if judged.lacks is not None:
            return judged.lacks
        failed = next((verdict for verdict in judged.verdicts if verdict.outcome == "failed"), None)
        if failed is not None:
            return Reading("failed", failed.sentence, trials=judged.keys)
        return self._fitted.get((target.name, leaf.metric), NOT_THERE)

    def promised(self, target: Target) -> bool | None:
        """Whether the documentation of a tool promises reuse across runs; None where nothing is declared."""
        reuse = self.manifest.adapters.get(target.tool, {}).get("reuse") or {}
        promised = reuse.get("promised")
        return None if promised is None else bool(promised)

    def has(self, target: Target, metric: str, words: Iterable[str]) -> bool | None:
        """Whether a metric of a target says one of these words in every block; None where it is missing."""
        if metric == DECLARED:
            return self.promised(target)
        reading = self.of(target, leaf_of(metric))
        if reading.state == "missing":
            return None
        said = set(reading.own) or {word for block in reading.words for word, _ in block}
        return bool(said) and said <= set(words)

    def _number(self, judged: _Judged, target: Target, leaf: MetricRef, *, timed: bool) -> Reading:
        failed = judged.failed
        blocks, samples = self._with_failures(judged, leaf.part) if failed else self._values(target, leaf)
        if not samples:
            return Reading("missing", "this number was not seen in the runs", trials=judged.keys)
        if failed and all(math.isnan(value) for value in samples):
            return Reading("failed", failed[0].sentence, trials=judged.keys)
        return Reading("measured", samples=samples, blocks=blocks, timed=timed, trials=judged.keys)

    def _values(self, target: Target, leaf: MetricRef) -> Samples:
        column = self.judge.columns(leaf.scenario, leaf.case, leaf.part).get(target.name)
        return ((), ()) if column is None else (tuple(column.blocks), tuple(column.values))

    def _ways(self, trial: Trial, indicator: str) -> set[str]:
        """Return the way in which an indicator of a case is read, which is one."""
        return {one.method for one in self.judge.columns(trial.scenario, trial.case, indicator).values()}

    def _with_failures(self, judged: _Judged, indicator: str) -> Samples:
        blocks: list[int] = []
        samples: list[float] = []
        ways = self._ways(judged.verdicts[0].trial, indicator)
        for verdict in judged.verdicts:
            trial = verdict.trial
            found = [
                one.value
                for one in self.judge.of_trial(trial)
                if one.indicator == indicator and one.method in ways
            ]
            if not found and verdict.outcome == "failed":
                found = [math.nan]
            blocks += [trial.block] * len(found)
            samples += found
        return tuple(blocks), tuple(samples)


def _ends(line: Fit) -> Iterator[tuple[str, Reading]]:
    """Yield the slope and the intercept of a line."""
    slope = line.slope, line.slope_low, line.slope_high
    intercept = line.intercept, line.intercept_low, line.intercept_high
    for part, (value, low, high) in (("slope", slope), ("intercept", intercept)):
        if part == "slope" and not line.is_cost:
            yield part, Reading("missing", BELOW_ZERO)
        elif line.sure:
            yield part, Reading("measured", samples=(value,), timed=True, interval=(low, high))
        else:
            yield part, Reading("measured", samples=(low, value, high), timed=True)


def leaf_of(metric: str) -> MetricRef:
    """Return one metric as the only one of an indicator."""
    scenario, case, part = (*metric.split("/"), "", "")[:3]
    return MetricRef(scenario, case, part, 1.0)


def _lacking(verdicts: list[Verdict], keys: tuple[str, ...]) -> Reading | None:
    """Return the reading of trials of which at least one says nothing; None where all were judged."""
    for outcome, what in MISSING_FOR.items():
        for verdict in verdicts:
            if verdict.outcome == outcome:
                return Reading("missing", f"{what}: {verdict.sentence}", trials=keys)
    unsupported = next((one for one in verdicts if one.outcome == "unsupported" and not one.words), None)
    if unsupported is not None:
        return Reading("unsupported", unsupported.sentence, trials=keys)
    return None


def _words(judged: _Judged, part: str, *, by_part: bool) -> Reading:
    """Return the words of a case: its own, one that it has beside it, or all of these."""
    verdicts, keys = judged.verdicts, judged.keys
    if part:
        said = [verdict.words.get(part) for verdict in verdicts]
        if None in said:
            return Reading("missing", f"nothing was to be said of '{part}' here", trials=keys)
        blocks: tuple[tuple[tuple[str, float], ...], ...] = tuple(((str(word), 1.0),) for word in said)
    elif by_part:
        blocks = tuple(
            tuple((word, verdict.credit.get(name, 1.0)) for name, word in verdict.words.items())
            for verdict in verdicts
        )
    else:
        blocks = tuple(((verdict.word, 1.0),) for verdict in verdicts)
    own = () if part else tuple(verdict.word for verdict in verdicts)
    return Reading("measured", words=blocks, own=own, trials=keys)
