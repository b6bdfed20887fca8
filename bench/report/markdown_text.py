"""Text of a tool or a result set, as data in Markdown."""

import re

from bench.contract.safe_text import in_one_line

__all__ = ["plain", "row"]

_MARKUP = re.compile(r"[\\`*<>|&~]|(?<![^\W_])_|_(?![^\W_])|\A\[|\](?=\s*[(\[])|:(?=//)|(?<=www)\.")
"""What begins markup, a live link or an entity; GitHub makes links of bare addresses too. A bracket within text, as
in the name of a target, begins nothing, nor does an underscore within a word."""


def plain(text: str) -> str:
    """Return text with no markup, no links and no line breaks."""
    return _MARKUP.sub(r"\\\g<0>", in_one_line(text))


def row(*texts: str) -> str:
    """Return a row of a table, each text as data."""
    return f"| {' | '.join(plain(text) for text in texts)} |"
