"""Steps of the metadata scenario: runs of known content, then questions in a process that has nothing else."""

import json
import secrets
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bench.adapters import Sandbox
from bench.contract.records import Role, Run
from bench.pipeline import Value
from bench.scenarios import Driver, Point, Question, RunOptions, Scenario, SourceEdit

from .keeping import only, size
from .questions import QUESTIONS, Asked

SETTLE_S = 8.0
"""Seconds before the first question: the slowest record that was seen took 6 to settle."""
FANNED = {"smoke": 20, "quick": 20}
HISTORY = {"smoke": (1, 10), "quick": (1, 10), "standard": (1, 100), "thorough": (1, 100, 1000)}
"""After how many runs it is asked."""
BY_COMMAND = 100
"""Runs that are each made by a command of their own; more of them by one, where the adapter has such a one."""
MOST_MAPPED = 200
FEWER_MAPPED = 100
UNCACHED = SourceEdit("kept.py", ", cached=True", "")
SERVER = "server"
"""Folder of the data of the trial's own server, in its sandbox."""
EDIT = SourceEdit("stages.py", "seed // 2", "seed // 2 + 1")


class Metadata(Scenario):
    """Makes runs, takes all away that the tool does not name as a place of its own, and asks."""

    def steps(self, driver: Driver, profile: str) -> None:
        """Do what the case says."""
        case = driver.trial.case
        absent = {
            name: {"scope": lacks.scope, "reason": lacks.reason} for name, lacks in driver.lacking.items()
        }
        driver.facts |= {"runs": {}, "asked": [], "absent": absent}
        if case != "upgrade":  # which starts that of another version
            driver.start_server(driver.sandbox.root / SERVER)
        driver.render()
        STEPS[case](driver, profile)


def _succeeded(driver: Driver, _: str) -> None:
    go(driver, "first")
    go(driver, "second")
    driver.edit([EDIT])
    go(driver, "changed", seed=12)
    ask(driver, QUESTIONS["succeeded"])


def _brief(driver: Driver, _: str) -> None:
    go(driver, "first")
    ask(driver, QUESTIONS["brief"])


def _failed(driver: Driver, _: str) -> None:
    go(driver, "first", fails="always")
    ask(driver, QUESTIONS["failed"])


def _retried(driver: Driver, _: str) -> None:
    driver.require("retries")
    go(driver, "first", fails="once")
    ask(driver, QUESTIONS["retried"])


def _killed(driver: Driver, _: str) -> None:
    go(driver, "first", killed_at=Point("measure", "start"))
    ask(driver, QUESTIONS["killed"])


def _moved(driver: Driver, _: str) -> None:
    """Move all of the tool's folders, and the server's, to another place."""
    go(driver, "first")
    served = driver.has_server
    driver.stop_server()
    box = driver.sandbox
    base = box.root / "moved"
    base.mkdir()
    names = ("home", "tmp", "project", "state", "results", "data")
    for name in names:
        (box.root / name).rename(base / name)
        (box.root / name).mkdir()
    if served:
        (box.root / SERVER).rename(base / SERVER)
        driver.start_server(base / SERVER)
    moved = replace(box, **{name: base / name for name in names})
    ask(driver, QUESTIONS["moved"], moved)


def _upgrade(driver: Driver, _: str) -> None:
    """Run by the minor version before, and by its server; then start the measured one's on the same data.

    What cannot be asked at all is not worth another environment: it is run as it is.
    """
    asks = _can_ask(driver, "upgrade")
    earlier = driver.adapter.manifest.earlier
    if earlier is not None and "cache" in earlier.absent:
        driver.edit([UNCACHED])
    box = driver.earlier_version() if asks else driver.sandbox
    driver.facts["by_harness"] = "it was run by another version of the tool than it was asked of"
    driver.start_server(box.root / SERVER, box)
    go(driver, "first", sandbox=box)
    driver.stop_server()
    driver.start_server(box.root / SERVER)
    ask(driver, QUESTIONS["upgrade"])


def _can_ask(driver: Driver, case: str) -> bool:
    """Whether the adapter's ``probe.py`` has a function for one of the questions of a case."""
    file = driver.adapter.folder / "probe.py"
    text = file.read_text() if file.is_file() else ""
    return any(f"def {one.ask}(" in text for one in QUESTIONS[case])


def _tagged(driver: Driver, _: str) -> None:
    driver.require("run_history")
    go(driver, "first")
    go(driver, "second")
    ask(driver, QUESTIONS["tagged"])


def _deleted(driver: Driver, _: str) -> None:
    driver.require("run_history")
    go(driver, "first")
    go(driver, "second")
    ask(driver, QUESTIONS["deleted"])


def _fanned(driver: Driver, profile: str) -> None:
    """Map as many tasks as asked, or fewer where the tool refuses so many."""
    driver.require("run_history", "dynamic_map")
    count = FANNED.get(profile, MOST_MAPPED)
    run = go(driver, "first", count=count)
    if count > FEWER_MAPPED and not run.ended.well:
        driver.facts["refused"] = count
        go(driver, "first", count=FEWER_MAPPED)
    ask(driver, QUESTIONS["fanned"], settle=0.0)


def _history(driver: Driver, profile: str) -> None:
    driver.require("run_history")
    counts = HISTORY[profile]
    driver.facts["in one process"] = 0
    done = 0
    for count in counts:
        labels = ["first" if number == 0 else f"run {number}" for number in range(done, count)]
        if done < BY_COMMAND or not go_together(driver, labels):
            for label in labels:
                go(driver, label)
        done = count
        sized = [*driver.adapter.state(driver.sandbox), driver.sandbox.root / SERVER]
        driver.facts[f"bytes at {count}"] = size(sized)
        questions = [replace(asked, id=f"{asked.id}, of {count}") for asked in QUESTIONS["history"]]
        ask(driver, questions, settle=None if count > 1 else 1.0)


STEPS: Mapping[str, Callable[[Driver, str], None]] = {
    "succeeded": _succeeded,
    "brief": _brief,
    "failed": _failed,
    "retried": _retried,
    "killed": _killed,
    "moved": _moved,
    "upgrade": _upgrade,
    "tagged": _tagged,
    "deleted": _deleted,
    "fanned": _fanned,
    "history": _history,
}


def go(
    driver: Driver,
    label: str,
    killed_at: Point | None = None,
    sandbox: Sandbox | None = None,
    **parameters: Value,
) -> Run:
    """Make a run with a nonce of its own, and note what is true of it."""
    nonce = secrets.token_hex(6)
    run_options = RunOptions(parameters={"nonce": nonce, **parameters}, sandbox=sandbox)
    role: Role = "fresh" if not driver.runs else "changed" if label == "changed" else "reused"
    if killed_at is None:
        run = driver.run(role, run_options)
    else:
        run = driver.hold(
            role, killed_at, lambda running: running.signal(signal.SIGKILL, "main"), run_options
        )
    _note(driver, label, run, {"nonce": nonce, **parameters}, killed=killed_at is not None)
    return run


def go_together(driver: Driver, labels: Sequence[str]) -> bool:
    """Make runs by one command, each with a nonce of its own; False where the tool has none for that."""
    nonces = [secrets.token_hex(6) for _ in labels]
    run = driver.run_many([{"nonce": nonce} for nonce in nonces])
    if run is None:
        return False
    for label, nonce in zip(labels, nonces, strict=True):
        _note(driver, label, run, {"nonce": nonce}, killed=False)
    driver.facts["in one process"] += len(labels)
    return True


def _note(driver: Driver, label: str, run: Run, given: Mapping[str, Value], *, killed: bool) -> None:
    """Note what is true of a run; of several made by one command, all but the nonce is that command's."""
    report = driver.sandbox.results / "report.json"
    driver.facts["runs"][label] = {
        "nonce": given["nonce"],
        "index": len(driver.runs) - 1,
        "parameters": {
            name: given.get(name, parameter.default)
            for name, parameter in driver.pipeline.parameters.items()
            if name != "results"
        },
        "ended": "killed" if killed else "succeeded" if run.ended.well else "failed",
        "spawned": run.started,
        "exited": run.started + (run.seconds("exit") or 0.0),
        "exit_ns": run.marks.get("exit", 0),
        "delivered": json.loads(report.read_text()) if report.is_file() else None,
    }


def ask(
    driver: Driver,
    questions: Sequence[Asked],
    moved: Sandbox | None = None,
    settle: float | None = None,
) -> None:
    """Ask in a new process that finds nothing but the tool's places, and note the answers."""
    box = moved or driver.sandbox
    settle = SETTLE_S if settle is None else settle
    nonces = {f"@{label}": told["nonce"] for label, told in driver.facts["runs"].items()}
    asked = [
        Question(
            question.id,
            question.ask,
            {name: _filled(value, nonces) for name, value in question.arguments.items()},
            question.wait + (0.0 if number else settle),
        )
        for number, question in enumerate(questions)
    ]
    with only(box, driver.adapter.state(box)):
        answers = driver.probe(asked, RunOptions(sandbox=box))
    for question, told in zip(questions, asked, strict=True):
        driver.facts["asked"].append(
            {
                "id": told.id,
                "ask": told.ask,
                "arguments": dict(told.arguments),
                "check": question.checked_by,
                "needs": list(question.needs),
                "among": len(nonces),
                **answers[told.id],
            }
        )


def _filled(value: Any, nonces: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_filled(item, nonces) for item in value]
    return nonces.get(value, value) if isinstance(value, str) else value
