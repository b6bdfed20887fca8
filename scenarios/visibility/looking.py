"""Finds in text what a stage wrote, an error, or a page: facts, without judging them."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

__all__ = [
    "KINDS",
    "failing_line",
    "holds",
    "kind_of",
    "numbered",
    "ordered",
    "pictures",
    "places",
    "shows",
    "spoken",
    "squeezed",
    "stage_of",
    "told",
]

KINDS = ("print", "logging", "warnings", "native")
"""The ways in which a stage writes to the terminal."""
SPOKEN = re.compile(rf"(\w+)-({'|'.join(KINDS)})-([12])-([0-9a-f]{{12}})")
FRAME = str.maketrans("", "", "│|╭╮╰╯─")
"""What tools draw around a message."""
ENCODED = re.compile(rb"[A-Za-z0-9+/]{200,}={0,2}")
PICTURE = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=]+)")
LARGEST = 20_000_000
"""Bytes of a file beyond which no page is looked for in it."""


def spoken(stages: Iterable[str]) -> list[str]:
    """Return the lines of stages in the order in which they are written, each as ``stage-kind-turn``."""
    return [f"{stage}-{kind}-{turn}" for stage in stages for turn in "12" for kind in KINDS]


def told(text: str, nonce: str) -> list[str]:
    """Return the lines of a run that stand in a text, each once, in the order of the text."""
    found = [match.rpartition("-")[0] for match in _whole(text) if match.endswith(nonce)]
    return list(dict.fromkeys(found))


def squeezed(text: str) -> str:
    """Return a text without blanks, frames and the user's own lines: tools wrap what they say."""
    others = [line for line in text.splitlines() if SPOKEN.search(line) is None]
    return "".join("".join(others).translate(FRAME).split())


def failing_line(project: Path, text: str) -> list[tuple[str, int]]:
    """Return the name of each file of a project that has a line with ``text``, and its number."""
    return [
        (path.name, number)
        for path in sorted(project.rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if text in line
    ]


def shows(
    text: str, stage: str, error: str, where: Iterable[tuple[str, int]], line: str
) -> dict[str, bool]:
    """Return what of a failure stands in a text.

    where: file and number of the user's line; line: its text.
    """
    small = squeezed(text)
    forms = [form for file, number in where for form in (f'{file}",line{number}', f"{file}:{number}")]
    return {
        "stage": stage in small,
        "type": "ValueError" in small,
        "text": error in small,
        "line": any(re.search(rf"{re.escape(form)}(?!\d)", small) is not None for form in forms),
        "line's text": squeezed(line) in small,
    }


def numbered(text: str, nonce: str, width: int) -> dict[str, int]:
    """Return how many numbered lines stand in a text whole, and how many begin in it."""
    begun = re.findall(rf"{nonce} (\d{{7}}) ", text)
    whole = {
        number
        for number, dots in re.findall(rf"{nonce} (\d{{7}}) (\.*) end\.", text)
        if len(dots) == width - 5 - len(f"{nonce} {number} ")
    }
    return {"whole": len(whole), "begun": len(set(begun))}


def pictures(page: str) -> list[str]:
    """Return the pictures that stand in a page as their text in base64."""
    return PICTURE.findall(page)


def holds(text: str, nonce: str, picture: str) -> dict[str, bool]:
    """Return whether a page has a run's nonce and picture, also where it carries them encoded itself."""
    whole = "\n".join([text, *_decoded(text.encode())])
    return {"nonce": nonce in whole, "picture": bool(picture) and picture in whole}


def places(root: Path, picture: str, skip: Iterable[Path]) -> Iterator[str]:
    """Yield the files below a folder that show a picture as a page does, by their path in it.

    A value that holds the same text, such as a string in JSON, is no page: there its quotes are escaped.
    """
    shown = f'src="data:image/png;base64,{picture}"'.encode()
    skipped = set(skip)
    for path in sorted(root.rglob("*")):
        if skipped & {path, *path.parents} or path.is_symlink() or not path.is_file():
            continue
        if path.stat().st_size > LARGEST:
            continue
        data = path.read_bytes()
        if shown in data or any(picture in text for text in _decoded(data)):
            yield str(path.relative_to(root))


def stage_of(line: str) -> str:
    """Return the stage that wrote a line."""
    return line.split("-", maxsplit=1)[0]


def kind_of(line: str) -> str:
    """Return the way in which a line was written."""
    return line.split("-")[1]


def _whole(text: str) -> Iterator[str]:
    return (match.group() for match in SPOKEN.finditer(text))


def _decoded(data: bytes) -> Iterator[str]:
    """Yield what long pieces of base64 in a text stand for, where that is text itself."""
    for match in ENCODED.finditer(data):
        try:
            yield base64.b64decode(match.group()).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue


def ordered(found: Mapping[str, list[str]], expected: list[str]) -> bool:
    """Whether the lines of each stream stand in the order in which they were written."""
    rank = {line: number for number, line in enumerate(expected)}
    return all(
        [rank[line] for line in lines if line in rank]
        == sorted(rank[line] for line in lines if line in rank)
        for lines in found.values()
    )
