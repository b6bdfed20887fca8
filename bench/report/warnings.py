"""What a reader must know before believing the numbers: what, the likely cause, what to do."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bench.contract.records import Attempt, Check, ResultSet
from bench.contract.scenario import Loaded
from bench.judging.judge import Judge
from bench.judging.run_activity import Ran
from bench.judging.steadiness import between, repeated
from bench.planning import profiles
from bench.statistics.intervals import summarise

__all__ = ["Warned", "warnings_of"]

NAMED = 4
"""Cases that are named where more may be meant."""
SPREAD = 1.5
"""Greatest over smallest sample of one target, from which on a case is called unsteady."""


@dataclass(frozen=True)
class Warned:
    """A warning: what was seen, its likely cause, and what to do."""

    what: str
    cause: str
    advice: str


def warnings_of(
    judge: Judge,
    ran: Ran,
    loaded: Mapping[str, Loaded],
    manifest: ResultSet,
    checks: Iterable[Check],
    earlier: int,
) -> Iterable[Warned]:
    """Return all warnings of a result set. ``earlier``: attempts that are not of its last plan."""
    yield from _unfinished(judge, loaded, manifest, checks)
    if earlier:
        yield Warned(
            f"{earlier} attempts of an earlier plan are left out",
            "an adapter, environment, pipeline or bench itself changed before the run was resumed",
            "they stay in records.jsonl; start a new result set to measure all with the same",
        )
    yield from _by_itself(judge)
    yield from _in_place(judge)
    yield from _busy(ran)
    yield from _unsteady(judge, loaded)
    yield from _mixed(judge, loaded)
    if manifest.machine.get("virtual"):
        yield Warned(
            "the machine is virtual",
            "its host may be shared, and its clock rate is not under your control",
            "compare targets with each other, not with figures from other machines",
        )


def _unfinished(
    judge: Judge, loaded: Mapping[str, Loaded], manifest: ResultSet, checks: Iterable[Check]
) -> Iterator[Warned]:
    """Yield which cases were not measured to the end; blocks that a look made needless are no lack."""
    if {trial.key for trial in judge.trials()}.issuperset(manifest.trials):
        return
    ended = {check.subject for check in checks if check.kind == "interim check"}
    only = manifest.request.get("case")
    # Not every pipeline of a user has what an own case asks about; those that were begun were planned.
    begun = {(trial.scenario, trial.case) for trial in judge.trials()}
    planned = [
        f"{name}/{case}"
        for name, one in loaded.items()
        for case in one.manifest.profiles.get(profiles.of(manifest.profile, name), {})
        if (not only or case in only) and (not one.manifest.cases[case].own or (name, case) in begun)
    ]
    left = [case for case in planned if case not in ended]
    if left:
        more = f" and {len(left) - NAMED} more" if len(left) > NAMED else ""
        yield Warned(
            f"not measured to the end: {', '.join(left[:NAMED])}{more}",
            "the run was ended before, by somebody or by a full disk",
            "bench run --resume goes on; what is there is shown as it is",
        )


def _controls(judge: Judge) -> Iterator[tuple[str, Attempt]]:
    """Yield each case that the control ran, with its attempt."""
    for trial in judge.trials():
        if trial.target.role == "control":
            control = judge.control(trial)
            if control is not None:
                yield f"{trial.scenario}/{trial.case}", control


def _by_itself(judge: Judge) -> Iterator[Warned]:
    """Yield what the control delivers anew in every run, by the cases in which it does."""
    found: dict[str, list[str]] = {}
    for case, control in _controls(judge):
        repeats = [run for run in control.runs if run.repeat]
        failed = next((run for run in repeats if not run.ended.well), None)
        if failed is not None and control.trial.block == 0:
            yield Warned(
                f"{case}: the control did not end well when it ran again at another place ({failed.ended.how})",
                "the pipeline depends on where or how often it runs",
                "what its results are worth is not known; let it depend on its parameters alone",
            )
        told = between(repeated(control), judge.pipelines[control.trial.pipeline]).told()
        if told:
            more = f" and {len(told) - NAMED} more" if len(told) > NAMED else ""
            found.setdefault(", ".join(told[:NAMED]) + more, []).append(case)
    for what, cases in found.items():
        yield Warned(
            f"{', '.join(dict.fromkeys(cases))}: two runs of the control differ in {what}",
            "a time, a random number without a seed, a path, or the order of a set",
            "no target is judged on it, all else is judged; make it the same in every run to have it judged",
        )


def _in_place(judge: Judge) -> Iterator[Warned]:
    """Yield which arguments the stages of a pipeline change in place."""
    found: dict[tuple[str, str], list[str]] = {}
    for case, control in _controls(judge):
        for name in dict.fromkeys(name for run in control.runs for name in run.changed_inputs):
            stage, _, argument = name.partition(".")
            found.setdefault((stage, argument), []).append(case)
    for (stage, argument), cases in found.items():
        yield Warned(
            f"{', '.join(dict.fromkeys(cases))}: stage {stage} changes its argument {argument} in place",
            "the stage writes into the object that it is given",
            "other stages that take the same object may see the change, or not, as the tool hands on the object or a "
            f"copy; let the stage copy {argument} first",
        )


def _busy(ran: Ran) -> Iterator[Warned]:
    shares = ran.shares
    if shares:
        alone = next(iter(ran.busy)) if len(ran.busy) == 1 else None
        of = "" if alone is None else f", all of {alone}"
        beside = "" if alone is None else f", or what runs beside {alone} alone"
        yield Warned(
            f"other processes used up to {max(shares):.1f} cores during {len(shares)} of {ran.timed} timed runs{of}",
            f"something else was running on the machine{beside}",
            "close it (top shows it) and run again; do not publish these times",
        )


def _mixed(judge: Judge, loaded: Mapping[str, Loaded]) -> Iterator[Warned]:
    """Yield which samples were read in another way than the others of their case, and so are not compared."""
    for name, one in loaded.items():
        for case in one.manifest.cases:
            for target, column, kept in judge.left_out(name, case):
                yield Warned(
                    f"{name}/{case}: {len(column.trials)} of {column.indicator} of {target} left out: read by "
                    f"{column.method}, the others by {kept}",
                    "control groups were there for a part of the runs alone",
                    "measure all of them where bench doctor finds control groups, or all where it does not",
                )


def _unsteady(judge: Judge, loaded: Mapping[str, Loaded]) -> Iterator[Warned]:
    for name, one in loaded.items():
        primary = next((indicator.id for indicator in one.manifest.indicators if indicator.primary), None)
        if primary is None or not one.manifest.timed:
            continue
        for case in one.manifest.cases:
            wide = []
            for target, column in judge.columns(name, case, primary).items():
                summary = summarise(column.values)
                if summary.count > 1 and summary.low > 0 and summary.high / summary.low > SPREAD:
                    wide.append(f"{target} ({summary.high / summary.low:.1f}x)")
            if wide:
                yield Warned(
                    f"{name}/{case}: {primary} varies by more than {SPREAD}x for {', '.join(wide)}",
                    "noise of the machine, a first run that fills caches, or the tool's own waiting",
                    "look at the samples in time order; more blocks give a narrower interval",
                )
