"""Takes user, host and private paths out of evidence, so that a result set can be published."""

import getpass
import os
import re
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

__all__ = ["Redaction"]

PIECE = 1 << 20
"""Bytes of a log that are read at a time; a line may be longer."""
OVERLAP = 4096
"""Bytes of a piece without a line end that are read again with the next: no path is longer."""
COMMON = frozenset(
    {"admin", "bench", "build", "debian", "docker", "model", "python", "runner", "stage", "table", "ubuntu"}
)
"""Names too common to be taken out of ordinary text; in the shapes of addresses and paths they are."""
SHORTEST = 5
"""Letters from which on a bare name is taken out as a word: shorter ones would hit ordinary text."""


class Redaction:
    """Replaces private texts by names in angle brackets, the longest first.

    places: private text to its public name, such as a sandbox's path to ``<sandbox>``. The home folder,
    the folder that bench itself is in, the user's name and the host's are known by themselves.
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
        self._pattern = re.compile("|".join(patterns).encode("utf-8", "surrogateescape"))

    def text(self, text: str) -> str:
        """Return the text without what is private, and with no byte in it that is not UTF-8."""
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
        """Redact a file in place, piece by piece; whatever else is in it stays as it is."""
        part = path.with_name(path.name + ".part")
        changed = False
        with path.open("rb") as source, part.open("wb") as target:
            for piece in _pieces(source):
                redacted = self._bytes(piece)
                changed = changed or redacted != piece
                target.write(redacted)
        if changed:
            part.replace(path)
        else:
            part.unlink()

    def _bytes(self, data: bytes) -> bytes:
        return self._pattern.sub(lambda match: self._names[match.group()].encode(), data)


def _pieces(source: Any) -> Iterator[bytes]:
    """Yield a file in pieces that end with a line, or else overlap by nothing that could be cut."""
    kept = b""
    while data := source.read(PIECE):
        data = kept + data
        cut = data.rfind(b"\n") + 1 or max(0, len(data) - OVERLAP)
        yield data[:cut]
        kept = data[cut:]
    yield kept


def _word(name: str, public: str, names: dict[str, str]) -> list[str]:
    if len(name) < SHORTEST or name.lower() in COMMON:
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
    """Return the user's name; none for a number without a name, as in many containers."""
    try:
        return [getpass.getuser()]
    except (KeyError, OSError):
        return [name for name in (os.environ.get("SUDO_USER"),) if name]


def _hosts() -> list[str]:
    """Return the host's full name, then its short one."""
    full = socket.gethostname()
    return list(dict.fromkeys((full, full.partition(".")[0]))) if full else []
