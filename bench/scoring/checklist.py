"""The published checklist: what is answered from documentation where nothing was measured.

``criteria/checklist.toml`` has the questions, the same for all tools; ``facts.toml`` in an adapter's folder
has its answers. An answer without a source does not load, and *unknown* is not *no*.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from bench.contract.records import ResultSet
from bench.contract.toml import Table, read_tables
from bench.errors import AdapterError, StoreError, UsageError, nearest
from bench.scoring.criteria_files import criteria_folder, load

__all__ = ["QUOTE_WORDS", "Answer", "Question", "answers", "builtins", "questions", "recorded"]

QUOTE_WORDS = 25
"""The longest quote: enough to decide, and short enough to be one."""

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SOURCE = re.compile(r"https://\S+|[\w.@+-]+(/[\w.@+-]+)*/[\w.@+-]*\.\w+")


class Question(Table, frozen=True, kw_only=True):
    """One question that any tool could answer.

    criterion: of the default set. good: the answer that is worth something. why: why a platform team asks.
    """

    criterion: str
    question: str
    why: str
    good: Literal["yes", "no"] = "yes"


class Answer(Table, frozen=True, kw_only=True):
    """What one tool's documentation says to one question.

    answer: ``paid`` is a yes that holds only in a commercial product or service. quote: at most
    :data:`QUOTE_WORDS` words, as they stand in the source. source: an https address, or a path in a
    repository or package. version: of what the source speaks of. date: of the look-up. looked: for
    ``unknown``, in place of quote and source, where it was looked for.
    """

    answer: Literal["yes", "no", "paid", "unknown"]
    version: str
    date: date
    quote: str | None = None
    source: str | None = None
    looked: str | None = None

    def score(self, question: Question) -> float | None:
        """Return what the answer is worth, from 0 to 1; None where it is unknown."""
        if self.answer == "unknown":
            return None
        if self.answer == "paid":
            return 0.5
        return 1.0 if self.answer == question.good else 0.0

    def fault(self) -> str | None:
        """Return what keeps the answer from counting, in a few words; None where nothing does."""
        if not self.version.strip():
            return "has no version"
        if self.answer == "unknown":
            return self._fault_unknown()
        if self.looked is not None:
            return f"is answered '{self.answer}' and has 'looked', which is for unknown"
        if not (self.quote or "").strip():
            return "has no quote; give the words of the source, or answer unknown"
        if not (self.source or "").strip():
            return "has no source; give one, or answer unknown"
        if not _SOURCE.fullmatch(self.source or ""):
            return f"has the source '{self.source}'; give an https address or the path of a file in a repository"
        words = len((self.quote or "").split())
        if words > QUOTE_WORDS:
            return f"has a quote of {words} words; at most {QUOTE_WORDS}"
        return None

    def _fault_unknown(self) -> str | None:
        if self.quote is not None or self.source is not None:
            return "is unknown and has a quote or a source; give 'looked' alone, or answer yes, no or paid"
        if not (self.looked or "").strip():
            return "is unknown and does not say where it was looked for; give 'looked'"
        return None


def questions(path: Path | None = None) -> dict[str, Question]:
    """Return the questions by id, in the order of the file; without a path, those that come with bench.

    Raises UsageError with the file and the place.
    """
    return _shipped() if path is None else _checked(path)


@cache
def _shipped() -> dict[str, Question]:
    return _checked(criteria_folder() / "checklist.toml")


def _checked(path: Path) -> dict[str, Question]:
    found = read_tables(path, Question, UsageError)
    criteria = {criterion.name for criterion in load("default").criteria}
    for name, question in found.items():
        if not _ID.fullmatch(name):
            raise UsageError(
                f"{path}: [{name}]: a question's id is of small letters, digits and single '-'"
            )
        if question.criterion not in criteria:
            raise UsageError(
                f"{path}: [{name}]: '{question.criterion}' is no criterion"
                f"{nearest(question.criterion, criteria)}"
            )
    return found


def answers(folder: Path) -> dict[str, Answer]:
    """Return an adapter's answers by the question's id; none where it has no ``facts.toml``.

    Raises AdapterError with the file and the place for one that may not count.
    """
    path = folder / "facts.toml"
    if not path.exists():
        return {}
    found = read_tables(path, Answer, AdapterError)
    known = questions()
    for name, answer in found.items():
        if name not in known:
            raise AdapterError(f"{path}: [{name}] is no question of the checklist{nearest(name, known)}")
        fault = answer.fault()
        if fault is not None:
            raise AdapterError(f"{path}: [{name}] {fault}")
    return found


def recorded(result_set: ResultSet) -> tuple[dict[str, Question], dict[str, dict[str, Answer]]]:
    """Return the questions that a result set was made with, and each tool's answers by question.

    Nothing is read from outside it. Sets of before the checklist have neither. Raises StoreError where
    what it stored is of another form.
    """
    told = {tool: about.get("facts") or {} for tool, about in result_set.adapters.items()}
    try:
        asked = msgspec.convert(result_set.questions, dict[str, Question])
        return asked, msgspec.convert(told, dict[str, dict[str, Answer]])
    except msgspec.ValidationError as error:
        raise StoreError(
            f"the checklist stored in a result set of {result_set.created}: {error}"
        ) from error


def builtins(of: Mapping[str, Question] | Mapping[str, Answer]) -> Any:
    """Return questions or answers as a result set stores them: what :func:`recorded` reads."""
    return msgspec.to_builtins(of)
