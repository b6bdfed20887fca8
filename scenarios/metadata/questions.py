"""What is asked of each case's runs: a small table."""

from dataclasses import dataclass, field
from typing import Any

__all__ = ["QUESTIONS", "Asked"]


@dataclass(frozen=True)
class Asked:
    """One question to a tool.

    id: in words, as the scorecard shows it. ask: the function of ``probe.py``. arguments: a text ``@label``
    is the nonce of that run. check: how the answer is judged, where that is not by the name of ``ask``.
    needs: of what a tool must have declared nothing absent. wait: seconds before it is asked.
    """

    id: str
    ask: str
    arguments: dict[str, Any] = field(default_factory=dict)
    check: str = ""
    needs: tuple[str, ...] = ("run_history",)
    wait: float = 0.0

    @property
    def checked_by(self) -> str:
        """Return the name of the check."""
        return self.check or self.ask


FIRST = {"nonce": "@first"}
CODE = ("code_version", "run_history")
LABELLED = {"stage": "label", "output": "labelled"}
METRICS = {"stage": "measure", "output": "metrics"}
MODEL = {"stage": "fit", "output": "model", "rows": [0.0, 1.0, 2.5]}

AFTER_A_GOOD_RUN = (
    Asked("state of a run", "state", FIRST),
    Asked("its parameters", "parameters", FIRST),
    Asked("a table of it", "table", {**FIRST, **LABELLED}),
)

KEPT_FOR_REUSE = Asked(
    "a table kept for reuse",
    "table",
    {**FIRST, "stage": "make_table", "output": "table"},
    check="reused_table",
)

SUCCEEDED = (
    Asked("list the runs", "runs"),
    *AFTER_A_GOOD_RUN,
    Asked("when it started", "started", FIRST),
    Asked("when it ended", "ended", FIRST),
    Asked("duration of each task", "durations", FIRST),
    Asked("who started it", "owner", FIRST),
    Asked(
        "version of its code",
        "versions",
        {"nonces": ["@first", "@second", "@changed"]},
        needs=CODE,
    ),
    Asked("source of a stage", "source", {**FIRST, "stage": "describe"}, needs=CODE),
    Asked("its Python and packages", "environment", FIRST),
    KEPT_FOR_REUSE,
    Asked("a value it returned", "value", {**FIRST, **METRICS}),
    Asked("a value a task was given", "given", {**FIRST, "stage": "approve", "argument": "metrics"}),
    Asked("a model, by its predictions", "predictions", {**FIRST, **MODEL}),
    Asked("a table of the latest run", "latest_table", LABELLED),
    Asked("metrics of all runs", "metrics", METRICS),
    Asked("stdout of a task", "stdout", {**FIRST, "stage": "measure"}),
    Asked("stderr of a task", "stderr", {**FIRST, "stage": "measure"}),
    Asked("what a model was made from", "made_from", {**FIRST, "stage": "fit"}),
    Asked("what was made from a table", "used_by", {**FIRST, "stage": "label"}),
    Asked("tasks served from a cache", "cached", {"nonce": "@second"}),
    Asked("the run a cached result is of", "cached_from", {"nonce": "@second", "stage": "make_table"}),
    Asked("runs with a parameter", "runs_with", {"parameter": "seed", "equals": 12}),
    Asked("the latest good run", "latest_good"),
    Asked("compare two runs", "compare", {"nonces": ["@first", "@changed"]}),
    Asked("a report of a run", "report", FIRST),
    Asked("its CPU or memory", "resources", FIRST),
)

OF_TRIES = (
    Asked("state of a run", "state", FIRST),
    Asked("tries of a task", "tries", {**FIRST, "stage": "approve"}),
    Asked("stdout of a task", "stdout", {**FIRST, "stage": "measure"}),
)

QUESTIONS: dict[str, tuple[Asked, ...]] = {
    "succeeded": SUCCEEDED,
    "brief": AFTER_A_GOOD_RUN,
    "failed": (
        *OF_TRIES,
        Asked("its parameters", "parameters", FIRST),
        Asked("when it ended", "ended", FIRST),
        Asked("the user's traceback", "error", {**FIRST, "stage": "approve"}),
        Asked("a value from before it failed", "value", {**FIRST, **METRICS}),
    ),
    "retried": OF_TRIES,
    "killed": (
        *AFTER_A_GOOD_RUN,
        Asked("what was done before", "durations", FIRST),
    ),
    "moved": (
        *AFTER_A_GOOD_RUN,
        KEPT_FOR_REUSE,
        Asked("a model, by its predictions", "predictions", {**FIRST, **MODEL}),
    ),
    "upgrade": (
        Asked("list the runs", "runs"),
        *AFTER_A_GOOD_RUN,
        Asked(
            "a table kept for reuse",
            "table",
            {**FIRST, "stage": "start", "output": "table"},
            check="reused_table",
        ),
        Asked("a value it returned", "value", {**FIRST, **METRICS}),
        Asked("a model, by its predictions", "predictions", {**FIRST, **MODEL}),
        Asked("stdout of a task", "stdout", {**FIRST, "stage": "measure"}),
        Asked("the latest good run", "latest_good"),
    ),
    "deleted": (
        Asked("delete a run", "delete", FIRST),
        Asked("it is gone", "state", FIRST, check="gone"),
        Asked("another is kept", "state", {"nonce": "@second"}),
    ),
    "tagged": (
        Asked("the latest good run", "latest_good"),
        Asked("when it started", "started", FIRST),
        Asked("write a tag", "tag", {**FIRST, "tag": "kept"}),
        Asked("runs with a tag", "tagged", {"tag": "kept"}),
        Asked("the latest good run, once another has a tag", "latest_good"),
        Asked("when it started, once it has a tag", "started", FIRST),
    ),
    "fanned": tuple(
        Asked(f"mapped tasks, {when}", "recorded", {**FIRST, "stage": "square"}, check, wait=wait)
        for when, check, wait in (
            ("at once", "recorded", 0.0),
            ("1 s later", "recorded", 1.0),
            ("10 s later", "recorded", 9.0),
            ("for good", "recorded_for_good", 15.0),
        )
    ),
    "history": (
        Asked("list the runs", "runs"),
        Asked("state of a run", "state", FIRST),
        Asked("runs with a parameter", "runs_with", {"parameter": "nonce", "equals": "@first"}),
        Asked("the latest good run", "latest_good"),
    ),
}
