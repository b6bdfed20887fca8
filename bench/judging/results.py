"""A result set, read and judged: what a report, a table and a comparison begin with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bench.contract import scenario
from bench.contract.pipeline import Pipeline
from bench.contract.records import Attempt, Check, ResultSet
from bench.contract.scenario import Loaded
from bench.errors import StoreError
from bench.judging.judge import Judge
from bench.judging.own_labels import labelled, own_pipeline, told
from bench.judging.rules import rules_of
from bench.judging.run_activity import Ran
from bench.store.record_reading import Stored, whole
from bench.store.result_set import Store
from bench.store.voiding import faulty, voided

__all__ = ["Results", "read"]


@dataclass(frozen=True)
class Results:
    """A result set.

    name: of its folder. loaded: its scenarios, by name. judge: has judged the attempts of its plan.
    earlier: attempts of an earlier plan, which are left out.
    """

    name: str
    manifest: ResultSet
    loaded: Mapping[str, Loaded]
    judge: Judge
    ran: Ran
    checks: tuple[Check, ...]
    earlier: int

    @cached_property
    def own(self) -> str:
        """Return a sentence about the user's own pipeline; empty if only pipelines that come with bench were run."""
        own = own_pipeline(self.manifest, self.judge.pipelines)
        cases = {(trial.scenario, trial.case): trial.pipeline for trial in self.judge.trials()}
        return "" if own is None else told(own, cases)

    @cached_property
    def roles(self) -> Mapping[str, str]:
        """Return by the name of a target whether it is a ``tool``, ``control`` or ``aa check``."""
        return {one.name: one.role for one in self.manifest.targets}


def read(store: Store) -> Results:
    """Read and judge a result set. Raises StoreError or ScenarioError."""
    manifest = store.read_manifest()
    attempts: list[Attempt | Stored] = []
    checks: list[Check] = []
    for record in voided(store.stored()):
        if isinstance(record, Check):
            checks.append(record)
        else:
            attempts.append(record)
    planned = set(manifest.trials)
    kept = [attempt for attempt in attempts if attempt.trial.key in planned]
    latest, void = _latest(kept)
    loaded = {name: scenario.load(scenario.find(name)) for name in manifest.scenarios}
    _known(kept, loaded, manifest)
    pipelines = {name: Pipeline.from_json(data) for name, data in manifest.pipelines.items()}
    own = own_pipeline(manifest, pipelines)
    loaded = {name: labelled(one, own) for name, one in loaded.items()}
    judge = Judge(latest, {name: rules_of(one.folder) for name, one in loaded.items()}, pipelines)
    ran = Ran()
    ran.add((whole(attempt) for attempt in void), timed=False)
    for trial, found in judge.settled():
        ran.add(found, timed=loaded[trial.scenario].manifest.timed)
    return Results(
        store.folder.name, manifest, loaded, judge, ran, tuple(checks), len(attempts) - len(kept)
    )


def _known(attempts: Sequence[Attempt | Stored], loaded: Mapping[str, Loaded], manifest: ResultSet) -> None:
    """Refuse what cannot be judged or shown: a case, target or pipeline that is not there. Raises StoreError."""
    targets = {target.name for target in manifest.targets}
    for trial in (attempt.trial for attempt in attempts):
        if trial.scenario not in loaded or trial.case not in loaded[trial.scenario].manifest.cases:
            raise StoreError(
                f"{trial.scenario}/{trial.case} was measured, and is no case of the scenarios here; "
                "read this result set with the version of orchestrator-bench that its manifest.json names"
            )
        if trial.target.name not in targets or trial.pipeline not in manifest.pipelines:
            raise StoreError(
                f"the trial {trial.key} is of target '{trial.target.name}' and pipeline '{trial.pipeline}', "
                "and manifest.json does not have both; the two files are not of one result set"
            )


def _latest(
    attempts: Sequence[Attempt | Stored],
) -> tuple[list[Attempt | Stored], list[Attempt | Stored]]:
    """Return the attempts that count, and those that were void by a fault and measured again since.

    Raises StoreError where the same attempt is there twice: one of them is a copy.
    """
    latest: dict[tuple[str, int], Attempt | Stored] = {}
    void: list[Attempt | Stored] = []
    for attempt in attempts:
        known = latest.get((attempt.trial.key, attempt.number))
        if known is not None and not faulty(known) and not faulty(attempt):
            trial = attempt.trial
            raise StoreError(
                f"attempt {attempt.number} of {trial.target.name} {trial.scenario}/{trial.case} block "
                f"{trial.block + 1} is recorded twice; take one of the two lines out of records.jsonl"
            )
        if known is None or faulty(known):
            latest[attempt.trial.key, attempt.number] = attempt
            void += [] if known is None else [known]
        else:
            void.append(attempt)
    return list(latest.values()), void
