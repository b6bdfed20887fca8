"""Text of a tool, pipeline or result set, made safe to be shown."""

from unicodedata import category

__all__ = ["in_one_line", "visible"]

HIDDEN = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
"""Categories of characters that are not seen themselves, but change how others are."""


def visible(text: str) -> str:
    """Return text with control and bidirectional characters shown as what they are; line breaks and tabs stay."""
    # Nearly all text is printable, and then holds none of them; that is told much sooner.
    return text if text.isprintable() else "".join(map(_shown, text))


def in_one_line(text: str) -> str:
    """Return text as :func:`visible` does, in one line: nothing in it can look like a line of ours."""
    return visible(text if text.isprintable() else " ".join(text.split()))


def _shown(character: str) -> str:
    if character in "\n\t" or category(character) not in HIDDEN:
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
