"""The glossary that the page shows, read from ``docs/glossary.md``."""

from collections.abc import Iterator

from bench.folders import data_folder

__all__ = ["words"]


def words() -> Iterator[tuple[str, str]]:
    """Yield each word and its meaning, in the order of the glossary."""
    for line in (data_folder("docs") / "glossary.md").read_text(encoding="utf-8").splitlines()[6:]:
        _, word, meaning, _ = (part.strip().replace("`", "").replace("*", "") for part in line.split("|"))
        yield word, meaning
