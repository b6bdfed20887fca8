"""Applies the scenarios' pure functions to stored attempts: verdicts and samples, by cell."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bench.pipeline import Pipeline
from bench.records import Attempt, Cell
from bench.scenarios import Judging
from bench.verdicts import UNTRACED_ATTEMPT, Sample, Verdict, needs_again

__all__ = ["Judge"]


class Judge:
    """Verdicts and samples of a set of attempts.

    What failed is tried again without the tracer. Two attempts that agree are believed. Where they
    differ, a third with the tracer decides: a failure that only comes with it is an *error*, one that
    comes and goes is *unstable*, shown with all its words and judged as the worst.
    """

    def __init__(
        self,
        attempts: Iterable[Attempt],
        judgings: Mapping[str, Judging],
        pipelines: Mapping[str, Pipeline],
    ) -> None:
        self.judgings = judgings
        self.pipelines = pipelines
        self.by_cell: dict[str, list[Attempt]] = {}
        # Every table asks again for the same cells; what they show does not change.
        self._verdicts: dict[str, Verdict] = {}
        self._samples: dict[str, list[Sample]] = {}
        self._control: dict[tuple[str, str, str], dict[int, Attempt]] = {}
        for attempt in sorted(attempts, key=lambda one: (one.cell.order, one.number)):
            cell = attempt.cell
            self.by_cell.setdefault(cell.key, []).append(attempt)
            if cell.target.tool == "control":
                key = (cell.scenario, cell.case, cell.size)
                self._control.setdefault(key, {})[cell.block] = attempt

    def cells(self) -> list[Cell]:
        """Return all cells that have an attempt, in the order of the plan."""
        return [attempts[0].cell for attempts in self.by_cell.values()]

    def control(self, cell: Cell) -> Attempt | None:
        """Return the control's attempt of the same block, else of the first block of the same case."""
        blocks = self._control.get((cell.scenario, cell.case, cell.size), {})
        return blocks.get(cell.block) or next(iter(blocks.values()), None)

    def attempt(self, attempt: Attempt) -> Verdict:
        """Return the verdict of one attempt alone."""
        cell = attempt.cell
        judging = self.judgings[cell.scenario]
        return judging.judge(attempt, self.control(cell), self.pipelines[cell.pipeline])

    def verdict(self, cell: Cell) -> Verdict:
        """Return the verdict of a cell over all its attempts."""
        if cell.key not in self._verdicts:
            self._verdicts[cell.key] = self._verdict(cell)
        return self._verdicts[cell.key]

    def _verdict(self, cell: Cell) -> Verdict:
        first, *again = (self.attempt(attempt) for attempt in self.by_cell[cell.key])
        words = {word.name: word for word in self.judgings[cell.scenario].words}
        if first.outcome != "failed" or not again or words[first.word].traced_only:
            return first
        for verdict in again:
            if verdict.outcome == "error":
                return replace(verdict, sentence=f"'{first.word}' was not shown again: {verdict.sentence}")
        if again[0].shows(first.word):
            return first
        told = ", then ".join(f"'{verdict.word}'" for verdict in (first, *again))
        untraced = not any(run.traced for run in self.by_cell[cell.key][1].runs)
        if untraced and len(again) > 1 and again[-1].shows(first.word):
            sentence = f"{told}: only with the tracer, which may be the cause; {first.sentence}"
            return replace(first, outcome="error", word="error", sentence=sentence)
        worst = min((first, *again), key=lambda verdict: words[verdict.word].value)
        return replace(worst, sentence=f"unstable: {told}; {worst.sentence}")

    def unconfirmed(self, cell: Cell) -> Verdict | None:
        """Return the failure that has to be tried again; None where the cell is settled.

        Once without the tracer; where that does not show the same, once more with it.
        """
        verdicts = [self.attempt(attempt) for attempt in self.by_cell[cell.key]]
        words = {word.name: word for word in self.judgings[cell.scenario].words}
        first, last = verdicts[0], verdicts[-1]
        if not needs_again(first) or words[first.word].traced_only or last.outcome == "error":
            return None
        if len(verdicts) == 1 or (len(verdicts) == UNTRACED_ATTEMPT and not last.shows(first.word)):
            return first
        return None

    def samples(self, scenario: str, case: str, indicator: str) -> dict[str, list[Sample]]:
        """Return the samples of an indicator by target name, in the order of the blocks.

        Only of cells that were measured: a time beside a wrong output is no time.
        """
        found: dict[str, list[Sample]] = {}
        for cell in self.cells():
            if (cell.scenario, cell.case) != (scenario, case):
                continue
            for sample in self.of_cell(cell):
                if sample.indicator == indicator:
                    found.setdefault(cell.target.name, []).append(sample)
        return {name: sorted(found[name], key=lambda sample: sample.cell.block) for name in sorted(found)}

    def of_cell(self, cell: Cell) -> list[Sample]:
        """Return the samples of a cell's first attempt.

        Of one that failed only those that say how: a time beside a wrong output is no time.
        """
        if cell.key not in self._samples:
            outcome = self.verdict(cell).outcome
            found: list[Sample] = []
            if outcome in ("measured", "failed"):
                first, pipeline = self.by_cell[cell.key][0], self.pipelines[cell.pipeline]
                found = list(self.judgings[cell.scenario].samples(first, pipeline))
            if outcome == "failed":
                found = [sample for sample in found if sample.of_failure]
            self._samples[cell.key] = found
        return self._samples[cell.key]
