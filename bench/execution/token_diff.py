"""Measures an edit in tokens of its language, so that layout and comments do not count.

Python is cut by ``tokenize``: no comments, line breaks or indents, and no comma that only a formatter puts
before a closing bracket. In configuration (YAML, TOML, JSON) a key and a scalar is a token each. Of any other
text, every word.
"""

import io
import re
import tokenize
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import PurePath

__all__ = ["changed", "tokens"]

_LAYOUT = frozenset(
    (
        tokenize.ENCODING,
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
    )
)
_CONFIGURATION = frozenset((".cfg", ".ini", ".json", ".toml", ".yaml", ".yml"))
_SCALAR = re.compile(
    r"""#[^\n]*|("(?:\\.|[^"\\])*"|'[^']*'|[^\s:,=\[\]{}"'#]+(?::(?=\S)[^\s:,=\[\]{}"'#]+)*)"""
)
_BULLET = "-"


def tokens(text: str, name: str) -> list[str]:
    """Return the tokens of a file's text; ``name`` says which language it is.

    Raises SyntaxError for Python that cannot be cut.
    """
    suffix = PurePath(name).suffix
    if suffix == ".py":
        return list(_python(text))
    if suffix in _CONFIGURATION:
        return [found for found in _SCALAR.findall(text) if found and found != _BULLET]
    return text.split()


def changed(before: list[str], after: list[str]) -> tuple[int, int]:
    """Return how many items were added and how many removed."""
    added = removed = 0
    for how, start, end, other, until in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if how != "equal":
            removed += end - start
            added += until - other
    return added, removed


def _python(text: str) -> Iterator[str]:
    comma = False
    inside = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            kind = tokenize.tok_name[token.type]
            # From 3.12 on an f-string is many tokens; it counts as one, as before.
            if kind.endswith("STRING_START"):
                inside += 1
                continue
            if kind.endswith("STRING_END"):
                inside -= 1
                if not inside:
                    yield token.string
                continue
            if inside or token.type in _LAYOUT:
                continue
            if comma and token.string not in (")", "]", "}"):
                yield ","
            comma = token.string == ","
            if not comma:
                yield token.string
    except tokenize.TokenError as error:
        raise SyntaxError(str(error.args[0])) from error
