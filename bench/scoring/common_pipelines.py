"""Whether two result sets measured the same pipelines; words and times of different ones say nothing together."""

from collections.abc import Iterator

from bench.judging.results import Results

__all__ = ["pipelines_differ"]

NAMED = 6
"""Stages that are named of a pipeline."""


def pipelines_differ(before: Results, after: Results) -> Iterator[str]:
    """Yield each pipeline of a case that both sets have, and that is another one in the second set."""
    cases, others = (
        {(trial.scenario, trial.case): trial.pipeline for trial in one.judge.trials()}
        for one in (before, after)
    )
    for name in sorted({cases[place] for place in cases.keys() & others.keys()}):
        first, second = (one.manifest.pipeline_digests.get(name) for one in (before, after))
        if first is not None and first == second:
            continue
        told, also = _told(before, name), _told(after, name)
        if _form(before, name) != _form(after, name):
            same = told == also
            yield f"the stages' code of {told} differs" if same else f"{told} there is {also} here"
        elif first is not None and second is not None:
            yield f"{told} has other input data, or another file"


def _form(results: Results, name: str) -> object:
    flow = results.judge.pipelines.get(name)
    return None if flow is None else flow.as_json()


def _told(results: Results, name: str) -> str:
    """Return a pipeline by its own name and first stages."""
    flow = results.judge.pipelines.get(name)
    if flow is None:
        return f"'{name}'"
    stages = list(flow.stages)
    more = f" and {len(stages) - NAMED} more" if len(stages) > NAMED else ""
    return f"'{flow.name}' ({', '.join(stages[:NAMED])}{more})"
