"""Compares the graph that a tool draws with what the stages are made from, and with the order of a run."""

from collections.abc import Collection, Iterable

from bench.contract.records import BodyRun, Run
from bench.pipeline import Pipeline

__all__ = ["agrees", "contracted", "edges_of"]


def contracted(
    nodes: Iterable[str], edges: Iterable[Iterable[str]], stages: Collection[str]
) -> tuple[set[str], set[tuple[str, str]]]:
    """Return stages and edges between them, where a node of the tool's own stands for what leads through it."""
    after: dict[str, set[str]] = {}
    for one, other in edges:
        after.setdefault(one, set()).add(other)
    found = set()
    for stage in stages:
        seen: set[str] = set()
        waiting = list(after.get(stage, ()))
        while waiting:
            now = waiting.pop()
            if now in stages:
                found.add((stage, now))
            elif now not in seen:
                seen.add(now)
                waiting += after.get(now, ())
    return set(nodes) & set(stages), found


def edges_of(pipeline: Pipeline) -> set[tuple[str, str]]:
    """Return which stage is made from which, as the pipeline says: producer and consumer."""
    pairs = set()
    for stage in pipeline.stages.values():
        for name in stage.inputs.values():
            producer = pipeline.producer(name)
            if producer is not None:
                pairs.add((producer.name, stage.name))
    return pairs


def agrees(edges: set[tuple[str, str]], run: Run, true: set[tuple[str, str]]) -> bool:
    """Whether the run went along all edges, and all that a stage is made from can be reached along them."""
    of_stage: dict[str, list[BodyRun]] = {}
    for body in run.bodies:
        of_stage.setdefault(body.stage, []).append(body)
    went = all(
        one in of_stage
        and other in of_stage
        and max(body.end or body.start for body in of_stage[one])
        <= min(body.start for body in of_stage[other])
        for one, other in edges
    )
    return went and all(other in _reached(one, edges) for one, other in true)


def _reached(stage: str, edges: set[tuple[str, str]]) -> set[str]:
    found: set[str] = set()
    waiting = [stage]
    while waiting:
        now = waiting.pop()
        more = {other for one, other in edges if one == now} - found
        found |= more
        waiting += more
    return found
