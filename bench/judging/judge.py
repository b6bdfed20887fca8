"""Applies the scenarios' pure functions to stored attempts: verdicts and samples, by trial."""

from array import array
from bisect import insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from msgspec.structs import replace

from bench.contract.pipeline import Pipeline
from bench.contract.records import Attempt, Trial
from bench.judging.confirmation import is_open, tracer_may_be_the_cause
from bench.judging.rules import Judging
from bench.judging.verdicts import Sample, Verdict, needs_again
from bench.store.record_reading import Stored, whole

__all__ = ["Column", "Judge"]

RECENT = 32
"""Attempts of the control that are kept after they were read; more than the timed cases of a scenario."""


@dataclass(frozen=True, slots=True)
class Column:
    """The samples of a target in one indicator of a case, in the order of the blocks, side by side.

    A sample is its trial, block, run and value in the same place of each; a million of them as objects take
    longer to make and to clear away than to judge.
    """

    indicator: str
    unit: str
    method: str = ""
    trials: list[Trial] = field(default_factory=list)
    blocks: "array[int]" = field(default_factory=lambda: array("q"))
    runs: "array[int]" = field(default_factory=lambda: array("i"))
    values: "array[float]" = field(default_factory=lambda: array("d"))

    def pairs(self) -> Iterator[tuple[int, float]]:
        """Yield block and value of each sample."""
        return zip(self.blocks, self.values, strict=True)


Numbers = dict[str, dict[str, Column]]
"""The columns of one case, by target and indicator."""
Ways = dict[str, dict[tuple[str, str], Column]]
"""The same while samples are gathered: by indicator and the way in which it was read."""


def _place(trial: Trial) -> tuple[int, int]:
    return trial.order, trial.block


def _order(attempt: Attempt | Stored) -> tuple[int, int]:
    return attempt.trial.order, attempt.number


class Judge:
    """Verdicts and samples of a set of attempts.

    What failed is tried again without the tracer. Two attempts that agree are believed. Where they
    differ, more are made (:mod:`bench.judging.confirmation`): a failure that comes significantly more often with
    the tracer is an *error*, one that comes and goes is *unstable*, shown with all its words and judged as the worst.

    Attempts may still be on disk: each is read when its trial is judged, and not kept.
    """

    def __init__(
        self,
        attempts: Iterable[Attempt | Stored],
        judgings: Mapping[str, Judging],
        pipelines: Mapping[str, Pipeline],
    ) -> None:
        self.judgings = judgings
        self.pipelines = pipelines
        self._by_trial: dict[str, list[Attempt | Stored]] = {}
        self._by_case: dict[tuple[str, str], dict[str, Trial]] = {}
        self._control: dict[tuple[str, str, str], dict[int, Attempt | Stored]] = {}
        # Every table asks again for the same trials; what they show does not change.
        self._verdicts: dict[str, Verdict] = {}
        self._tables: dict[tuple[str, str], Numbers] = {}
        self._left_out: dict[tuple[str, str], list[tuple[str, Column, str]]] = {}
        self._ordered: list[Trial] | None = None
        self._with_repeats: dict[str, tuple[Attempt, Attempt, Attempt]] = {}
        # A control is compared with every target of its block, one after the other; others are read once.
        self._read = lru_cache(RECENT)(Stored.read)
        for attempt in sorted(attempts, key=_order):
            self.add(attempt)

    def add(self, attempt: Attempt | Stored) -> None:
        """Take in one more attempt; what was said of its trial, or by its measure, is said anew."""
        trial = attempt.trial
        case = (trial.scenario, trial.case)
        known_attempts = self._by_trial.get(trial.key)
        if known_attempts is None:
            self._by_trial[trial.key] = [attempt]
        else:
            insort(known_attempts, attempt, key=_order)
        trials = self._by_case.setdefault(case, {})
        trials[trial.key] = trial
        self._tables.pop(case, None)
        self._ordered = None
        touched: Iterable[str] = (trial.key,)
        if trial.target.role == "control":
            blocks = self._control.setdefault((*case, trial.size), {})
            known = blocks.get(trial.block)
            if known is None or _order(known) <= _order(attempt):
                blocks[trial.block] = attempt
            touched = trials
        if self._verdicts:
            for key in touched:
                self._verdicts.pop(key, None)

    def trials(self, scenario: str | None = None) -> list[Trial]:
        """Return the trials that have an attempt, of one scenario or of all, in the order of the plan."""
        if self._ordered is None:
            every = (trial for trials in self._by_case.values() for trial in trials.values())
            self._ordered = sorted(every, key=_place)
        if scenario is None:
            return list(self._ordered)
        return [trial for trial in self._ordered if trial.scenario == scenario]

    def kept(self, trial: Trial) -> tuple[Attempt | Stored, ...]:
        """Return all attempts of a trial, some of them perhaps still on disk."""
        return tuple(self._by_trial.get(trial.key, ()))

    def attempts(self, trial: Trial) -> list[Attempt]:
        """Return all attempts of a trial. Raises StoreError if one cannot be read."""
        found = self._by_trial.get(trial.key, ())
        if trial.target.role == "control":
            return [self._recent(attempt) for attempt in found]
        return [whole(attempt) for attempt in found]

    def _recent(self, attempt: Attempt | Stored) -> Attempt:
        return self._read(attempt) if isinstance(attempt, Stored) else attempt

    def control(self, trial: Trial) -> Attempt | None:
        """Return the control's attempt of the same block, else of the first block of the same case.

        The runs that show what differs by itself are made in the first block, and count for all.
        """
        blocks = self._control.get((trial.scenario, trial.case, trial.size))
        if not blocks:
            return None
        first = self._recent(blocks[min(blocks)])
        own = blocks.get(trial.block)
        if own is None or trial.block == min(blocks):
            return first
        repeats = tuple(run for run in first.runs if run.repeat)
        found = self._recent(own)
        if not repeats:
            return found
        known = self._with_repeats.get(found.trial.key)
        if known is None or known[0] is not found or known[1] is not first:
            if len(self._with_repeats) >= RECENT:
                self._with_repeats.clear()
            known = found, first, replace(found, runs=(*found.runs, *repeats))
            self._with_repeats[found.trial.key] = known
        return known[2]

    def attempt(self, attempt: Attempt) -> Verdict:
        """Return the verdict of one attempt alone."""
        return self._judged(attempt)[0]

    def _judged(self, attempt: Attempt) -> tuple[Verdict, tuple[Sample, ...]]:
        """Return the verdict of one attempt alone, and its samples."""
        trial = attempt.trial
        judging = self.judgings[trial.scenario]
        return judging.judged(attempt, self.control(trial), self.pipelines[trial.pipeline])

    def verdict(self, trial: Trial) -> Verdict:
        """Return the verdict of a trial over all its attempts."""
        if trial.key not in self._verdicts:
            attempts = self.attempts(trial)
            self._verdicts[trial.key] = self._verdict(trial, self.attempt(attempts[0]), attempts)
        return self._verdicts[trial.key]

    def _verdict(self, trial: Trial, first: Verdict, attempts: Sequence[Attempt]) -> Verdict:
        """Return the verdict over all attempts. ``first``: that of the first one alone."""
        if first.outcome != "failed" or len(attempts) == 1:
            return first
        again = [self.attempt(attempt) for attempt in attempts[1:]]
        words = {word.name: word for word in self.judgings[trial.scenario].words}
        if words[first.word].traced_only:
            return first
        for verdict in again:
            if verdict.outcome == "error":
                return replace(verdict, sentence=f"'{first.word}' was not shown again: {verdict.sentence}")
        if again[0].shows(first.word):
            return first
        told = ", then ".join(f"'{verdict.word}'" for verdict in (first, *again))
        if tracer_may_be_the_cause(first, attempts, (first, *again)):
            sentence = f"{told}: significantly more often with the tracer, which may be the cause; {first.sentence}"
            return replace(first, outcome="error", word="error", sentence=sentence)
        place = self.judgings[trial.scenario].place
        worst = min((first, *again), key=lambda verdict: place(verdict.word))
        return replace(worst, sentence=f"unstable: {told}; {worst.sentence}")

    def unconfirmed(self, trial: Trial) -> Verdict | None:
        """Return the failure that has to be tried again; None where the trial is settled.

        Without the tracer, then by turns with it, as :mod:`bench.judging.confirmation` says.
        """
        attempts = self.attempts(trial)
        verdicts = [self.attempt(attempt) for attempt in attempts]
        words = {word.name: word for word in self.judgings[trial.scenario].words}
        first = verdicts[0]
        if not needs_again(first) or words[first.word].traced_only:
            return None
        if any(verdict.outcome == "error" for verdict in verdicts):
            return None
        return first if is_open(first, attempts, verdicts) else None

    def columns(self, scenario: str, case: str, indicator: str) -> dict[str, Column]:
        """Return the samples of an indicator by target name, in the order of the plan: by blocks.

        Of a trial that failed only those that say how: a time beside a wrong output is no time.
        """
        table = self._tabulated((scenario, case))
        return {name: table[name][indicator] for name in sorted(table) if indicator in table[name]}

    def _tabulated(self, place: tuple[str, str]) -> Numbers:
        if place not in self._tables:
            table: Ways = {}
            for trial in sorted(self._by_case.get(place, {}).values(), key=_place):
                self._enter(trial, self.of_trial(trial), table)
            self._tables[place] = self._unmixed(place, table)
        return self._tables[place]

    def listed(self, column: Column, count: int) -> tuple[Sample, ...]:
        """Return the first samples of a column, at most so many."""
        first = zip(column.trials[:count], column.runs, column.values, strict=False)
        return tuple(
            Sample(trial, self.kept(trial)[0].number, run, column.indicator, column.unit, value)
            for trial, run, value in first
        )

    def numbers(self) -> Iterator[Column]:
        """Yield the columns of all cases, targets and indicators."""
        for place in self._by_case:
            for row in self._tabulated(place).values():
                yield from row.values()

    def settled(self) -> Iterator[tuple[Trial, list[Attempt]]]:
        """Judge every trial, in the order of the plan, and yield it with its attempts.

        What needs all of them asks here: to read an attempt again costs as much as to judge it.
        """
        tables: dict[tuple[str, str], Ways] = {place: {} for place in self._by_case}
        for trial in self.trials():
            attempts = self.attempts(trial)
            self._enter(trial, self._settle(trial, attempts), tables[trial.scenario, trial.case])
            yield trial, attempts
        self._tables = {place: self._unmixed(place, table) for place, table in tables.items()}

    def _unmixed(self, place: tuple[str, str], table: Ways) -> Numbers:
        """Return the columns of a case with one way of reading for each indicator: that of the most samples.

        Samples that were read in another way are left out, and told by :meth:`left_out`.
        """
        counts: dict[str, Counter[str]] = {}
        for row in table.values():
            for (indicator, method), column in row.items():
                counts.setdefault(indicator, Counter())[method] += len(column.trials)
        kept = {name: max(sorted(found), key=found.__getitem__) for name, found in counts.items()}
        self._left_out[place] = [
            (target, column, kept[indicator])
            for target, row in table.items()
            for (indicator, method), column in row.items()
            if method != kept[indicator]
        ]
        return {
            target: {name: column for (name, method), column in row.items() if method == kept[name]}
            for target, row in table.items()
        }

    def left_out(self, scenario: str, case: str) -> list[tuple[str, Column, str]]:
        """Return target, column and the other's way of what was read in another way than the most of its case."""
        self._tabulated((scenario, case))
        return self._left_out[scenario, case]

    def _enter(self, trial: Trial, samples: Iterable[Sample], table: Ways) -> None:
        row = table.setdefault(trial.target.name, {})
        block = trial.block
        for sample in samples:
            way = (sample.indicator, sample.method)
            column = row.get(way)
            if column is None:
                column = row[way] = Column(sample.indicator, sample.unit, sample.method)
            column.trials.append(trial)
            column.blocks.append(block)
            column.runs.append(sample.run)
            column.values.append(sample.value)

    def of_trial(self, trial: Trial) -> list[Sample]:
        """Return the samples of a trial's first attempt, of one that failed only those that say how."""
        return list(self._settle(trial, self.attempts(trial)))

    def _settle(self, trial: Trial, attempts: Sequence[Attempt]) -> Iterable[Sample]:
        first, found = self._judged(attempts[0])
        verdict = self._verdicts.get(trial.key)
        if verdict is None:
            verdict = self._verdicts[trial.key] = self._verdict(trial, first, attempts)
        if verdict.outcome not in ("measured", "failed"):
            return ()
        if verdict.outcome == "failed":
            return [sample for sample in found if sample.of_failure]
        return found
