"""The rules by which a suite tries a trial again, and by which a series stops."""

from collections.abc import Mapping, Sequence

from bench.contract.pipeline import Pipeline
from bench.contract.records import Attempt, Trial
from bench.contract.safe_text import visible
from bench.contract.scenario import Loaded
from bench.judging.judge import Judge
from bench.judging.rules import rules_of
from bench.planning.policy import Retry
from bench.statistics.intervals import relative_half_width
from bench.store.record_reading import Stored

__all__ = ["JudgedPolicy"]


class JudgedPolicy:
    """A :class:`bench.planning.policy.Policy` by the verdicts of the scenarios."""

    def __init__(self, scenarios: Mapping[str, Loaded], pipelines: Mapping[str, Pipeline]) -> None:
        self._scenarios = scenarios
        self._judge = Judge((), {name: rules_of(one.folder) for name, one in scenarios.items()}, pipelines)

    def add(self, attempt: Attempt | Stored) -> None:
        """Take in one more attempt."""
        self._judge.add(attempt)

    def measured(self, trial: Trial) -> bool:
        """Whether a trial has an attempt."""
        return bool(self._judge.kept(trial))

    def count(self) -> int:
        """Return how many trials have an attempt."""
        return len(self._judge.trials())

    def seconds(self, trials: Sequence[Trial]) -> float:
        """Return how long the attempts of these trials took."""
        return sum(attempt.seconds for trial in trials for attempt in self._judge.attempts(trial))

    def retry(self, trial: Trial) -> Retry | None:
        """Return the failure that has to be tried again; None where the trial is settled."""
        failed = self._judge.unconfirmed(trial)
        if failed is None:
            return None
        attempts = self._judge.attempts(trial)
        return Retry(len(attempts) + 1, failed.word, visible(failed.sentence), attempts[0].evidence)

    def error(self, trial: Trial) -> str | None:
        """Return why nothing can be said of a trial; None where something can."""
        verdict = self._judge.verdict(trial)
        return visible(verdict.sentence) if verdict.outcome == "error" else None

    def widest(self, scenario: str, case: str, blocks: int) -> tuple[str, float] | None:
        """Return the primary indicator and its greatest relative half-width; None where a target has none yet.

        Of the first blocks alone: when it is resumed, a series stops where it would have stopped at once.
        """
        indicators = self._scenarios[scenario].manifest.indicators
        primary = next(indicator.id for indicator in indicators if indicator.primary)
        widths: list[float] = []
        for column in self._judge.columns(scenario, case, primary).values():
            width = relative_half_width([value for block, value in column.pairs() if block < blocks])
            if width is None:
                return None
            widths.append(width)
        return (primary, max(widths)) if widths else None
