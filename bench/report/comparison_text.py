"""Two result sets compared, as Markdown for a pull request that also reads well in a terminal."""

from collections.abc import Iterable, Iterator, Sequence

from bench.judging.results import Results
from bench.report.markdown_text import plain
from bench.report.numbers import number, spread
from bench.scoring.comparison import Comparison, Number, Truth
from bench.statistics.intervals import MIN_SAMPLES

__all__ = ["text"]

LISTED = 50
"""Words of one kind that are listed one by one."""


def text(comparison: Comparison) -> str:
    """Return the page."""
    return "\n".join(_lines(comparison)) + "\n"


def _lines(comparison: Comparison) -> Iterator[str]:
    yield f"# {plain(comparison.before.name)} and {plain(comparison.after.name)} compared"
    yield ""
    yield plain(_sentence(comparison))
    yield ""
    yield from _versions(comparison.before, comparison.after)
    yield from _numbers(comparison)
    yield from _truths(comparison)
    for name, only in (
        (comparison.before.name, comparison.only_before),
        (comparison.after.name, comparison.only_after),
    ):
        if only:
            yield f"## Only in {plain(name)}"
            yield ""
            yield from (f"- {plain(one)}" for one in only)
            yield ""


def _sentence(comparison: Comparison) -> str:
    """Return what came out, in one line."""
    kinds = ("got wrong", "got right", "changed")
    turns = {kind: sum(one.turn == kind for one in comparison.truths) for kind in kinds}
    differing, common = comparison.differing
    share = f" ({differing / common:.0%})" if common else ""
    truths = (
        f"Truths: {turns['got wrong']} got wrong, {turns['got right']} got right, "
        f"{turns['changed']} changed their word; the word differs in {differing} of {common} common trials{share}."
    )
    if not comparison.times:
        differ = "; ".join(comparison.machines)
        return (
            f"Times are not compared, because the machines differ ({differ}); "
            f"--across-machines compares them all the same. {truths}"
        )
    counts = {kind: sum(one.change == kind for one in comparison.numbers) for kind in ("worse", "better")}
    ties = sum(one.change == "tie" for one in comparison.numbers)
    few = sum(one.change == "too few" for one in comparison.numbers)
    return (
        f"Numbers: {counts['worse']} surely worse, {counts['better']} surely better, {ties} ties, "
        f"{few} with too few samples. {truths}"
    )


def _versions(before: Results, after: Results) -> Iterator[str]:
    first, second = ({one.name: one.version for one in each.manifest.targets} for each in (before, after))
    rows = [
        [plain(name), plain(first.get(name, "")), plain(second.get(name, ""))]
        for name in dict.fromkeys((*first, *second))
        if "aa check" not in (before.roles.get(name), after.roles.get(name))
    ]
    rows += [
        [what, *(plain(str(getattr(each.manifest, what))) for each in (before, after))]
        for what in ("profile", "created", "harness")
    ]
    if before.manifest.harness_hash != after.manifest.harness_hash:
        rows.append(["measuring code", *(plain(each.manifest.harness_hash) for each in (before, after))])
    yield from _table(["version of", "A", "B"], rows)


def _numbers(comparison: Comparison) -> Iterator[str]:
    if comparison.times and comparison.machines:
        yield f"**The machines differ ({plain('; '.join(comparison.machines))}): what follows may be theirs.**"
        yield ""
    for change, title in (("worse", "Slower, or more"), ("better", "Faster, or less")):
        yield from _listed(title, [one for one in comparison.numbers if one.change == change])
    yield from _too_few([one for one in comparison.numbers if one.change == "too few"])
    controls = [
        one for one in comparison.numbers if one.role == "control" and one.change in ("worse", "better")
    ]
    if controls:
        yield (
            "**The control changed too: it runs no tool, so part of this is the machine, its Python or its "
            "libraries.**"
        )
        yield ""
    if comparison.numbers:
        yield (
            "A ratio is of B to A: the Hodges-Lehmann estimate, with its 95 % interval; what is within 5 %, or "
            "whose interval holds 1, is a tie. An interval covers chance within both sets, not what else became "
            "of the machine between them: see the control."
        )
        yield ""
    if comparison.methods:
        yield f"Not compared, because it was read in another way: {', '.join(comparison.methods)}."
        yield ""
    if comparison.sizes:
        yield f"Not compared, because the data had another size: {', '.join(sorted(comparison.sizes))}."
        yield ""


def _listed(title: str, numbers: Sequence[Number]) -> Iterator[str]:
    if not numbers:
        return
    yield f"## {title}"
    yield ""
    ordered = sorted(numbers, key=_by_size, reverse=True)
    rows = [
        [
            plain(one.target),
            f"{one.scenario}/{one.case}: {one.indicator.title}",
            _median(one, one.before.median),
            _median(one, one.after.median),
            *(
                ("", "")
                if one.ratio is None
                else (f"{one.ratio.estimate:.2f}", f"[{one.ratio.low:.2f}, {one.ratio.high:.2f}]")
            ),
        ]
        for one in ordered[:LISTED]
    ]
    yield from _table(["target", "what", "A", "B", "B / A", "95 % interval"], rows)
    yield from _more(numbers)


def _too_few(numbers: Sequence[Number]) -> Iterator[str]:
    """Yield the ranges of the primary numbers that have too few samples; the others are only counted."""
    if not numbers:
        return
    primary = [one for one in numbers if one.indicator.primary]
    yield f"## Too few samples: below {MIN_SAMPLES} in one of both"
    yield ""
    rows = [
        [
            plain(one.target),
            f"{one.scenario}/{one.case}: {one.indicator.title}",
            *(
                f"{_median(one, each.median)} ({spread(each, one.indicator.unit)})"
                for each in (one.before, one.after)
            ),
        ]
        for one in primary[:LISTED]
    ]
    if rows:
        yield from _table(["target", "what", "A", "B"], rows)
    if len(numbers) > len(rows):
        yield f"And {len(numbers) - len(rows)} more numbers of these."
        yield ""


def _by_size(one: Number) -> float:
    return 0.0 if one.ratio is None else max(one.ratio.estimate, 1 / one.ratio.estimate)


def _median(one: Number, value: float) -> str:
    unit = one.indicator.unit
    return number(value, unit) if unit == "count" else f"{number(value, unit)} {unit}"


def _truths(comparison: Comparison) -> Iterator[str]:
    for turn, title in (
        ("got wrong", "Got wrong"),
        ("got right", "Got right"),
        ("changed", "Another word: right in both or in neither, or nothing said in one"),
    ):
        found = [one for one in comparison.truths if one.turn == turn]
        if found:
            yield f"## {title}"
            yield ""
            rows = [
                [plain(text) for text in (one.target, _place(one), one.before, one.after, one.sentence)]
                for one in found[:LISTED]
            ]
            yield from _table(["target", "case", "A", "B", "what was seen in B"], rows)
            yield from _more(found)


def _place(one: Truth) -> str:
    return f"{one.scenario}/{one.case}" + (f": {one.part}" if one.part else "")


def _more(found: Sequence[object]) -> Iterator[str]:
    if len(found) > LISTED:
        yield f"And {len(found) - LISTED} more."
        yield ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a table whose columns are aligned, so that it can be read as it is."""
    lines = [list(head), *map(list, rows)]
    wide = [max(len(line[place]) for line in lines) for place in range(len(head))]
    for place, line in enumerate(lines):
        # The last column ends where it ends: it may be long.
        trials = [trial.ljust(width) for trial, width in zip(line[:-1], wide[:-1], strict=True)]
        yield f"| {' | '.join([*trials, line[-1]])} |"
        if place == 0:
            yield f"|{'|'.join('-' * (width + 2) for width in wide[:-1])}|---|"
    yield ""
