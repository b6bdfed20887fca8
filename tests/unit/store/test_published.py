"""What stands in ``results``: small enough for a repository, and complete."""

from pathlib import Path

import pytest

from bench.contract.records import Attempt
from bench.store.evidence import Evidence, name_of
from bench.store.result_set import Store
from tests.command_line import ROOT

RESULTS = ROOT / "results"
SETS = [path.parent for path in RESULTS.glob("*/manifest.json")]


def test_results_are_at_most_100_files_and_30_megabytes() -> None:
    """All sets together."""
    files = [path for path in RESULTS.rglob("*") if path.is_file()]
    assert len(files) <= 100
    assert sum(path.stat().st_size for path in files) <= 30_000_000


@pytest.mark.parametrize("folder", SETS, ids=lambda path: path.name)
def test_each_log_of_a_published_record_is_there_or_listed(folder: Path) -> None:
    """Of every run of every attempt; what is listed only has its hash."""
    evidence = Evidence(folder)
    runs = 0
    for record in Store(folder).read():
        if isinstance(record, Attempt) and record.runs:
            files = evidence.files(name_of(record.evidence))
            for run in record.runs:
                runs += 1
                logs = {run.stdout, run.stderr, *([run.trace] if run.trace else [])}
                assert all(files[log].kept or files[log].sha256 for log in logs)
    assert runs > 0
