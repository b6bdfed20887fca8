"""Metaflow: stages that do not need each other stand in branches, and are joined."""

import random
import sys
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bench import adapters
from bench.pipeline import Output, Pipeline, Stage

package = type(adapters.load(adapters.discover()["metaflow"])).__module__.rpartition(".")[0]
branches: Any = sys.modules[f"{package}.branches"]
flow_steps: Any = sys.modules[f"{package}.steps"]
names: Any = sys.modules[f"{package}.names"]


def graph(edges: dict[str, list[str]]) -> Pipeline:
    """Return a pipeline of these stages, each with the stages that it takes from."""
    flow = Pipeline("graph")
    for name, before in edges.items():
        inputs = {f"from_{one}": f"{one}_made" for one in before}
        flow.stages[name] = Stage(name, name, "stages", inputs, (Output(f"{name}_made", "int"),))
    return flow


def shape(parts: Any) -> list[Any]:
    """Return a series as lists: a stage by its name, a fork as a set of branches."""
    return [
        part.name if isinstance(part, Stage) else tuple(tuple(shape(branch)) for branch in part.branches)
        for part in parts
    ]


def test_a_chain_is_a_series() -> None:
    """Nothing runs side by side."""
    assert shape(branches.arranged(graph({"a": [], "b": ["a"], "c": ["a", "b"]}))) == ["a", "b", "c"]


def test_a_diamond_is_a_fork_between_two_stages() -> None:
    """Its branches may be of several stages."""
    flow = graph({"a": [], "b": ["a"], "c": ["a"], "d": ["c"], "e": ["b", "d"]})
    assert shape(branches.arranged(flow)) == ["a", (("b",), ("c", "d")), "e"]


def test_branches_that_cross_are_joined_in_between() -> None:
    """Splits and joins of a flow must be nested."""
    flow = graph({"a": [], "b": [], "c": ["a", "b"], "d": ["a", "b"], "e": ["c", "d"]})
    assert shape(branches.arranged(flow)) == [(("a",), ("b",)), (("c",), ("d",)), "e"]


def test_a_join_takes_over_what_its_branches_have_read() -> None:
    """A step saves again what it has read, and merge_artifacts refuses values of other bytes."""
    flow = graph({"a": [], "b": ["a"], "c": ["a"], "d": ["a", "b", "c"]})
    made = {step.name: step for step in flow_steps.steps(flow, names.FlowNames(flow))}
    assert made["a"].then == "self.b, self.c"
    assert made["join_b_and_c"].body == (
        "self.a_made = inputs.b.a_made",
        "self.merge_artifacts(inputs)",
    )


@given(st.integers(1, 12), st.randoms(use_true_random=False))
def test_every_stage_stands_once_and_after_what_it_needs(count: int, chance: random.Random) -> None:
    """Whatever the graph."""
    edges: dict[str, list[str]] = {}
    for number in range(count):
        edges[f"s{number}"] = [name for name in edges if chance.random() < 0.3]
    order = list(_flat(branches.arranged(graph(edges)), ()))
    assert sorted(name for name, _ in order) == sorted(edges)
    done: dict[str, tuple[Any, ...]] = dict(order)
    for name, before in edges.items():
        assert all(_precedes(done[one], done[name]) for one in before)


def _flat(parts: Any, path: tuple[Any, ...]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield each stage with its way: numbers in a series, and the branch of a fork as a text."""
    for number, part in enumerate(parts):
        if isinstance(part, Stage):
            yield part.name, (*path, number)
        else:
            for branch, inside in enumerate(part.branches):
                yield from _flat(inside, (*path, number, f"branch {branch}"))


def _precedes(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether the first place where two ways part is a series, and one comes first there."""
    for first, second in zip(one, other, strict=False):
        if first != second:
            return isinstance(first, int) and isinstance(second, int) and first < second
    return False
