"""What a message names: the file, the line, the stage and what is wrong in it. How long it is does not count."""

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from pathlib import Path, PurePosixPath

__all__ = ["Place", "differing", "named", "places", "texts"]

Place = tuple[str, int]
"""A file, relative to the project, and a line of it from 1."""

BOXES = re.compile(r"[\s─-╿|]+")
"""White space, and what frames are drawn with: some tools wrap their lines, and put them into boxes."""
BETWEEN = r"\D{0,14}"
"""Between a file and a line: ``", line 12``, ``:12``, or a frame's padding."""


def places(project: Path, marker: str) -> list[Place]:
    """Return where a text stands in the Python files of a project."""
    found = []
    for path in sorted(project.rglob("*.py")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if marker in line:
                found.append((str(path.relative_to(project)), number))
    return found


def named(text: str, where: Iterable[Place], stage: str | None, wrong: Iterable[str]) -> Mapping[str, bool]:
    """Return which of the things that are known of a mistake a message names.

    Keys: ``file``, ``line``, ``stage``, ``wrong``; what is not known is not asked for. A line counts only right
    after its file, and any of several lines will do.
    """
    joined = BOXES.sub("", text)
    found: dict[str, bool] = {}
    where = list(where)
    if where:
        names = {PurePosixPath(file).name for file, _ in where}
        found["file"] = any(name in joined for name in names)
        found["line"] = any(
            re.search(rf"{re.escape(PurePosixPath(file).name)}{BETWEEN}{line}(?!\d)", joined)
            for file, line in where
        )
    if stage is not None:
        found["stage"] = re.search(rf"(?<![a-z]){re.escape(stage)}(?![a-z])", text) is not None
    texts = [BOXES.sub("", one) for one in wrong]
    if texts:
        found["wrong"] = any(one in joined for one in texts)
    return found


def texts(project: Path) -> dict[str, list[str]]:
    """Return the lines of each Python file of a project."""
    return {
        str(path.relative_to(project)): path.read_text(encoding="utf-8").splitlines()
        for path in sorted(project.rglob("*.py"))
    }


def differing(before: Mapping[str, list[str]], after: Mapping[str, list[str]]) -> list[Place]:
    """Return the lines that an edit has put in or changed, but not those that are blank."""
    found = []
    for file, lines in after.items():
        codes = SequenceMatcher(a=before.get(file, []), b=lines, autojunk=False).get_opcodes()
        for run_options, _, _, start, end in codes:
            if run_options != "equal":
                found += [(file, number + 1) for number in range(start, end) if lines[number].strip()]
    return found
