"""Tells what the control delivers anew in every run: no tool is judged on that.

The control runs a pipeline more than once, elsewhere and with another order of sets. What differs between
these runs differs by itself: a time, a random number without a seed, a path, the order of a set.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bench.contract.pipeline import Pipeline
from bench.contract.records import Attempt, Digest, Run
from bench.judging.transit import in_transit

__all__ = [
    "NOTHING",
    "Steady",
    "Unsteady",
    "between",
    "covered",
    "differing",
    "repeated",
    "same_results",
    "unsteady",
    "widened",
]

WHOLE = "*"
"""Stands for all parts of a value or a file."""
NAMED = 3
"""Parts of one value that are named."""
MOST_PARTS = 2000
"""Parts of a value that are kept; of one that has more, not all are known."""


@dataclass(frozen=True)
class Unsteady:
    """What differs by itself: the parts of values by ``stage.output``, the paths in delivered files by name.

    names: whether the delivered files have other names in every run.
    """

    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    files: Mapping[str, frozenset[str]] = field(default_factory=dict)
    names: bool = False

    def __bool__(self) -> bool:
        return bool(self.values or self.files or self.names)

    def of(self, value: str) -> frozenset[str]:
        """Return the parts of a value that differ by themselves."""
        return self.values.get(value, frozenset())

    def told(self) -> list[str]:
        """Return what differs by itself, each in words: by stage or file, and key."""
        return [_named(name, parts) for name, parts in {**self.values, **self.files}.items()]


def _named(name: str, parts: frozenset[str]) -> str:
    if parts & {WHOLE, "$"}:
        return name
    more = ", ..." if len(parts) > NAMED else ""
    return f"{name} ({', '.join(sorted(parts)[:NAMED])}{more})"


NOTHING = Unsteady()
RECENT = 32
"""Attempts of the control of which it is kept what differs: every target of their blocks asks for it."""
_recent: dict[int, tuple[Attempt, Pipeline, Unsteady]] = {}
"""By the id of an attempt, which is kept so that no other can have that id."""


def unsteady(control: Attempt | None, pipeline: Pipeline) -> Unsteady:
    """Return what differs between the good runs of the control, all of which were to be the same."""
    if control is None:
        return NOTHING
    known = _recent.get(id(control))
    if known is not None and known[0] is control and known[1] is pipeline:
        return known[2]
    found = between(control.runs, pipeline)
    if len(_recent) >= RECENT:
        _recent.clear()
    _recent[id(control)] = (control, pipeline, found)
    return found


def repeated(control: Attempt) -> list[Run]:
    """Return the runs of a control that were made to see what differs by itself, and the one that they repeat."""
    repeats = [run for run in control.runs if run.repeat]
    first = [run for run in control.runs if run.role in ("fresh", "verifying") and not run.repeat][:1]
    return [*first, *repeats] if repeats else []


def between(every: Iterable[Run], pipeline: Pipeline) -> Unsteady:
    """Return what differs between those of these runs that ended well.

    A value that the control itself does not hand on as it was is one of them: its digest changes by itself.
    """
    runs = [run for run in every if run.ended.well]
    values: dict[str, frozenset[str]] = {}
    described = [run for run in runs if run.delivered]
    for run in described:
        for transit in in_transit(run, pipeline):
            parts = frozenset((*transit.altered, *transit.retyped))
            if parts and not _is_changed(run, pipeline, transit.value):
                name = f"{transit.producer}.{transit.value}"
                values[name] = values.get(name, frozenset()) | (parts - {"the whole"} or {WHOLE})
    for run in described[1:]:
        first = described[0]
        for name in dict.fromkeys((*first.delivered, *run.delivered)):
            one, two = first.delivered.get(name), run.delivered.get(name)
            parts = differing(one, two) if one is not None and two is not None else frozenset({WHOLE})
            if parts:
                values[name] = values.get(name, frozenset()) | parts
    delivered = [run for run in runs if run.result_digest]
    files: dict[str, frozenset[str]] = {}
    names = False
    for run in delivered[1:]:
        first = delivered[0]
        for name in dict.fromkeys((*first.result_digest, *run.result_digest)):
            names |= (name in first.result_digest) != (name in run.result_digest)
            parts = _file_parts(first, run, name)
            if parts:
                files[name] = files.get(name, frozenset()) | parts
    return Unsteady(values, files, names)


def _is_changed(run: Run, pipeline: Pipeline, value: str) -> bool:
    """Whether a stage of the control changes this value in place: that is told by itself."""
    return any(
        pipeline.stages[stage].inputs.get(argument) == value
        for stage, _, argument in (name.partition(".") for name in run.changed_inputs)
        if stage in pipeline.stages
    )


def differing(one: Digest, two: Digest) -> frozenset[str]:
    """Return the parts in which two values are unequal; none where they are equal."""
    if one.value == two.value:
        return frozenset()
    names = {*one.parts, *two.parts}
    parts = {name for name in names if one.parts.get(name, ("", ""))[1] != two.parts.get(name, ("", ""))[1]}
    if not parts or max(len(one.parts), len(two.parts)) >= MOST_PARTS:
        return frozenset({WHOLE})
    return frozenset(parts)


def covered(parts: Iterable[str], left_out: frozenset[str]) -> bool:
    """Whether all of these parts are left out, or lie in one that is."""
    return all(_is_in(part, left_out) for part in parts)


def _is_in(part: str, left_out: frozenset[str]) -> bool:
    if WHOLE in left_out or part in left_out:
        return True
    # Under an object whose keys differ by themselves nothing has a name that another run has.
    return any(part.startswith((f"{outer}.", f"{outer}[")) for outer in left_out if outer.startswith("$"))


def widened(left_out: Unsteady, run: Run, expected: Run) -> Unsteady:
    """Return what is left out, and also what a run that nothing disturbed delivers otherwise than the control.

    That a tool alters a value always is the scenario reference's to say, and no finding about what happened later.
    """
    values, files = dict(left_out.values), dict(left_out.files)
    for name, digest in expected.delivered.items():
        found = run.delivered.get(name)
        if found is not None and (parts := differing(digest, found)):
            values[name] = values.get(name, frozenset()) | parts
    for name in expected.result_digest.keys() & run.result_digest.keys():
        if parts := _file_parts(expected, run, name):
            files[name] = files.get(name, frozenset()) | parts
    return Unsteady(values, files, left_out.names)


def same_results(run: Run, expected: Run, left_out: Unsteady) -> str | None:
    """Return how the delivered files differ from those expected; None if they are the same in all that is judged."""
    for name in expected.result_digest:
        if name not in run.result_digest:
            if left_out.names and name in left_out.files:
                continue
            return f"wrote no {name}"
        parts = _file_parts(expected, run, name)
        if not covered(parts, left_out.files.get(name, frozenset())):
            return f"its {name} differs from the control's"
    extra = sorted(set(run.result_digest) - set(expected.result_digest))
    return f"wrote {extra[0]}, which the control does not" if extra and not left_out.names else None


def _file_parts(one: Run, two: Run, name: str) -> frozenset[str]:
    """Return the paths in which a delivered file differs between two runs."""
    before, after = one.result_digest.get(name), two.result_digest.get(name)
    if before == after:
        return frozenset()
    first, second = one.result_parts.get(name), two.result_parts.get(name)
    if first is None or second is None:
        return frozenset({WHOLE})
    parts = {path for path in {*first, *second} if first.get(path) != second.get(path)}
    # Files that differ in nothing but their layout differ as a whole.
    return frozenset(parts or {WHOLE})


@dataclass(frozen=True)
class Steady:
    """What has to be delivered: by a run of the control, and what of it differs by itself."""

    run: Run
    left_out: Unsteady

    def delivered_by(self, run: Run) -> bool:
        """Whether a run has delivered the right files, in all that is judged."""
        return same_results(run, self.run, self.left_out) is None
