"""Words and numbers of the startup scenario: pure functions over stored facts."""

from collections.abc import Iterable, Iterator

from bench.contract.records import Attempt, Run
from bench.judging.full_runs import RUN_WORDS, inside_bodies, judge_full_runs
from bench.judging.verdicts import Sample, Verdict, memory_method
from bench.pipeline import Pipeline

MEGABYTE = 1e6
WORDS = RUN_WORDS
SPANS = {
    "fresh": (
        ("first_body", "first_body", "spawn"),
        ("whole_run", "exit", "spawn"),
        ("after_last_body", "exit", "last_body"),
    ),
    "reused": (("first_body_reused", "first_body", "spawn"), ("whole_run_reused", "exit", "spawn")),
}
"""By role, the indicators that are a time between two marks."""


def judge(attempt: Attempt, control: Attempt | None, pipeline: Pipeline) -> Verdict:
    """Count a timing only if every stage ran and the output is the control's."""
    return judge_full_runs(attempt, control, pipeline)


def samples(attempt: Attempt, pipeline: Pipeline) -> Iterable[Sample]:  # noqa: ARG001 - the contract's
    """Return the numbers of one attempt."""
    by_role = {run.role: (index, run) for index, run in enumerate(attempt.runs)}
    for role in SPANS:
        if role in by_role:
            index, run = by_role[role]
            for indicator, unit, value in _of_run(run):
                method = memory_method(run, indicator)
                yield Sample(attempt.trial, attempt.number, index, indicator, unit, value, method=method)
    if "imports" in by_role:
        index, run = by_role["imports"]
        if "import_s" in run.observed:
            yield Sample(
                attempt.trial, attempt.number, index, "import_share", "s", run.observed["import_s"]
            )
    if "untraced" in by_role and "reused" in by_role:
        index, run = by_role["untraced"]
        bare, traced = run.seconds("exit"), by_role["reused"][1].seconds("exit")
        if bare is not None and traced is not None:
            yield Sample(attempt.trial, attempt.number, index, "tracer_cost", "s", traced - bare)


def _of_run(run: Run) -> Iterator[tuple[str, str, float]]:
    for indicator, mark, since in SPANS[run.role]:
        seconds = run.seconds(mark, since)
        if seconds is not None:
            yield indicator, "s", seconds
    if run.role != "fresh":
        return
    whole = run.seconds("exit")
    if whole is not None:
        yield "outside_bodies", "s", whole - inside_bodies(run)
    yield "cpu", "s", run.usage.user_s + run.usage.system_s
    if run.server_s is not None:
        yield "server_cpu", "s", run.server_s
    if run.usage.peak_bytes is not None:
        yield "peak_memory", "MB", run.usage.peak_bytes / MEGABYTE
    yield "processes", "count", run.usage.processes
    yield "files_written", "count", run.usage.files
    yield "bytes_written", "MB", run.usage.bytes_written / MEGABYTE
