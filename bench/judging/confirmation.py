"""Says whether a failure is confirmed, comes and goes, or may be made by the tracer.

A failure is tried again without the tracer, and then by turns with and without it, until one of three things is
known. It shows without the tracer: it is the tool's. It stays away with the tracer: it comes and goes. Or it shows
each time with the tracer and never without, significantly: then the tracer may be its cause.
"""

from collections.abc import Sequence

from bench.contract.records import Attempt
from bench.judging.verdicts import Verdict

__all__ = ["MOST_TRIES", "SIGNIFICANT", "is_open", "tracer_may_be_the_cause"]

MOST_TRIES = 8
"""Attempts of one trial, the first included: three more with the tracer and four without it can be significant."""
SIGNIFICANT = 0.05
"""Greatest chance with which a tool that fails as often with the tracer as without is told as harmed by it."""


def is_open(first: Verdict, attempts: Sequence[Attempt], verdicts: Sequence[Verdict]) -> bool:
    """Whether a failure has to be tried once more. The sequences hold all attempts, the first one included."""
    again = list(zip(attempts[1:], verdicts[1:], strict=True))
    if not again:
        return True
    if any(verdict.shows(first.word) and not traced(attempt) for attempt, verdict in again):
        return False
    by_tracer = [verdict.shows(first.word) for attempt, verdict in again if traced(attempt)]
    if len(by_tracer) == len(again):
        # A body is held in it, which only the tracer can do, so it cannot be seen without.
        return False
    if not all(by_tracer):
        return False
    return len(attempts) < MOST_TRIES and not tracer_may_be_the_cause(first, attempts, verdicts)


def tracer_may_be_the_cause(
    first: Verdict, attempts: Sequence[Attempt], verdicts: Sequence[Verdict]
) -> bool:
    """Whether a failure shows significantly more often with the tracer than without, after the first attempt.

    The first one is left out, because it is why the others were made. By Fisher's exact test, one-sided
    (R. A. Fisher, Statistical Methods for Research Workers, 5th edition, 1934, section 21.02).
    """
    counts = [[0, 0], [0, 0]]
    for attempt, verdict in zip(attempts[1:], verdicts[1:], strict=True):
        counts[0 if traced(attempt) else 1][0 if verdict.shows(first.word) else 1] += 1
    if not all(map(sum, counts)):
        return False
    # Loaded only where a failure is in doubt, because it takes longer than to judge a whole set.
    from scipy.stats import fisher_exact

    return float(fisher_exact(counts, alternative="greater").pvalue) <= SIGNIFICANT


def traced(attempt: Attempt) -> bool:
    """Whether any run of an attempt was traced."""
    return any(run.traced for run in attempt.runs)
