"""Says of each case whose pipeline it ran: the user's own, or one that comes with bench."""

from collections.abc import Mapping
from dataclasses import replace

from msgspec import structs

from bench.contract.pipeline import Pipeline
from bench.contract.records import ResultSet
from bench.contract.scenario import Loaded
from bench.contract.scenario_manifest import OWN, Case

__all__ = ["labelled", "own_pipeline", "told"]

NAMED = 12
"""Stages that are named."""


def own_pipeline(manifest: ResultSet, pipelines: Mapping[str, Pipeline]) -> Pipeline | None:
    """Return the user's own pipeline of a result set; None if only pipelines that come with bench were run."""
    return pipelines.get(OWN) if manifest.request.get("pipeline") else None


def labelled(loaded: Loaded, own: Pipeline | None) -> Loaded:
    """Return a scenario whose cases say whose pipeline they ran, if a user's own one was among them."""
    if own is None:
        return loaded
    cases = {name: _labelled(case, own) for name, case in loaded.manifest.cases.items()}
    return replace(loaded, manifest=structs.replace(loaded.manifest, cases=cases))


def _labelled(case: Case, own: Pipeline) -> Case:
    if case.pipeline != OWN:
        return structs.replace(case, what=f"{case.what} (bench's own pipeline '{case.pipeline}')")
    what = (case.what_own or case.what).removeprefix("your pipeline: ")
    return structs.replace(case, what=f"{what} (your pipeline '{own.name}')")


def told(own: Pipeline, cases: Mapping[tuple[str, str], str]) -> str:
    """Return one sentence about the user's pipeline. cases: pipeline by scenario and case."""
    stages = list(own.stages)
    more = f" and {len(stages) - NAMED} more" if len(stages) > NAMED else ""
    of_own = sum(name == OWN for name in cases.values())
    others = len(cases) - of_own
    text = f"Your pipeline is '{own.name}', with the stages {', '.join(stages[:NAMED])}{more}. "
    text += f"{of_own} of {len(cases)} cases run{'s' if of_own == 1 else ''} it"
    return f"{text}; the other {others} run pipelines that come with bench." if others else f"{text}."
