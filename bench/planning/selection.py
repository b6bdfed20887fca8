"""Finds and loads what a request names; runs and makes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.contract import adapter_loading as adapters
from bench.contract import native_edit
from bench.contract import scenario as scenarios
from bench.contract.pipeline import Pipeline
from bench.contract.scenario_manifest import OWN, Turns
from bench.environments import pipeline_catalog
from bench.errors import UsageError, nearest
from bench.planning import profiles, targets
from bench.planning.request import RunRequest
from bench.planning.schedule import Series, plan
from bench.planning.targets import TargetSpec

__all__ = ["Selection", "choose", "drawn_up"]


@dataclass(frozen=True)
class Selection:
    """All that a request names, found and loaded; nothing is run or made yet.

    profile: as given on the command line. profiles: the same, by scenario. own: whether a user's pipeline takes the
    place of ``reference``, so that there are also the cases that are asked only of such a one. own_only: whether no
    other cases are run.
    """

    choices: tuple[TargetSpec, ...]
    scenarios: Mapping[str, scenarios.Loaded]
    profile: str
    profiles: Mapping[str, str]
    cases: tuple[str, ...] = ()
    own: bool = False
    own_only: bool = False

    @property
    def cases_of(self) -> dict[str, list[str]]:
        """Return the cases of each scenario that will be measured."""
        return {
            name: [
                case
                for case in loaded.manifest.profiles.get(self.profiles[name], {})
                if (not self.cases or case in self.cases)
                and (self.own or not loaded.manifest.cases[case].own)
                and (not self.own_only or loaded.manifest.cases[case].pipeline == OWN)
            ]
            for name, loaded in self.scenarios.items()
        }

    @property
    def turns(self) -> dict[Turns, int]:
        """Return how many parts of the user's pipeline the cases take at most, by their kind."""
        found: dict[Turns, int] = {}
        for name, cases in self.cases_of.items():
            manifest = self.scenarios[name].manifest
            for case in cases:
                kind = manifest.cases[case].turns
                if kind is not None:
                    most = manifest.profiles[self.profiles[name]][case].interim_checks[-1]
                    found[kind] = max(most, found.get(kind, 0))
        return found

    @property
    def pipelines(self) -> list[str]:
        """Return the names of the pipelines that these cases use."""
        return sorted(
            {
                self.scenarios[name].manifest.cases[case].pipeline
                for name, cases in self.cases_of.items()
                for case in cases
            }
        )

    @property
    def edits(self) -> dict[tuple[str, str, str], str]:
        """Return the digest of each named edit of a project, by tool, scenario and case."""
        return {
            (choice.adapter.manifest.name, name, case): native_edit.digest(
                choice.adapter.folder, case, folder
            )
            for name, loaded in self.scenarios.items()
            if (folder := loaded.manifest.edits) is not None
            for case, one in loaded.manifest.cases.items()
            if not one.neutral
            for choice in self.choices
            if choice.adapter.manifest.role != "aa check"
        }

    @property
    def shares(self) -> dict[str, str]:
        """Return which trials each target gets, by its name."""
        return {choice.name: choice.share for choice in self.choices}


def choose(request: RunRequest) -> Selection:
    """Find and load what a request names. Raises BenchError for the first thing that does not exist.

    The default profile is ``smoke`` for all scenarios if none is named, else ``quick``.
    """
    profile = request.profile or ("quick" if request.scenario else "smoke")
    names = request.scenario or tuple(scenarios.discover())
    loaded = {name: scenarios.load(scenarios.find(name)) for name in names}
    for one in loaded.values():
        _ = one.scenario  # Steps that break the contract are an error before anything runs.
    by_scenario = profiles.by_scenario(profile, loaded)
    folders = adapters.discover(tuple(Path(path) for path in request.adapter))
    choices = targets.choose(request.tool, folders)
    known = {choice.name for choice in choices}
    for role in ("control", "aa check"):
        choices += [one for one in targets.of_role(role, folders) if one.name not in known]
    chosen = Selection(
        tuple(choices),
        loaded,
        profile,
        by_scenario,
        request.case,
        own=request.pipeline is not None,
        own_only=_own_only(request),
    )
    _check_cases(chosen)
    if request.pipeline is not None:
        _check_pipeline(request.pipeline, chosen)
    return chosen


def _own_only(request: RunRequest) -> bool:
    """Whether only cases on the user's pipeline are run: for a first answer, if neither scenario nor case is named."""
    return request.pipeline is not None and not request.scenario and not request.case


def _check_pipeline(pipeline: str, chosen: Selection) -> None:
    """Raise UsageError for a pipeline that does not exist, or that no case would run."""
    pipeline_catalog.find(pipeline)
    if OWN in chosen.pipelines:
        return
    fitting = sorted(
        name
        for name, loaded in (
            (name, scenarios.load(folder)) for name, folder in scenarios.discover().items()
        )
        if any(case.pipeline == OWN for case in loaded.manifest.cases.values())
    )
    raise UsageError(
        f"none of the cases asked for runs your pipeline {pipeline}; scenarios with cases that do: "
        f"{', '.join(fitting)}; or leave --pipeline out"
    )


def _check_cases(chosen: Selection) -> None:
    planned = {case for cases in chosen.cases_of.values() for case in cases}
    known = {case for one in chosen.scenarios.values() for case in one.manifest.cases}
    for case in chosen.cases:
        if case not in known:
            raise UsageError(f"no scenario asked for has the case '{case}'{nearest(case, known)}")
        if case not in planned:
            raise UsageError(
                f"the case '{case}' is not in the profile '{chosen.profile}'; give another --profile"
            )


def drawn_up(chosen: Selection, request: RunRequest, own: Pipeline | None = None) -> list[Series]:
    """Return the plan without making environments or running anything. own: the user's pipeline."""
    standin = [targets.target(choice, None) for choice in chosen.choices]
    digests = dict.fromkeys(chosen.pipelines, "")
    return plan(
        standin,
        chosen.scenarios,
        chosen.profiles,
        digests,
        machine="",
        seed=request.seed,
        shares=chosen.shares,
        only=chosen.cases,
        edits=chosen.edits,
        own=own,
        own_only=chosen.own_only,
    )
