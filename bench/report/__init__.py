"""The scorecard of a result set: page, Markdown, terminal text, tables and pictures.

Comes in: judged and scored results. Goes out: files beside the records, and text.
Everything here can be made again from the records alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.errors import StoreError
from bench.judging.results import read
from bench.report.view import View, viewed
from bench.store.result_set import Store

__all__ = ["Summary", "draw", "write"]


@dataclass(frozen=True)
class Summary:
    """What is told in the terminal. ``errors``: trials that say nothing because bench itself failed."""

    text: str
    errors: int
    view: View


def write(store: Store, criteria: str = "default") -> Summary:
    """Write all that is made of the records into the result set, but not the pictures.

    criteria: a set by its name or file. Raises StoreError, ScenarioError or UsageError.
    """
    from bench.report import benchmark_json, html, markdown, scores_csv, table, terminal

    results = read(store)
    shown = viewed(results, criteria)
    if shown.scored is not None:
        _replace(store.folder / "scores.csv", _as_text(scores_csv.text(shown.scored)))
    _replace(store.folder / "scorecard.md", _as_text(markdown.text(shown)))
    _replace(store.folder / "scorecard.html", _as_text(html.text(shown)))
    _replace(store.folder / "benchmark.json", _as_text(benchmark_json.text(results)))
    _replace(store.folder / "metrics.parquet", lambda path: table.write(results, path))
    return Summary(terminal.text(shown, store.folder), len(shown.errors), shown)


def draw(store: Store, shown: View) -> int:
    """Draw the pictures of a result set into its ``figures``; return how many. Raises StoreError."""
    from bench.report import figures

    return len(figures.draw(shown, store.folder))


def _as_text(text: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(text, encoding="utf-8")


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    """Put a new file in the place of an old one at once."""
    part = path.with_suffix(path.suffix + ".part")
    try:
        write(part)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StoreError(
            f"cannot write {path}: {error.strerror}; the records are kept, make it by: bench report {path.parent}"
        ) from error
