"""The tidy table: a row for each number and each word, and what it takes to import it."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from pyarrow import parquet

import bench
from bench.contract.records import Ended
from bench.errors import StoreError
from bench.report import table
from tests.command_line import ROOT
from tests.unit.facts import attempt, run, trial
from tests.unit.sets import blocks, made, results, stored


def frame(folder: Path) -> pd.DataFrame:
    return bench.load(folder)


def test_every_number_is_a_row(tmp_path: Path) -> None:
    """With all that it belongs to."""
    stored(tmp_path / "set", *blocks(2, control=1.0, one=2.0))
    found = frame(tmp_path / "set")
    times = found[(found.indicator == "whole_run") & (found.tool == "one")]
    assert times.value.tolist() == [2.0, 2.02]
    assert times.block.tolist() == [0, 1]
    assert times.iloc[1].drop("value").to_dict() == {
        "set": "set", "target": "one[local]@1.0", "tool": "one", "setup": "local", "options": "",
        "version": "1.0", "mode": "in process", "role": "tool", "scenario": "startup", "case": "hello",
        "family": "", "block": 1, "attempt": 1, "run": 0, "kind": "sample", "indicator": "whole_run",
        "unit": "s", "word": pytest.approx(float("nan"), nan_ok=True), "outcome": "measured",
        "trial": "one-startup-hello-1",
    }  # fmt: skip


def test_every_word_is_a_row(tmp_path: Path) -> None:
    """Of a trial that failed too, which has no numbers."""
    bad = run(ended=Ended(exit_code=1))
    stored(tmp_path / "set", attempt(trial("control")), attempt(trial("one", order=1), bad))
    found = frame(tmp_path / "set")
    words = found[found.kind == "word"]
    assert words[["role", "word", "outcome"]].to_numpy().tolist() == [
        ["control", "right", "measured"],
        ["tool", "crashed", "failed"],
    ]
    assert words.value.isna().all()
    assert words.run.isna().all()
    assert set(found[found.kind == "sample"].tool) == {"control"}


def test_the_columns_are_those_that_are_documented(tmp_path: Path) -> None:
    """In their order; each is named in the module's own description."""
    stored(tmp_path / "set", *blocks(1, control=1.0))
    assert tuple(frame(tmp_path / "set").columns) == table.COLUMNS
    assert all(f"``{name}``" in str(table.__doc__) for name in table.COLUMNS)


def test_the_parts_of_a_published_set_have_words_of_their_own() -> None:
    """Each value that a stage was given is one."""
    found = frame(ROOT / "results" / "2026-11-27-everything")
    parts = found[(found.kind == "word") & (found.indicator != "")]
    assert {"reference", "caching"} <= set(parts.scenario)
    assert "startup" not in set(parts.scenario)
    assert len(found[(found.kind == "word") & (found.indicator == "")]) == 704


def test_a_set_without_a_trial_is_an_empty_table(tmp_path: Path) -> None:
    """With the same columns."""
    stored(tmp_path / "set")
    found = frame(tmp_path / "set")
    assert (len(found), tuple(found.columns)) == (0, table.COLUMNS)


def test_what_is_written_is_what_is_loaded(tmp_path: Path) -> None:
    """As parquet."""
    known = made(tmp_path / "set", 3, control=1.0, one=2.0)
    table.write(known, tmp_path / "metrics.parquet")
    written = parquet.read_table(tmp_path / "metrics.parquet")
    assert written.to_pylist() == table.table(known).to_pylist()


def test_the_same_set_gives_the_same_bytes(tmp_path: Path) -> None:
    """So a published one changes only where its records do."""
    known = made(tmp_path / "set", 3, control=1.0, one=2.0)
    again = results(tmp_path / "again" / "set", *blocks(3, control=1.0, one=2.0))
    for name, one in (("a", known), ("b", again)):
        table.write(one, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_folder_that_is_no_result_set_is_named(tmp_path: Path) -> None:
    """As everywhere."""
    with pytest.raises(StoreError, match="holds no result set"):
        bench.load(tmp_path)


@pytest.mark.parametrize("module", ["bench", "bench.pipeline"])
def test_importing_bench_imports_the_standard_library_alone(module: str) -> None:
    """A user's pipeline file imports it in every tool's environment, where nothing else may be."""
    code = (
        "import sys; before = set(sys.modules)\n"
        f"import {module}\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(sorted(new - set(sys.stdlib_module_names) - {'bench'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_writing_the_table_does_not_import_pandas(tmp_path: Path) -> None:
    """It takes longer to import than to write."""
    stored(tmp_path / "set", *blocks(2, control=1.0))
    code = (
        "import sys; from pathlib import Path\n"
        "from bench.store.result_set import Store; from bench.report import write\n"
        "write(Store(Path(sys.argv[1]))); print('pandas' in sys.modules)"
    )
    argv = [sys.executable, "-c", code, str(tmp_path / "set")]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
    assert (tmp_path / "set" / "metrics.parquet").is_file()
