"""A list of texts, a stage for each of them that does nothing, and one that writes them down."""

from pathlib import Path


def name_items(count: int) -> list[str]:
    return [f"item {number}" for number in range(count)]


def take(item: str) -> str:
    return item


def gather(taken: list[str], results: str) -> None:
    Path(results, "taken.txt").write_text("".join(f"{item}\n" for item in taken))
