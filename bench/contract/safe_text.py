"""Makes text of a tool, pipeline or result set safe to show."""

from unicodedata import category

__all__ = ["in_one_line", "visible"]

HIDDEN = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
"""Categories of invisible characters that change how others look."""


def visible(text: str) -> str:
    """Return text with control and bidirectional characters replaced by visible escapes; line breaks and tabs stay."""
    # Nearly all text is printable and contains none of them; this check is much faster.
    return text if text.isprintable() else "".join(map(_shown, text))


def in_one_line(text: str) -> str:
    """Return text as :func:`visible` does, in one line, so that nothing in it can look like a line of bench."""
    return visible(text if text.isprintable() else " ".join(text.split()))


def _shown(character: str) -> str:
    if character in "\n\t" or category(character) not in HIDDEN:
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
