"""Warnings of what the control shows of a pipeline."""

from pathlib import Path

from bench.contract.records import Digest
from tests.unit.facts import attempt, run, trial
from tests.unit.report.test_view import view


def test_what_differs_between_two_runs_of_the_control_is_warned_of(tmp_path: Path) -> None:
    """By stage and key, and by file and key."""
    runs = [
        run(
            role="verifying",
            delivered={
                "begin.begin_result": Digest(kind="json", strict=at, value=at, parts={"$.at": (at, at)})
            },
            result_digest={"out.json": at},
            result_parts={"out.json": {"$.when": at, "$.sum": "5"}},
        )
        for at in ("1", "2")
    ]
    (warned,) = view(tmp_path, attempt(trial("control"), run(), *runs)).warnings
    assert warned.what == (
        "startup/hello: two runs of the control differ in begin.begin_result ($.at), out.json ($.when)"
    )
    assert "no target is judged on it, all else is judged" in warned.advice


def test_an_argument_that_a_stage_changes_in_place_is_warned_of(tmp_path: Path) -> None:
    """Once, by stage and argument."""
    changed = [
        attempt(trial("control", block), run(changed_inputs=("finish.value",))) for block in range(2)
    ]
    (warned,) = view(tmp_path, *changed).warnings
    assert warned.what == "startup/hello: stage finish changes its argument value in place"
