"""Removes user name, host name and private paths from evidence, so that a result set can be published."""

import functools
import getpass
import os
import re
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from bench.folders import data_folder

__all__ = ["Redaction"]

PIECE = 1 << 20
"""Bytes of a log that are read at once; a line may be longer."""
COMMON = frozenset(
    {"admin", "bench", "build", "debian", "docker", "model", "python", "runner", "stage", "table", "ubuntu"}
)
"""Names too common to be removed from ordinary text; they are only removed from addresses and paths."""
SHORTEST = 5
"""Least length of a name that is removed as a single word; a shorter name would match ordinary text."""


class Redaction:
    """Replaces private texts by names in angle brackets, the longest first.

    places: maps private text to its public name, such as the path of a sandbox to ``<sandbox>``. The redactor finds
    the home folder, the folder of bench, the user name and the host name itself.
    """

    def __init__(self, places: Mapping[str, str]) -> None:
        names: dict[str, str] = {text: public for text, public in places.items() if len(text) > 1}
        names.setdefault(str(Path(__file__).parents[2]), "<bench>")
        home = _home()
        if home is not None:
            names.setdefault(home, "<home>")
        patterns = [re.escape(text) for text in sorted(names, key=len, reverse=True)]
        for user in _users():
            names |= {f"{user}@": "<user>@", f"/home/{user}": "<home>"}
            patterns += [rf"\b{re.escape(user)}@", rf"/home/{re.escape(user)}\b"]
            patterns += _word(user, "<user>", names)
        for host in _hosts():
            names[f"@{host}"] = "@<host>"
            patterns += [rf"@{re.escape(host)}\b", *_word(host, "<host>", names)]
        self._names = {text.encode("utf-8", "surrogateescape"): public for text, public in names.items()}
        self._longest = max(len(text) for text in self._names)
        self._pattern = re.compile("|".join(patterns).encode("utf-8", "surrogateescape"))

    def text(self, text: str) -> str:
        """Return the text without private parts, as valid UTF-8."""
        data = self._bytes(text.encode("utf-8", "surrogateescape"))
        return data.decode("utf-8", "backslashreplace")

    def value(self, value: Any) -> Any:
        """Return JSON values with every text in them redacted."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(str(key)): self.value(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self.value(item) for item in value)
        return value

    def file(self, path: Path) -> None:
        """Redact a file in place, piece by piece; everything else in it stays unchanged."""
        part = path.with_name(path.name + ".part")
        with path.open("rb") as source, part.open("wb") as target:
            changed = self._stream(source, target)
        if changed:
            part.replace(path)
        else:
            part.unlink()

    def _stream(self, source: BinaryIO, target: BinaryIO) -> bool:
        """Copy a stream and redact it, as if it were one text; return whether anything was private."""
        changed, ended = False, False
        data, at = b"", 0
        while not ended:
            more = source.read(PIECE)
            ended = not more
            # Keep one byte before: it and the byte after a name decide whether the name is a word.
            data, at = data[max(0, at - 1) :] + more, min(at, 1)
            settled = len(data) if ended else max(at, len(data) - self._longest - 1)
            for match in self._pattern.finditer(data, at):
                if match.start() >= settled:
                    break
                target.write(data[at : match.start()] + self._names[match.group()].encode())
                changed, at = True, match.end()
            target.write(data[at:settled])
            at = max(at, settled)
        return changed

    def _bytes(self, data: bytes) -> bytes:
        return self._pattern.sub(lambda match: self._names[match.group()].encode(), data)


@functools.cache
def _own_words() -> frozenset[str]:
    """Return the names of tools, scenarios and pipelines. A user name equal to one of them identifies nobody."""
    folders = (data_folder(name) for name in ("adapters", "scenarios", "pipelines"))
    paths = (path for folder in folders for path in (*folder.glob("*"), *folder.glob("*/*.py")))
    return frozenset(path.stem.lower() for path in paths)


def _word(name: str, public: str, names: dict[str, str]) -> list[str]:
    if len(name) < SHORTEST or name.lower() in COMMON | _own_words():
        return []
    names.setdefault(name, public)
    return [rf"\b{re.escape(name)}\b"]


def _home() -> str | None:
    try:
        home = str(Path.home())
    except RuntimeError:
        return None
    return home if len(home) > 1 else None


def _users() -> list[str]:
    """Return the user name; none if the user id has no name, as in many containers."""
    try:
        return [getpass.getuser()]
    except (KeyError, OSError):
        return [name for name in (os.environ.get("SUDO_USER"),) if name]


def _hosts() -> list[str]:
    """Return the full and the short name of the host."""
    full = socket.gethostname()
    return list(dict.fromkeys((full, full.partition(".")[0]))) if full else []
