"""Values in generated code, in YAML and on command lines, each in the one form in which it arrives as it was."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

__all__ = ["json_text", "literal", "option", "word", "yaml_text"]


def literal(value: Any) -> str:
    """Return a value of JSON's kinds, or a number that is not finite, as Python source on one line."""
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if isinstance(value, list):
        return f"[{', '.join(literal(part) for part in value)}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{literal(key)}: {literal(part)}' for key, part in value.items())}}}"
    text = repr(value)
    # In double quotes, as formatters write it, unless it has some.
    return f'"{text[1:-1]}"' if text[0] == "'" and '"' not in text else text


def word(value: Any) -> str:
    """Return a value as one word of a command line: texts and numbers as they are, all else as JSON."""
    return str(value) if isinstance(value, str | int | float) else json_text(value)


def json_text(value: Any) -> str:
    """Return a value as JSON, with NaN and Infinity as Python reads them."""
    return json.dumps(value, ensure_ascii=False)


def option(name: str, value: Any) -> str:
    """Return ``--name=value``: in one word, because a value may begin with a dash or be empty."""
    return f"--{name}={word(value)}"


def yaml_text(value: Any) -> str:
    """Return a value as YAML on one line, with every text in double quotes.

    Lone surrogates, which YAML does not have, stay as they are.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else ("-.inf" if value < 0 else ".inf")
    if isinstance(value, float):
        # YAML 1.1 takes a number with an exponent but without a point for a text.
        text = repr(value)
        return text if "." in text or "e" not in text else text.replace("e", ".0e")
    if isinstance(value, list):
        return f"[{', '.join(yaml_text(part) for part in value)}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{yaml_text(key)}: {yaml_text(part)}' for key, part in value.items())}}}"
    if isinstance(value, str):
        return (
            '"'
            + re.sub(r'["\\\\]|[^ -~\u00a1-\u2027\u202a-\ud7ff\uf900-\ufefe\uff00-\ufffd]', _escaped, value)
            + '"'
        )
    return str(value)


def _escaped(found: re.Match[str]) -> str:
    letter = found.group()
    if letter in '"\\':
        return f"\\{letter}"
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"
