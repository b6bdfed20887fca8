"""Makes the edits of a rendered project that an adapter describes (see :mod:`bench.contract.native_edit`)."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from bench.contract.native_edit import CHANGES, Change, load
from bench.contract.source_map import SourceMap, Span
from bench.errors import AdapterError, nearest
from bench.execution.token_diff import changed, tokens

__all__ = ["Size", "apply", "fitting", "planned", "size", "traced"]


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """The size of an edit.

    tokens: of all files, plus each word and variable that the user types. lines: shown but not scored.
    """

    files: int
    tokens_added: int
    tokens_removed: int
    lines_added: int
    lines_removed: int


def fitting(
    adapter: Path, name: str, project: Path, folder: str = CHANGES
) -> tuple[Change, dict[str, str]]:
    """Return an edit of an adapter, and the new text of each file that it touches; nothing is written.

    Raises AdapterError if the edit cannot be read or does not fit the rendered project.
    """
    change = load(adapter, name, folder)
    return change, planned(change, project, f"adapter '{adapter.name}': {folder}/{name}.toml")


def planned(change: Change, project: Path, where: str) -> dict[str, str]:
    """Return the new text of each file that a change touches, by its place; nothing is written.

    where: start of each message. Raises AdapterError for a missing file, for a new file that already exists,
    and for an ``old`` that does not occur exactly once.
    """
    texts: dict[str, str] = {}
    for number, edit in enumerate(change.edits, 1):
        at = f"{where}: edit {number}: {edit.file}"
        path = project / edit.file
        if edit.file not in texts and not path.is_file():
            found = [str(one.relative_to(project)) for one in project.rglob("*") if one.is_file()]
            raise AdapterError(f"{at} is no file of the project{nearest(edit.file, found)}")
        text = texts[edit.file] if edit.file in texts else path.read_text(encoding="utf-8")
        if (count := text.count(edit.old)) != 1:
            first = edit.old.strip().partition("\n")[0]
            raise AdapterError(f"{at} has {count} places that read {first!r}; old must stand there once")
        texts[edit.file] = text.replace(edit.old, edit.new)
    for file in change.files:
        if file.path in texts or (project / file.path).exists():
            raise AdapterError(f"{where}: {file.path} is to be added, but the project has it")
        texts[file.path] = file.text
    return texts


def size(change: Change, project: Path, texts: Mapping[str, str], argv: Sequence[str] = ()) -> Size:
    """Return the size of an edit before it is made. ``argv``: the command that the edit may replace.

    The step with which a person approves does not count.
    """
    added = len(change.arguments) + 2 * len(change.environment)
    added += sum(len(word.split()) for word in change.command[1:] if word not in argv)
    removed = lines_added = lines_removed = 0
    for name, text in texts.items():
        path = project / name
        old = path.read_text(encoding="utf-8") if path.is_file() else ""
        more, less = changed(tokens(old, name), tokens(text, name))
        added, removed = added + more, removed + less
        more, less = changed(old.splitlines(), text.splitlines())
        lines_added, lines_removed = lines_added + more, lines_removed + less
    return Size(
        files=len(texts),
        tokens_added=added,
        tokens_removed=removed,
        lines_added=lines_added,
        lines_removed=lines_removed,
    )


def apply(project: Path, texts: Mapping[str, str]) -> None:
    """Write the planned texts; all other files keep their inode and modification time."""
    for name, text in texts.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def traced(change: Change, source_map: SourceMap) -> SourceMap:
    """Return the source map with the functions that the change names."""
    named = {one.stage for one in change.stages}
    kept = tuple(span for span in source_map.spans if span.stage not in named)
    return SourceMap((*kept, *(Span(one.stage, one.file, one.function, ()) for one in change.stages)))
