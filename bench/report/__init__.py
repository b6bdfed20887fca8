"""Makes the scorecard of a result set from its records alone."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.errors import StoreError
from bench.records import Store
from bench.report.view import View, view_of

__all__ = ["Summary", "write"]


@dataclass(frozen=True)
class Summary:
    """What is told in the terminal. ``errors``: cells that say nothing because bench itself failed."""

    text: str
    errors: int
    view: View


def write(store: Store, criteria: str = "default") -> Summary:
    """Write ``scorecard.html``, ``scorecard.md`` and ``scores.csv`` into the result set.

    criteria: a set by its name or file. Raises StoreError, ScenarioError or UsageError.
    """
    from bench.report import html, markdown, scores, terminal

    with _no_collection():
        view = view_of(store, criteria)
        if view.scored is not None:
            _replace(store.folder / "scores.csv", scores.text(view.scored))
        _replace(store.folder / "scorecard.md", markdown.text(view))
        _replace(store.folder / "scorecard.html", html.text(view))
        return Summary(terminal.text(view, store.folder), len(view.errors), view)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the collector of cycles away: records and what is made of them have none.

    Of a million samples it takes a quarter of the time, and finds nothing.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _replace(path: Path, text: str) -> None:
    part = path.with_suffix(path.suffix + ".part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StoreError(
            f"cannot write {path}: {error.strerror}; the records are kept, make it by: bench report {path.parent}"
        ) from error
