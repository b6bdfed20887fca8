"""Asks a tool what it knows: runs the adapter's ``probe.py`` with the tool's own interpreter."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.contract.adapter import Sandbox
from bench.contract.driver import Question
from bench.contract.records import Command

__all__ = ["PROBE_RUNNER", "answers", "command", "told"]

PROBE_RUNNER = Path(__file__).with_name("_probe_runner.py")


def command(file: Path, box: Sandbox, fresh: Path, pipeline: str, questions: Sequence[Question]) -> Command:
    """Return the command that asks; it runs in the folder ``fresh``, with its own home below."""
    places = {name: str(getattr(box, name)) for name in ("state", "home", "project", "tmp")}
    request = {
        "places": places,
        "pipeline": pipeline,
        "questions": [asdict(question) for question in questions],
    }
    return Command(
        argv=(str(box.python), str(PROBE_RUNNER), str(file)),
        cwd=str(fresh),
        env={"HOME": str(fresh / "home")},
        stdin=json.dumps(request),
    )


def told(output: Path, exit_code: int | None, questions: Sequence[Question]) -> dict[str, Any]:
    """Return, by id, the answers that a probe printed; if it printed nothing, the same error for each."""
    try:
        found = json.loads(output.read_text())["answers"]
    except ValueError:
        reason = f"the probe gave no answer, exit code {exit_code}"
        return {question.id: _unanswered(reason) for question in questions}
    return answers(questions, found)


def answers(questions: Sequence[Question], found: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return, by id, the answers, and for other questions that the tool has no route."""
    by_id = {
        answer["id"]: {name: value for name, value in answer.items() if name != "id"} for answer in found
    }
    return {question.id: by_id.get(question.id, _unanswered(None)) for question in questions}


def _unanswered(error: str | None) -> dict[str, Any]:
    return {"value": None, "route": None, "seconds": 0.0, "at": 0, "error": error, "tokens": 0}
