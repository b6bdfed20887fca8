"""One reference run of each target in time: when it was up, when each stage's body ran, when it was over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.contract.records import BodyRun, Run
from bench.report.page_data import Answer, Shown, View

__all__ = ["Bar", "Line", "Timeline", "timelines"]

SHOWN = (("reference", "flights"), ("startup", "reference"), ("startup", "hello"))
"""The cases of which a run is shown, the first that was measured."""
ROLES = ("fresh", "verifying")
PHASES = (
    ("interpreter starts", "spawn", "interpreter"),
    ("project is loaded", "interpreter", "module"),
    ("until the first body", "module", "first_body"),
)
AFTER = (("until the command ends", "last_body", "exit"), ("until all processes end", "exit", "empty"))


@dataclass(frozen=True)
class Bar:
    """Seconds from the start of the command."""

    begin: float
    end: float


@dataclass(frozen=True)
class Line:
    """A phase or a stage, with a bar for each call of its body. ``stage``: whether it is the user's work."""

    name: str
    stage: bool
    bars: tuple[Bar, ...]

    @property
    def seconds(self) -> float:
        """Return what its bars are together."""
        return sum(bar.end - bar.begin for bar in self.bars)


@dataclass(frozen=True)
class Timeline:
    """One run. ``anchor``: where the page shows it. ``end``: seconds, of the longest run of all targets."""

    target: str
    scenario: str
    case: str
    role: str
    anchor: str
    lines: tuple[Line, ...]
    end: float


def timelines(view: View) -> tuple[Timeline, ...]:
    """Return the run of each target that has one; of all the same case, on the same scale."""
    for scenario, case in SHOWN:
        shown = next((one for one in view.cases if (one.scenario, one.case) == (scenario, case)), None)
        found = [] if shown is None else list(_runs(view, shown))
        if shown is not None and found:
            end = max(bar.end for _, _, _, lines in found for line in lines for bar in line.bars)
            return tuple(
                Timeline(target, scenario, case, run.role, anchor, lines, end)
                for target, run, anchor, lines in found
            )
    return ()


def _runs(view: View, shown: Shown) -> Iterator[tuple[str, Run, str, tuple[Line, ...]]]:
    roles = {target.name: target.role for target in view.manifest.targets}
    for target, answers in shown.listed.items():
        if roles[target] == "aa check":
            continue
        run, anchor = _run(answers)
        if run is not None:
            yield target, run, anchor, tuple(_lines(run))


def _run(answers: Sequence[Answer]) -> tuple[Run | None, str]:
    """Return the first traced run that ended well, a fresh one before one that took digests."""
    runs = [
        (run, f"{answer.id}-{attempt.number}-{place}")
        for answer in answers
        if answer.verdict.outcome == "measured"
        for attempt in answer.attempts[:1]
        for place, run in enumerate(attempt.runs)
        if run.role in ROLES and run.traced and run.ended.well and run.bodies
    ]
    return min(runs, key=lambda one: ROLES.index(one[0].role), default=(None, ""))


def _lines(run: Run) -> Iterator[Line]:
    yield from _phases(run, PHASES)
    stages: dict[str, list[BodyRun]] = {}
    for body in run.bodies:
        stages.setdefault(body.stage, []).append(body)
    spawn = run.marks["spawn"]
    for stage, bodies in stages.items():
        bars = [
            Bar((body.start - spawn) / 1e9, (body.end - spawn) / 1e9)
            for body in bodies
            if body.end is not None
        ]
        yield Line(stage, True, tuple(bars))
    yield from _phases(run, AFTER)


def _phases(run: Run, phases: Sequence[tuple[str, str, str]]) -> Iterator[Line]:
    for name, begin, end in phases:
        since, until = run.seconds(begin), run.seconds(end)
        if since is not None and until is not None:
            yield Line(name, False, (Bar(since, until),))
