"""The process that asks an adapter's probe: what it gets, and what it answers."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.execution.probe import PROBE_RUNNER

PROBE = '''
"""A probe."""
import sys

ROUTES = {"length": "api", "breaks": "layout", "leaves": "api", "odd": "api"}

def start(places, pipeline):
    print("a tool that talks")
    return places["state"] + pipeline

def length(handle, more: int) -> int:
    """A docstring."""
    # A comment.
    return _add(len(handle), more)

def breaks(handle):
    raise KeyError("two\\nlines")

def leaves(handle):
    sys.exit(3)

def odd(handle):
    return {1, 2}

def _add(one, other):
    return one + other
'''


def ask(folder: Path, probe: str, **asked: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Ask questions by their function; returns the answers by it, and what went to standard error."""
    file = folder / "probe.py"
    file.write_text(probe)
    questions = [
        {"id": name, "ask": name, "arguments": arguments, "wait": 0.0} for name, arguments in asked.items()
    ]
    request = {"places": {"state": "ab"}, "pipeline": "cd", "questions": questions}
    done = subprocess.run(
        [sys.executable, str(PROBE_RUNNER), str(file)],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        cwd=folder,
        check=True,
    )
    answers = json.loads(done.stdout)["answers"]
    return {answer.pop("id"): answer for answer in answers}, done.stderr


def test_a_function_answers_its_question_by_its_route(tmp_path: Path) -> None:
    """It is given what start() returned; what the tool prints does not spoil the answers."""
    answers, told = ask(tmp_path, PROBE, length={"more": 3})
    assert (answers["length"]["value"], answers["length"]["route"]) == (7, "api")
    assert "a tool that talks" in told


def test_a_question_without_a_function_has_no_route(tmp_path: Path) -> None:
    """The tool has no way to ask."""
    answers, _ = ask(tmp_path, PROBE, unknown={})
    assert (answers["unknown"]["value"], answers["unknown"]["route"]) == (None, None)
    assert answers["unknown"]["error"] is None


@pytest.mark.parametrize(
    ("question", "error"),
    [("breaks", "KeyError: 'two\\nlines'"), ("leaves", "SystemExit: 3"), ("odd", "TypeError")],
)
def test_an_error_is_one_line_and_the_next_question_is_asked_all_the_same(
    tmp_path: Path, question: str, error: str
) -> None:
    """Also where a tool's client ends the process, or an answer is no JSON."""
    answers, _ = ask(tmp_path, PROBE, **{question: {}}, length={"more": 0})
    assert answers[question]["error"].startswith(error)
    assert "\n" not in answers[question]["error"]
    assert answers["length"]["value"] == 4


def test_a_start_that_fails_is_the_error_of_every_question(tmp_path: Path) -> None:
    """Such as that of a tool that knows no run of this name."""
    answers, _ = ask(
        tmp_path, PROBE.replace("    print", "    1 / 0\n    print"), length={"more": 0}, odd={}
    )
    assert {answer["error"] for answer in answers.values()} == {"ZeroDivisionError: division by zero"}


def test_the_size_of_an_answers_code_counts_what_it_calls_and_no_comment(tmp_path: Path) -> None:
    """Nor docstrings, annotations or the layout of lines."""
    plain, _ = ask(tmp_path, PROBE, length={"more": 0})
    bare = PROBE.replace('    """A docstring."""\n    # A comment.\n', "").replace(
        "more: int) -> int:", "more):"
    )
    assert ask(tmp_path, bare, length={"more": 0})[0]["length"]["tokens"] == plain["length"]["tokens"]
    longer = PROBE.replace("return one + other", "return one + other + 0")
    assert ask(tmp_path, longer, length={"more": 0})[0]["length"]["tokens"] == plain["length"]["tokens"] + 2
