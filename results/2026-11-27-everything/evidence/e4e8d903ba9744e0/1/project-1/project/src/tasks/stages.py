"""Stages whose results are to be reused, small enough that only reuse itself is seen."""

import ctypes
import json
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path

import helpers
import numpy as np
import pandas as pd
from flytekit import Cache, task

FACTOR = 2.0
ROWS = 1_500_000


def double(values: pd.Series) -> pd.Series:
    """Double each value."""
    return values * 2.0


@task(cache=Cache(version="1"))
def read_numbers(items: str) -> pd.DataFrame:
    return pd.read_csv(items)


@task(cache=Cache(version="1"))
def scale(numbers: pd.DataFrame, amount: int, offset: float = 1.0) -> pd.DataFrame:
    larger = double(numbers["number"]) * amount
    return numbers.assign(number=larger * FACTOR + offset)


@task(cache=Cache(version="1"))
def summarise(scaled: pd.DataFrame) -> dict:
    # The sum, and how many there are.
    return {"total": helpers.rounded(float(scaled["number"].sum())), "rows": float(len(scaled))}


@task(cache=Cache(version="1"))
def entitle(label: str) -> dict:
    if os.environ.get("ENTITLE") == "fails":
        raise RuntimeError("entitle was asked to fail")
    return {"title": f"{label} {os.environ.get('SEASON', 'spring')}"}


@task
def show(numbers: pd.DataFrame, scaled: pd.DataFrame, summary: dict, title: dict, results: str) -> None:
    shown = {
        "numbers": numbers.to_csv(),
        "scaled": scaled.to_csv(),
        "summary": summary,
        "title": title,
    }
    Path(results, "shown.json").write_text(json.dumps(shown, indent=1, sort_keys=True) + "\n")


def make_table(items: str) -> pd.DataFrame:
    table = pd.read_csv(items)
    return table.assign(share=[0.0, 0.25, 0.75], gap=[1.0, float("nan"), 3.0])


def make_document(label: str) -> dict:
    return {"first": 1.0, "second": label}


def describe(table: pd.DataFrame) -> dict:
    return {"types": [str(one) for one in table.dtypes], "rows": table.to_csv()}


def spell(document: dict) -> dict:
    return {"text": repr(sorted(document.items()))}


def show_values(described: dict, spelled: dict, results: str) -> None:
    shown = {"described": described, "spelled": spelled}
    Path(results, "shown.json").write_text(json.dumps(shown, indent=1, sort_keys=True) + "\n")


def end_when_written() -> None:
    """From now on, end this process in the middle of writing a file of more than 4 MB, as a kill would."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Python ignores the signal, and its own way to change that works in the main thread only.
    ctypes.CDLL(None).signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def grow(amount: int) -> pd.DataFrame:
    if Path(os.environ.get("TEARS", "/nowhere")).is_file():
        end_when_written()
    return pd.DataFrame({"noise": np.random.default_rng(amount).random(ROWS)})


def show_large(grown: pd.DataFrame, results: str) -> None:
    shown = f"{len(grown)} {grown['noise'].sum():.6f} {grown['noise'].iloc[0]:.6f}\n"
    Path(results, "shown.txt").write_text(shown)


def begin(label: str) -> dict:
    return {"text": f"{label} begins"}


def finish(label: str) -> dict:
    return {"text": f"{label} ends"}


def show_alike(begun: dict, finished: dict, results: str) -> None:
    shown = {"begun": begun, "finished": finished}
    Path(results, "shown.json").write_text(json.dumps(shown, indent=1, sort_keys=True) + "\n")


def show_begun(begun: dict, results: str) -> None:
    Path(results, "shown.json").write_text(json.dumps(begun, indent=1, sort_keys=True) + "\n")


def paint(label: str) -> dict:
    import paintbox

    return {"colour": paintbox.mixed(label)}


def show_painted(painted: dict, results: str) -> None:
    Path(results, "shown.json").write_text(json.dumps(painted, indent=1, sort_keys=True) + "\n")


def make_function(label: str) -> Callable:
    return lambda text: f"{label} {text}"


def apply(function: Callable) -> dict:
    return {"text": function("sky")}


def show_applied(applied: dict, results: str) -> None:
    Path(results, "shown.json").write_text(json.dumps(applied, indent=1, sort_keys=True) + "\n")
