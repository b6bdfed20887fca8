"""Stages that do next to nothing and import nothing heavy: what is left is the record of them."""

import json
from pathlib import Path


def count_off(count: int) -> list[int]:
    return list(range(count))


def square(number: int) -> int:
    return number * number


def gather(squares: list[int], nonce: str, results: str) -> None:
    Path(results, "squares.json").write_text(json.dumps({"nonce": nonce, "squares": squares}))


def note(nonce: str, results: str) -> None:
    Path(results, "note.txt").write_text(nonce)
