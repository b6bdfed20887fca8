"""The branches of a flow: which stages come after one another, and which side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.pipeline import Choice, Pipeline, Stage

__all__ = ["Fork", "Part", "arranged", "made_by", "taken_by"]


@dataclass(frozen=True)
class Fork:
    """Branches that run side by side, each a series of parts, and are joined."""

    branches: tuple[tuple["Part", ...], ...]


Part = Stage | Choice | Fork


@dataclass(frozen=True)
class _Graph:
    """The stages by number, in an order in which they can run, and which stand before and after each."""

    stages: Sequence[Stage | Choice]
    before: Sequence[Sequence[int]]
    after: Sequence[Sequence[int]]


def arranged(pipeline: Pipeline) -> tuple[Part, ...]:
    """Return a pipeline as a series of stages and forks: no stage waits for one that it does not need.

    Where branches cross, all stages that can run are joined before the next ones begin: splits and joins of a flow
    must be nested (``check_split_join_balance`` in metaflow/lint.py).
    """
    stages = list(pipeline.in_order())
    number = {name: index for index, stage in enumerate(stages) for name in made_by(stage)}
    before: list[list[int]] = []
    after: list[list[int]] = [[] for _ in stages]
    for index, stage in enumerate(stages):
        before.append(sorted({number[name] for name in taken_by(stage, pipeline) if name in number}))
        for maker in before[-1]:
            after[maker].append(index)
    return _series(_Graph(stages, before, after), list(range(len(stages))))


def made_by(part: Stage | Choice) -> list[str]:
    """Return the data that a stage or a choice makes."""
    return [part.name] if isinstance(part, Choice) else [output.name for output in part.outputs]


def taken_by(part: Stage | Choice, pipeline: Pipeline) -> list[str]:
    """Return the data and parameters that a stage takes, or a choice and its stages."""
    if isinstance(part, Stage):
        return list(part.inputs.values())
    inside = (pipeline.stages[name].inputs.values() for name in part.branches)
    return [part.flag, *(data for inputs in inside for data in inputs)]


def _series(graph: _Graph, members: list[int]) -> tuple[Part, ...]:
    """Return some stages as a series: those that all others lead to or come from, and what lies between."""
    parts: list[Part] = []
    waists = _waists(graph, members)
    between: list[int] = []
    for index in members:
        if index not in waists:
            between.append(index)
            continue
        parts += _forked(graph, between)
        parts.append(graph.stages[index])
        between = []
    return (*parts, *_forked(graph, between))


def _waists(graph: _Graph, members: list[int]) -> set[int]:
    """Return the stages that every earlier one leads to, and every later one comes from."""
    inside = set(members)
    place = {index: position for position, index in enumerate(members)}
    last = len(members)
    nearest_after = [
        min((place[one] for one in graph.after[index] if one in inside), default=last) for index in members
    ]
    nearest_before = [
        max((place[one] for one in graph.before[index] if one in inside), default=-1) for index in members
    ]
    lead_here = [0] * (last + 1)
    for position in range(last):
        lead_here[position + 1] = max(lead_here[position], nearest_after[position])
    found, come_from = set(), last
    for position in range(last - 1, -1, -1):
        if lead_here[position] <= position and come_from >= position:
            found.add(members[position])
        come_from = min(come_from, nearest_before[position])
    return found


def _forked(graph: _Graph, members: list[int]) -> tuple[Part, ...]:
    """Return stages of which none is a waist: branches if they fall apart, else what can run first, then the rest."""
    parts: list[Part] = []
    while members:
        groups = _groups(graph, members)
        if len(groups) > 1:
            return (*parts, Fork(tuple(_series(graph, group) for group in groups)))
        inside = set(members)
        first = [index for index in members if not inside.intersection(graph.before[index])]
        parts.append(
            Fork(tuple((graph.stages[index],) for index in first))
            if len(first) > 1
            else graph.stages[first[0]]
        )
        members = [index for index in members if index not in set(first)]
    return tuple(parts)


def _groups(graph: _Graph, members: list[int]) -> list[list[int]]:
    """Return the stages in groups that share no data with each other."""
    inside, seen = set(members), set[int]()
    groups = []
    for start in members:
        if start in seen:
            continue
        group, waiting = set[int](), [start]
        while waiting:
            index = waiting.pop()
            if index not in group:
                group.add(index)
                waiting += [one for one in (*graph.before[index], *graph.after[index]) if one in inside]
        seen |= group
        groups.append([index for index in members if index in group])
    return groups
