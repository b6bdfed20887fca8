"""A tool that writes into its own environment is found out, and what was measured with that says nothing."""

import json

import pytest

from bench.contract.records import Check
from bench.judging.results import read
from bench.store.result_set import Store
from tests.command_line import Cli
from tests.planted.measuring import HERE


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """Measure the planted tool with the fault, once, in a cache that no other test uses."""
    cli = Cli(tmp_path_factory.mktemp("poisoned"), tmp_path_factory.mktemp("cache"))
    done = cli(
        *("run", "--tool", "planted[local+writes_to_the_environment]", "--adapter", str(HERE / "planted")),
        *("--scenario", "reference", "--case", "flights", "--pipeline", str(HERE / "pipeline/chain.py")),
        *("--output", "set"),
    )
    assert done.returncode == 3, done.stderr
    assert "error: the environment of planted was changed: left.py is new" in done.stderr
    return cli


def environment_checks(cli: Cli) -> list[Check]:
    """Return what was stored of environments."""
    found = (record for record in Store(cli.folder / "set").read() if isinstance(record, Check))
    return [check for check in found if check.kind == "environment"]


def test_what_was_measured_with_a_changed_environment_is_an_error(poisoned: Cli) -> None:
    """Of that tool alone; the check names what was changed, and from which trial on."""
    results = read(Store(poisoned.folder / "set"))
    verdicts = {trial.target.tool: results.judge.verdict(trial) for trial in results.judge.trials()}
    assert verdicts["planted"].outcome == "error"
    assert "left.py is new; trials from number " in verdicts["planted"].sentence
    assert verdicts["control"].outcome == "measured"
    checks = {check.subject: check for check in environment_checks(poisoned)}
    assert [subject for subject, check in checks.items() if not check.ok] == ["planted"]
    assert len(checks["planted"].trials) == 1


def test_the_environment_is_made_anew_and_the_trials_are_measured_again(poisoned: Cli) -> None:
    """By going on with the set: with the fault they are void once more; the control is kept."""
    before = len(environment_checks(poisoned))
    done = poisoned("run", "--resume", "--output", "set")
    assert done.returncode == 3
    assert "1 of 2 trials kept from before" in done.stderr
    assert len([check for check in environment_checks(poisoned)[before:] if not check.ok]) == 1


def test_an_environment_that_was_changed_before_is_made_anew_first(poisoned: Cli) -> None:
    """As by a suite that was killed; what is then measured is believed."""
    (folder,) = (path for path in (poisoned.cache / "environments").glob("control-*") if path.is_dir())
    site = next(folder.glob("lib/*/site-packages"))
    (site / "left.py").write_text("raise ImportError")
    done = poisoned(
        *("run", "--tool", "control", "--scenario", "reference", "--case", "flights"),
        *("--pipeline", str(HERE / "pipeline/chain.py"), "--output", "next"),
    )
    assert done.returncode == 0, done.stderr
    assert "the environment of control was changed: left.py is new; bench makes it again" in done.stderr
    assert not (site / "left.py").exists()
    lines = (poisoned.folder / "next/records.jsonl").read_text().splitlines()
    kinds = [record.get("ok") for record in map(json.loads, lines) if record["type"] == "check"]
    assert kinds[0] is False
