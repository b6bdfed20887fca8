"""``scores.csv``: every score with its bounds, from totals down to single indicators."""

import csv
import io
from collections.abc import Iterator

from bench.report.score_view import Scored, Weighed
from bench.statistics.quantiles import middle

__all__ = ["text"]

COLUMNS = (
    "basis", "level", "target", "criterion", "indicator", "weight", "low", "high", "known", "documented",
)  # fmt: skip


def text(scored: Scored) -> str:
    """Return the file.

    basis: ``all`` or ``measured``. level: ``total``, ``criterion`` or ``indicator``. low, high: medians of
    the bounds, 0 to 1. known: share of the weight with evidence; documented: that for which it is a document.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for basis, weighed in scored.weighed.items():
        for row in _rows(weighed):
            writer.writerow(
                [basis, *(f"{value:.9g}" if isinstance(value, float) else value for value in row)]
            )
    return out.getvalue()


def _rows(weighed: Weighed) -> Iterator[tuple[str | float, ...]]:
    scores = weighed.scores
    for total in weighed.ranking.totals:
        yield "total", total.target, "", "", 1.0, total.low, total.high, total.known, total.documented
    for target, row in zip(scores.targets, scores.by_target, strict=True):
        for criterion, one in zip(scores.criteria.criteria, row, strict=True):
            weight = scores.criteria.weight(criterion)
            low, high = middle(one.low), middle(one.high)
            yield "criterion", target.name, one.criterion, "", weight, low, high, one.known, one.documented
            for graded in one.graded:
                yield (
                    "indicator",
                    target.name,
                    one.criterion,
                    graded.indicator.id,
                    graded.indicator.weight,
                    middle(graded.low),
                    middle(graded.high),
                    graded.known,
                    graded.known * graded.by_fact,
                )
