"""The scorecard of a result set: page, Markdown, terminal text, tables and pictures.

Comes in: judged and scored results. Goes out: files beside the records, and text.
Everything here can be made again from the records alone.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bench.errors import StoreError
from bench.host.safe_write import replacing
from bench.judging.results import read
from bench.report.page_data import View, viewed
from bench.store import publishing
from bench.store.result_set import Store

__all__ = ["Summary", "bundle", "draw", "publish", "write"]


@dataclass(frozen=True)
class Summary:
    """What is told in the terminal.

    tables: all of them. errors: trials that say nothing because bench itself failed.
    """

    text: str
    tables: str
    errors: int
    view: View


def write(store: Store, criteria: str = "default") -> Summary:
    """Write all that is made of the records into the result set, but not the pictures.

    criteria: a set by its name or file; the files of the scorecard of any other than the default one bear its name.
    Raises StoreError, ScenarioError or UsageError.
    """
    from bench.report import benchmark_json, html, markdown, run_end, scores_csv, table, terminal

    with _no_collection():
        results = read(store)
        shown = viewed(results, criteria)
        suffix = _suffix(criteria)
        if shown.scored is not None:
            _put(store, f"scores{suffix}.csv", scores_csv.text(shown.scored))
        _put(store, f"scorecard{suffix}.md", markdown.text(shown))
        _put(store, f"scorecard{suffix}.html", html.text(shown))
        _put(store, "benchmark.json", benchmark_json.text(results))
        with _replaced(store, "metrics.parquet") as file:
            table.write(results, file)
        end = run_end.text(shown, store.folder, suffix)
        return Summary(end, terminal.text(shown, store.folder, suffix), len(shown.errors), shown)


def _suffix(criteria: str) -> str:
    """Return what the names of a scorecard's files get, so that one set of criteria does not overwrite another's."""
    name = Path(criteria).stem
    return "" if criteria == "default" else f"-{name}"


def draw(store: Store, shown: View) -> int:
    """Draw the pictures of a result set into its ``figures``; return how many. Raises StoreError."""
    from bench.report import figures

    return len(figures.draw(shown, store.folder))


def publish(store: Store, folder: Path, criteria: str = "default") -> Summary:
    """Write a result set anew as the few files that a repository can hold; return what its scorecard says.

    folder: a new or empty one. Raises StoreError, ScenarioError or UsageError.
    """
    return write(publishing.publish(store, folder), criteria)


def bundle(store: Store, folder: Path, criteria: str = "default") -> Summary:
    """Write a result set anew with all evidence as files, and a page that links to them, for a static host."""
    from bench.report.trial_list import served

    unpacked = publishing.unpack(store, folder)
    summary = write(unpacked, criteria)
    name = f"scorecard{_suffix(criteria)}.html"
    page = served((folder / name).read_bytes())
    with _replaced(unpacked, name) as file:
        file.write(page)
    return summary


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the collector of cycles away: records and what is made of them have none.

    It takes a tenth of the time of a report of ten thousand records, and finds nothing.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # otherwise the next collection, at the latest at the end of the process, visits all of it
        if enabled:
            gc.enable()


@contextmanager
def _replaced(store: Store, name: str) -> Iterator[BinaryIO]:
    """Give a file that takes the place of an old one at once."""
    try:
        with replacing(store.folder, name) as file:
            yield file
    except OSError as error:
        raise StoreError(
            f"cannot write {store.folder / name}: {error.strerror}; the records are kept, "
            f"make it by: bench report {store.folder}"
        ) from error


def _put(store: Store, name: str, text: str) -> None:
    with _replaced(store, name) as file:
        file.write(text.encode())
