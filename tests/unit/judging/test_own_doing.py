"""A tool is not blamed for what a stage makes otherwise of equal arguments."""

from typing import Any

from bench.contract.records import Run
from bench.judging.full_runs import judge_full_runs
from tests.unit.facts import attempt, chain, digest, run, trial

ONE, OTHER = digest("s", "v", a=("s", "v")), digest("t", "w", a=("t", "w"))


def verifying(given: Any, returned: Any, received: Any, **changes: Any) -> Run:
    """Return a run of the chain: what begin was given and returned, and what finish received."""
    return run(
        role="verifying",
        received={"begin.results": given, "finish.value": received, "finish.results": ONE},
        delivered={"begin.begin_result": returned},
        **changes,
    )


CONTROL = attempt(trial("control"), verifying(ONE, ONE, ONE))


def test_a_stage_that_makes_something_else_of_equal_arguments_is_not_the_tools_doing() -> None:
    """Such as a sum whose last digit depends on the order of a table in memory."""
    verdict = judge_full_runs(attempt(trial(), verifying(ONE, OTHER, OTHER)), CONTROL, chain())
    assert verdict.word == "right"


def test_a_stage_that_was_given_something_else_is_the_tools_doing() -> None:
    """What it returns differs for that."""
    verdict = judge_full_runs(attempt(trial(), verifying(OTHER, OTHER, OTHER)), CONTROL, chain())
    assert verdict.word == "wrong output"


def test_where_a_delivered_file_follows_from_it_nothing_is_said() -> None:
    """Neither right nor wrong."""
    bad = verifying(ONE, OTHER, OTHER, result_digest={"out.json": "other"})
    verdict = judge_full_runs(attempt(trial(), bad), CONTROL, chain())
    assert verdict.outcome == "error"
    assert verdict.sentence.startswith("begin.begin_result differs from the control's, of equal arguments")
