"""Checks the content of a smoke's scorecard: every tool was really run and rightly judged.

python -m tests.check_smoke RESULT_SET
"""

import re
import sys
from pathlib import Path

from bench.report.page_data import view_of
from bench.store.evidence import Evidence, name_of
from bench.store.result_set import Store

TOOLS = {"flyte", "metaflow", "kfp", "prefect", "kedro"}
LEAST_SHARE = 0.8


def problems(folder: Path) -> list[str]:
    """Return what is wrong with a result set; empty if nothing."""
    view = view_of(Store(folder))
    found = [f"error: {answer.verdict.trial.key}: {answer.verdict.sentence}" for answer in view.errors]
    found += [f"missing: {tool}" for tool in TOOLS - {one.tool for one in view.tools}]
    flights = next(case for case in view.cases if case.case == "flights")
    for name, answers in flights.answers.items():
        if any(answer.verdict.outcome != "measured" for answer in answers):
            found.append(
                f"{name} did not run the reference pipeline rightly: {answers[0].verdict.sentence}"
            )
    starts = {
        row.target.partition("[")[0]
        for section in view.sections
        for table in section.tables
        if table.id == "t-startup-hello-first-body"
        for row in table.rows
    }
    found += [f"no time to first body: {tool}" for tool in sorted((TOOLS | {"control"}) - starts)]
    for matrix in view.matrices:
        shown = {column.target.partition("[")[0] for column in matrix.columns}
        found += [f"not in the matrix {matrix.scenario}: {tool}" for tool in sorted(TOOLS - shown)]
    if {matrix.scenario for matrix in view.matrices} != {"caching", "metadata", "recovery"}:
        found.append("a matrix is missing")
    if (view.share_in_tools or 0.0) < LEAST_SHARE:
        found.append(f"only {view.share_in_tools:.0%} of the time was spent inside the tools' processes")
    page = (folder / "scorecard.html").read_text()
    found += [f"not on the page: {tool}" for tool in sorted(TOOLS) if f"{tool}[" not in page]
    if re.search(r"No order is claimed: \d+ numbers, such as startup/hello/", page) is None:
        found.append("the page does not say that two blocks are too few for an order, and of what")
    evidence = Evidence(folder)
    for answer in view.answers:
        for attempt in answer.attempts:
            found += [
                f"no log {attempt.evidence}/{run.stdout}"
                for run in attempt.runs
                if run.stdout not in evidence.files(name_of(attempt.evidence))
            ]
    return found


if __name__ == "__main__":
    wrong = problems(Path(sys.argv[1]))
    for line in wrong:
        print(line, file=sys.stderr)  # noqa: T201 - a command
    sys.exit(1 if wrong else 0)
