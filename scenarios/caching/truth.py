"""The truth of a case of the caching matrix: what the control delivered before and after the same change."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.contract.records import Attempt, Digest, Run
from bench.judging.full_runs import NO_CONTROL
from bench.judging.steadiness import Unsteady, between
from bench.pipeline import Pipeline

from .cases import Case

__all__ = ["Truth", "judged", "taken"]


@dataclass(frozen=True)
class Truth:
    """What the control delivered, by the name of the output.

    before: in its first run. after: in its last one, of the stages that are judged; beside: of all others.
    stages, renamed: the stage that returns an output, and the one that returned it before. first, run: its first
    and last run. left_out: what differs from run to run by itself.
    """

    before: dict[str, Digest]
    after: dict[str, Digest]
    beside: dict[str, Digest]
    stages: dict[str, str]
    renamed: dict[str, str]
    first: Run
    run: Run
    left_out: Unsteady

    @classmethod
    def of(cls, control: Attempt | None, case: Case, pipeline: Pipeline) -> "Truth | str":
        """Return it, or why there is none."""
        if control is None or control.fault is not None or not control.runs:
            return NO_CONTROL
        fresh = [run for run in control.runs if run.role == "fresh"]
        steady = case.kind in ("runs", "raised", "visible")
        again = [run for run in control.runs if run.role == "reused"] if steady else []
        last = judged(control.runs)[-1]
        if not last.ended.well:
            return f"the control itself ended with {last.ended.how}"
        left_out = between((fresh[0], *again), pipeline)
        # By name alone: what differs by itself does so in a stage of another name, too.
        unsteady = {name.partition(".")[2] for name in left_out.values}
        stages = {key.partition(".")[2]: key.partition(".")[0] for key in last.delivered}
        last_taken = taken(last, pipeline)
        shown = {
            name: one
            for name, one in _delivered(last).items()
            if name in last_taken and name not in unsteady
        }
        asked = {name for name in shown if not case.judged or stages[name] in case.judged}
        truth = cls(
            before=_delivered(fresh[0]),
            after={name: one for name, one in shown.items() if name in asked},
            beside={name: one for name, one in shown.items() if name not in asked},
            stages=stages,
            renamed={key.partition(".")[2]: key.partition(".")[0] for key in fresh[0].delivered},
            first=fresh[0],
            run=last,
            left_out=left_out,
        )
        if case.forces and all(truth.was(name, one) for name, one in truth.after.items()):
            return "the case is wrong: it must force a run, but the control delivers the same as before"
        return truth

    def was(self, name: str, now: Digest) -> bool:
        """Whether an output was the same before."""
        return name in self.before and self.before[name].value == now.value


def _delivered(run: Run) -> dict[str, Digest]:
    """Return the digest of each output by its name."""
    return {key.partition(".")[2]: digest for key, digest in run.delivered.items()}


def taken(run: Run, pipeline: Pipeline) -> dict[str, Digest]:
    """Return the digests of what the last stage was given: its arguments have the outputs' names."""
    prefix = f"{pipeline.sentinel.name}."
    return {
        key.removeprefix(prefix): digest for key, digest in run.received.items() if key.startswith(prefix)
    }


def judged(runs: Sequence[Run]) -> list[Run]:
    """Return the runs of the case, without the control's second one in the first situation."""
    return [run for run in runs if run.role in ("fresh", "changed")]
