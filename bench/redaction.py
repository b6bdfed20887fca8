"""Takes user, host and private paths out of evidence, so that a result set can be published."""

import getpass
import re
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["Redaction"]


class Redaction:
    """Replaces known private texts by names in angle brackets, longest first.

    places: private text to its public name, such as a sandbox's path to ``<sandbox>``.
    """

    def __init__(self, places: Mapping[str, str]) -> None:
        known = {str(Path.home()): "<home>", **places}
        names = {socket.gethostname(): "<host>", getpass.getuser(): "<user>"}
        # A path is replaced wherever it stands; a name only as a whole word, and not one so common
        # that it would hit ordinary text.
        patterns = [re.escape(text) for text in known if len(text) > 1]
        patterns += [rf"\b{re.escape(name)}\b" for name in names if len(name) > 4]
        self._names = {**names, **known}
        self._pattern = re.compile("|".join(sorted(patterns, key=len, reverse=True)))

    def text(self, text: str) -> str:
        """Return the text without what is private."""
        return self._pattern.sub(lambda match: self._names[match.group()], text)

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
        """Redact a file in place. Bytes that are no UTF-8 stay as they are."""
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
        redacted = self.text(text)
        if redacted != text:
            path.write_text(redacted, encoding="utf-8", errors="surrogateescape")
