"""The planted mistakes, as data: what is wrong, and what a message that helps would name.

Those of a stage's code are edits of the neutral source, so that they are the same for all; those of the
wiring are each tool's own (``adapters/<tool>/mistakes``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bench.pipeline import Value
from bench.scenarios import SourceEdit

__all__ = ["MEAN", "MISTAKES", "Mistake"]


@dataclass(frozen=True)
class Mistake:
    """One mistake.

    edits: of the neutral source; none where it is of the wiring or the command line. marker: text of the line
    that is wrong, by which file and line are found in the rendered project. stage: the stage that it is in.
    wrong: texts of which a message that helps names one. early: whether it is there before anything runs, so that
    it could be found then. parameters, mistyped: of the run. always: whether a run that ends well has not
    noticed it, whatever it delivers. noticed: whether a run that ends well delivers something else.
    """

    edits: tuple[SourceEdit, ...] = ()
    marker: str | None = None
    stage: str | None = None
    wrong: tuple[str, ...] = ()
    early: bool = False
    parameters: Mapping[str, Value] = field(default_factory=dict)
    mistyped: tuple[str, str] | None = None
    always: bool = False


def code(old: str, new: str, stage: str, *wrong: str, marker: str | None) -> Mistake:
    """Return a mistake in the body of a stage."""
    return Mistake((SourceEdit("stages.py", old, new),), marker, stage, wrong)


def wired(stage: str | None, *wrong: str, always: bool = False) -> Mistake:
    """Return a mistake of the wiring, which each adapter has as an edit of its own."""
    return Mistake(stage=stage, wrong=wrong, early=True, always=always)


MEAN = "    return sum(scores) / len(scores)\n"
GATHERED = "    return [int(day"
UNRETURNED = ("None", "return a value", "no output", "no value", "missing return")
"""What a message may say of a stage that returns nothing."""

MISTAKES: dict[str, Mistake] = {
    "exception": code(
        MEAN, MEAN.replace("len(scores)", "(len(scores) - len(scores))"), "assess", "ZeroDivisionError",
        marker="(len(scores) - len(scores))",
    ),
    "missing-import": code(
        MEAN, f"    import absentlib\n\n{MEAN}", "assess", "absentlib", marker="import absentlib"
    ),
    "missing-file": code(
        GATHERED, f'    Path("absent.csv").read_text()\n{GATHERED}', "gather", "absent.csv",
        marker='Path("absent.csv")',
    ),
    "forgotten-return": code(
        MEAN, "    sum(scores) / len(scores)\n", "assess", *UNRETURNED, marker=None
    ),
    "unpicklable": code(
        "(middle=middle)", "(middle=middle, again=lambda value: value)", "train", "lambda",
        marker=None,
    ),
    "misspelt-input": wired("score", "traned"),
    "missing-type-hint": wired("assess", "scores"),
    "wrong-type": wired("score", "gathered"),
    "cycle": wired("train", "scores"),
    "duplicate-name": wired("assess", "assess", always=True),
    "changing-graph": wired(None, "time_ns", "assess", always=True),
    "misspelt-parameter": Mistake(
        mistyped=("day", "dya"), parameters={"day": "2026-02-09"}, wrong=("dya",), early=True
    ),
    "parameter-type": Mistake(
        parameters={"count": "many"}, wrong=("many",), early=True
    ),
}  # fmt: skip
