"""Steps of the visibility scenario: runs that tell of themselves, then a look at what is shown of them."""

import secrets
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bench.adapters import Sandbox
from bench.contract.records import Role, Run
from bench.scenarios import Driver, Point, Question, RunningCommand, RunOptions, Scenario, TrialFault

from .looking import failing_line, holds, numbered, pictures, places, shows, told

SETTLE_S = 5.0
"""Seconds before the first question: some records are written late."""
FAILS = "measure"
"""The stage that fails, or is held."""
BEFORE = "prepare"
RAISES = 'raise ValueError(f"refused-'
KEPT_BYTES = 5_000_000
"""Of a longer log only its ends are kept as evidence."""
END_BYTES = 100_000
NOT_PAGES = ("results", "data")
LONG = "toil"
"""The stage that goes on step by step."""
HELD_IN = (2, 3)
"""The steps in which it is held: with each it has gone on by one since."""


class Visibility(Scenario):
    """Runs, and looks: at the terminal, at what the tool tells in a new process, at its pages."""

    def steps(self, driver: Driver, profile: str) -> None:  # noqa: ARG002 - the contract's
        """Do what the case says."""
        driver.facts["absent"] = {
            name: {"scope": lacks.scope, "reason": lacks.reason} for name, lacks in driver.lacking.items()
        }
        if driver.trial.case == "ui":
            driver.require("ui")
        driver.render()
        if self.manifest.edits is not None and not self.manifest.cases[driver.trial.case].neutral:
            driver.edit_project(driver.trial.case, self.manifest.edits)
        STEPS.get(driver.trial.case, _volume)(driver)


def _lines(driver: Driver) -> None:
    run, nonce = _go(driver)
    _log_facts(driver, run, nonce, list(driver.pipeline.stages))


def _failure(driver: Driver) -> None:
    run, nonce = _go(driver)
    stages = list(driver.pipeline.stages)
    kept = _log_facts(driver, run, nonce, stages[: stages.index(FAILS) + 1])
    text = _terminal(driver, run)
    where = failing_line(driver.sandbox.project, RAISES)
    if not where:
        raise TrialFault("scenario", "the project has no line that raises")
    looked_for = (FAILS, f"refused-{nonce}", where, RAISES)
    error = kept["error"]
    lines = [line for line in text.splitlines() if line.strip()]
    driver.facts["failure"] = {
        "terminal": shows(text, *looked_for),
        "kept": _without_value(error)
        | {"shows": None if error["value"] is None else shows(str(error["value"]), *looked_for)},
        "lines": len(lines) - len(told(text, nonce)),
    }


def _live(driver: Driver) -> None:
    nonce = secrets.token_hex(6)
    seen: dict[str, Any] = {}

    def look(_: RunningCommand) -> None:
        logs = sorted(driver.evidence.glob("*-fresh/std*.txt"))
        text = "\n".join(path.read_text(errors="replace") for path in logs)
        running = Question("running", "running", {"nonce": nonce}, SETTLE_S)
        answers = driver.probe([running, *_log_questions([BEFORE], nonce)])
        seen.update(
            {
                "terminal": shows(text, FAILS, "", [], RAISES)["stage"],
                "running": answers["running"],
                "kept": _kept(answers, [BEFORE], nonce),
            }
        )

    driver.hold("fresh", Point(FAILS, "start"), look, RunOptions(parameters={"nonce": nonce}))
    driver.facts |= {"live": seen, "nonce": nonce}


def _progress(driver: Driver) -> None:
    """Ask while a stage is at work, which tells how far it is by the means of the tool."""
    nonce = secrets.token_hex(6)
    interim_checks: list[dict[str, Any]] = []

    def look(step: int) -> None:
        question = Question("progress", "progress", {"nonce": nonce, "stage": LONG}, SETTLE_S)
        answer = driver.probe([question])["progress"]
        interim_checks.append({"done": step - 1, "said": answer["value"], **_without_value(answer)})

    driver.halt("fresh", HELD_IN, look, RunOptions(parameters={"nonce": nonce}))
    steps = driver.parameters.get("steps", driver.pipeline.parameters["steps"].default)
    driver.facts |= {"progress": {"steps": steps, "looks": interim_checks}, "nonce": nonce}


def _graph(driver: Driver) -> None:
    _, nonce = _go(driver)
    run_options = RunOptions(sandbox=driver.besides("pages"))
    answer = driver.probe([Question("graph", "graph", {"nonce": nonce}, SETTLE_S)], run_options)["graph"]
    if answer["value"] is not None:
        document = str(answer["value"].pop("document"))
        (driver.evidence / f"graph.{answer['value']['form']}").write_text(driver.redact(document))
    driver.facts |= {"graph": answer, "dot": shutil.which("dot") is not None}


def _report(driver: Driver) -> None:
    first, second = _page_run(driver), _page_run(driver)
    about = {"stage": "draw", "output": "page"}
    answers = driver.probe(
        [
            Question("page", "page", {"nonce": first["nonce"], **about}, SETTLE_S),
            Question("pages", "pages", about),
        ]
    )
    one, several = answers["page"], answers["pages"]
    for run in (first, second):
        looked_for = (run["nonce"], run["picture"])
        run["in page"] = holds(str(one["value"]), *looked_for)
        run["in pages"] = [holds(str(page), *looked_for) for page in several["value"] or ()]
    driver.facts |= {
        "shown": [first, second],
        "page": _without_value(one),
        "pages": _without_value(several),
    }


def _page_run(driver: Driver) -> dict[str, Any]:
    """Make a run, and note its picture and where in the sandbox a page shows it."""
    _, nonce = _go(driver)
    page = driver.sandbox.results / "page.html"
    found = pictures(page.read_text()) if page.is_file() else []
    picture = found[0] if found else ""
    root = driver.sandbox.root
    skip = [root / name for name in NOT_PAGES]
    return {
        "nonce": nonce,
        "picture": picture,
        "places": list(places(root, picture, skip)) if found else [],
    }


def _volume(driver: Driver) -> None:
    run, nonce = _go(driver)
    parameters = {name: one.default for name, one in driver.pipeline.parameters.items()} | dict(
        driver.parameters
    )
    width = int(str(parameters["width"]))
    question = Question("stdout", "stdout", {"nonce": nonce, "stage": "pour"}, SETTLE_S)
    answer = driver.probe([question])["stdout"]
    driver.facts["volume"] = {
        "printed": parameters["lines"],
        "terminal": numbered(_terminal(driver, run), nonce, width),
        "kept": _without_value(answer)
        | {"found": None if answer["value"] is None else numbered(str(answer["value"]), nonce, width)},
    }
    for path in driver.evidence.glob("*/std*.txt"):
        _shorten(path)


def _ui(driver: Driver) -> None:
    """Run with all that the pages need, as a user does who looks at them."""
    box = driver.besides("pages")
    _, nonce = _go(driver, box)
    driver.start_viewer(box)
    question = Question("address", "address", {"nonce": nonce}, SETTLE_S)
    answer = driver.probe([question], RunOptions(sandbox=box))["address"]
    page = None if answer["value"] is None else driver.browse(str(answer["value"]), FAILS)
    driver.facts["ui"] = _without_value(answer) | {
        "run": page is not None and nonce in page,
        "task": page is not None and FAILS in page and "Failed" in page,
        "message": page is not None and f"refused-{nonce}" in page,
    }


STEPS: Mapping[str, Callable[[Driver], None]] = {
    "lines": _lines,
    "failure": _failure,
    "live": _live,
    "progress": _progress,
    "graph": _graph,
    "handed-on": _graph,
    "report": _report,
    "ui": _ui,
}


def _go(driver: Driver, sandbox: Sandbox | None = None) -> tuple[Run, str]:
    """Make a run with a nonce of its own."""
    nonce = secrets.token_hex(6)
    role: Role = "reused" if driver.runs else "fresh"
    run = driver.run(role, RunOptions(parameters={"nonce": nonce}, sandbox=sandbox))
    driver.facts["nonce"] = nonce
    return run, nonce


def _terminal(driver: Driver, run: Run) -> str:
    return "\n".join(path.read_text(errors="replace") for path in driver.logs(run))


def _log_facts(driver: Driver, run: Run, nonce: str, stages: list[str]) -> dict[str, Any]:
    """Note which lines stand in the terminal and in the log of each task; returns the answers."""
    questions = [
        *_log_questions(stages, nonce),
        Question("error", "error", {"nonce": nonce, "stage": FAILS}),
    ]
    answers = driver.probe(questions)
    out, err = (path.read_text(errors="replace") for path in driver.logs(run))
    driver.facts |= {
        "stages": stages,
        "terminal": {"stdout": told(out, nonce), "stderr": told(err, nonce)},
        "kept": _kept(answers, stages, nonce),
    }
    return answers


def _log_questions(stages: list[str], nonce: str) -> list[Question]:
    return [
        Question(
            f"{stream} of {stage}", stream, {"nonce": nonce, "stage": stage}, SETTLE_S if first else 0.0
        )
        for number, stage in enumerate(stages)
        for first, stream in ((number == 0, "stdout"), (False, "stderr"))
    ]


def _kept(answers: Mapping[str, Any], stages: list[str], nonce: str) -> dict[str, Any]:
    """Return by stage and stream which lines its log holds, and how that was asked for."""
    return {
        stage: {
            stream: _without_value(answers[f"{stream} of {stage}"])
            | {"lines": told(str(answers[f"{stream} of {stage}"]["value"]), nonce)}
            for stream in ("stdout", "stderr")
        }
        for stage in stages
    }


def _without_value(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {"told": answer["value"] is not None, "route": answer["route"], "error": answer["error"]}


def _shorten(path: Path) -> None:
    """Keep the ends of a long file."""
    size = path.stat().st_size
    if size <= KEPT_BYTES:
        return
    with path.open("rb") as file:
        head = file.read(END_BYTES)
        file.seek(size - END_BYTES)
        tail = file.read()
    note = f"\n[{size - 2 * END_BYTES} bytes are not kept as evidence]\n".encode()
    path.write_bytes(head + note + tail)
