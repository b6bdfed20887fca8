"""When no order is claimed, because the times have too few samples."""

from collections.abc import Collection, Iterable, Sequence

from bench.contract.records import Target
from bench.scoring.criteria import MetricRef
from bench.scoring.readings import Readings
from bench.statistics.intervals import MIN_SAMPLES

__all__ = ["for_lack_of_samples"]

NAMED = 2
"""Numbers with too few samples that are named."""


def for_lack_of_samples(
    read: Iterable[MetricRef], readings: Readings, targets: Sequence[Target]
) -> str | None:
    """Return why no order is claimed, in a sentence; None where some time has enough samples of two targets.

    read: all metrics of the criteria.
    """
    few, enough = _times(read, readings, targets)
    return _too_few(few) if few and not enough else None


def _times(
    read: Iterable[MetricRef], readings: Readings, targets: Sequence[Target]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the times that have too few samples of some target, and those that have enough to compare two.

    Only of scenarios that compare tools by time; seconds seen beside other things are just not compared.
    """
    few: set[str] = set()
    enough: set[str] = set()
    timed = {name for name, loaded in readings.loaded.items() if loaded.manifest.timed}
    for leaf in (leaf for leaf in read if leaf.scenario in timed):
        found = [readings.of(target, leaf) for target in targets]
        sure = [one for one in found if (one.timed or one.interval) and one.samples and not one.too_few]
        if any(reading.too_few for reading in found):
            few.add(leaf.metric)
        if len(sure) >= min(len(targets), 2):
            enough.add(leaf.metric)
    return frozenset(few), frozenset(enough)


def _too_few(few: Collection[str]) -> str:
    """Return which times have a range in place of an interval, in a sentence."""
    named = " and ".join(sorted(few)[:NAMED])
    if len(few) <= NAMED:
        return f"{named} had fewer than {MIN_SAMPLES} samples, too few for an interval"
    return f"{len(few)} numbers, such as {named}, had fewer than {MIN_SAMPLES} samples, too few for an interval"
