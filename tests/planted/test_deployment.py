"""The deployment scenario on a tool that packs rightly, or with one fault for each thing that is looked at."""

import io
import shlex
import socket
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import scenarios
from bench.adapters import load
from bench.contract.driver import Definition
from bench.contract.records import Attempt, Target, Trial
from bench.contract.trial_exits import TrialSkipped
from bench.environments import environment
from bench.environments.environment import Environment
from bench.execution import sandbox
from bench.execution.driver import TrialDriver
from bench.judging.rules import rules_of
from bench.judging.verdicts import Verdict
from tests.planted.definitions import defined

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SCENARIO = scenarios.load(ROOT / "scenarios" / "deployment")
_ = SCENARIO.scenario  # loads what its steps use
MAKING = sys.modules["_bench_scenario_deployment.making"]
RIGHT = {
    "made": "made",
    "secret": "no secret",
    "version": "version",
    "schema": "valid",
    "again": "same bytes",
}


class Trials:
    """Takes the packer, with a fault or without, through a case."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.packer = load(HERE / "packer")

    def attempt(self, case: str, fault: str | None = None) -> Attempt:
        """Make one attempt in a fresh sandbox."""
        target = Target(
            tool="packer", setup="local", options=(fault,) if fault else (), version="1.7.0",
            mode="in process", adapter_hash="", environment_hash="",
        )  # fmt: skip
        definition = definition_of(case)
        trial = Trial(
            target=target, scenario="deployment", case=case, pipeline=definition.pipeline.name, size="small",
            block=0, order=0, key=f"{case}-{fault}",
        )  # fmt: skip
        box = sandbox.make(self.folder / "sandboxes", Path(sys.executable))
        driver = TrialDriver(trial, self.packer, definition, box, self.folder / "evidence" / trial.key)
        try:
            SCENARIO.scenario.steps(driver, "quick")
        finally:
            driver.stop_server()
            sandbox.remove(box)
        return Attempt(trial=trial, number=1, runs=tuple(driver.runs), facts=driver.facts, evidence="")

    def verdict(self, case: str, fault: str | None = None) -> Verdict:
        """Return what is said of an attempt."""
        return self.judge(self.attempt(case, fault))

    def judge(self, attempt: Attempt) -> Verdict:
        """Judge an attempt; nothing here is compared with the control."""
        return rules_of(SCENARIO.folder).judge(attempt, None, definition_of(attempt.trial.case).pipeline)

    def numbers(self, attempt: Attempt) -> dict[str, float]:
        """Return the numbers of an attempt by indicator."""
        found = rules_of(SCENARIO.folder).samples(attempt, definition_of(attempt.trial.case).pipeline)
        return {one.indicator: one.value for one in found}


def definition_of(case: str) -> Definition:
    """Return the pipeline of a case."""
    return defined(SCENARIO.manifest.cases[case].pipeline)


@pytest.fixture
def trials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trials:
    """Give the trials; the version before is this Python, which tells the packer that it is that."""
    python = tmp_path / "earlier" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nPACKER_EARLIER=1 exec {shlex.quote(sys.executable)} "$@"\n')
    python.chmod(0o755)
    found = Environment("packer", python, tmp_path / "earlier", "", "1.6.0", {}, 0.0, 0, "")
    monkeypatch.setattr(environment, "earlier", lambda *_: found)
    return Trials(tmp_path)


@pytest.fixture(scope="module")
def alone() -> bool:
    """Whether a network namespace can be made on this machine, as the scenario makes one."""
    command = [sys.executable, str(MAKING.LOOPBACK), "true"]
    return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0


@pytest.fixture
def index(trials: Trials) -> Iterator[None]:
    """Give the packer a package index on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        trials.packer.index = listener.getsockname()[1]  # type: ignore[attr-defined]
        yield


def test_what_is_made_rightly_is_right_in_all(trials: Trials) -> None:
    """So the looking itself is right."""
    verdict = trials.verdict("services")
    assert (verdict.outcome, verdict.word) == ("measured", "made"), verdict.sentence
    assert verdict.words == RIGHT


@pytest.mark.parametrize(
    ("fault", "part", "word"),
    [
        ("stamps", "again", "differs"),
        ("nameless", "version", "no version"),
        ("invalid", "schema", "invalid"),
        ("leaks_variable", "secret", "leaks"),
    ],
)
def test_one_fault_changes_one_word(trials: Trials, fault: str, part: str, word: str) -> None:
    """And no other."""
    words = dict(trials.verdict("services", fault).words)
    assert words.pop(part) == word
    assert words.items() <= RIGHT.items()


def test_archives_of_the_same_members_are_told_from_others(trials: Trials) -> None:
    """Their bytes differ by a time; of their kind there is no published schema."""
    words = trials.verdict("services", "zips").words
    assert words == {name: word for name, word in RIGHT.items() if name != "schema"} | {
        "again": "same members"
    }


def test_a_secret_is_found_in_an_archive_within_an_archive(trials: Trials) -> None:
    """The sentence says where."""
    verdict = trials.verdict("services", "leaks_file")
    assert (verdict.word, verdict.words["secret"]) == ("leaks", "leaks")
    assert "made/packed.zip/code.zip/.env" in verdict.sentence


def test_a_secret_is_found_in_what_was_uploaded(trials: Trials, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under a name that does not say that it is an archive; the artefact itself is clean."""

    def stored(driver: TrialDriver) -> dict[str, bytes]:
        data = io.BytesIO()
        with tarfile.open(fileobj=data, mode="w:gz") as archive:
            archive.add(driver.sandbox.project / ".env", "env")
        return {"data/ab12": data.getvalue()}

    monkeypatch.setattr(TrialDriver, "stored", stored)
    verdict = trials.verdict("services")
    assert (verdict.word, verdict.words) == ("leaks", {**RIGHT, "secret": "leaks"})
    assert "data/ab12/unpacked/env" in verdict.sentence


def test_an_artefact_that_is_refused_is_invalid_with_what_is_wrong(trials: Trials) -> None:
    """As the published schema says it."""
    verdict = trials.verdict("services", "invalid")
    assert verdict.word == "invalid"
    assert "pipelineInformation" in verdict.sentence


@pytest.mark.parametrize(
    ("fault", "said"), [("crashes", "there was no place for it"), ("silent", "nothing")]
)
def test_without_an_artefact_the_command_fails(trials: Trials, fault: str, said: str) -> None:
    """Also where it ended well, and where it ended badly after it had written one."""
    verdict = trials.verdict("services", fault)
    assert set(verdict.words.values()) == {"fails"}
    assert said in verdict.sentence


def test_seconds_and_size_are_those_of_the_artefact(trials: Trials) -> None:
    """A second more, and 100 kB."""
    usual, slow = (trials.numbers(trials.attempt("services", fault)) for fault in (None, "slow"))
    assert slow["package_s"] > 1.0
    assert slow["package_size"] - usual["package_size"] == pytest.approx(0.1, rel=0.01)


@pytest.mark.usefixtures("index")
def test_what_needs_the_network_fails_without_and_is_made_with_it(trials: Trials, alone: bool) -> None:
    """Where no network can be taken away, nothing is said of it."""
    assert trials.verdict("services", "asks").word == "made"
    if alone:
        assert trials.verdict("offline", "asks").word == "fails"
    else:
        with pytest.raises(TrialSkipped, match="network namespace"):
            trials.attempt("offline", "asks")


def test_what_needs_nothing_is_made_without_a_network(trials: Trials, alone: bool) -> None:
    """The same words as with one."""
    if alone:
        assert trials.verdict("offline").words == RIGHT
    else:
        with pytest.raises(TrialSkipped, match="network namespace"):
            trials.attempt("offline")


def test_where_no_namespace_can_be_made_it_is_not_attempted(
    trials: Trials, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the reason; the packer is not started."""
    refusing = tmp_path / "refusing.py"
    refusing.write_text(f"import sys; sys.stderr.write('not here\\n'); sys.exit({MAKING.REFUSED})")
    monkeypatch.setattr(MAKING, "LOOPBACK", refusing)
    with pytest.raises(TrialSkipped) as ended:
        trials.attempt("offline")
    assert (ended.value.declared.outcome, ended.value.declared.reason) == ("not attempted", "not here")


def test_what_is_only_registered_is_unsupported_without_its_server(trials: Trials) -> None:
    """For the reason that the adapter gives; with its server it is made, and no second time."""
    with pytest.raises(TrialSkipped) as ended:
        trials.attempt("offline", "registers")
    assert ended.value.declared.outcome == "unsupported"
    assert ended.value.declared.reason == "without its server nothing is made"
    assert set(trials.verdict("services", "registers").words) == {"made", "secret", "version"}


def test_an_upgrade_that_changes_nothing_runs_on_and_goes_back(trials: Trials) -> None:
    """A warning that was there before is none of the upgrade's, whatever number is in it."""
    verdict = trials.verdict("upgrade")
    assert (verdict.word, verdict.words) == (
        "runs on",
        {"upgrade": "runs on", "warnings": "quiet", "back": "goes back"},
    )
    assert "1.6.0 to 1.7.0" in verdict.sentence


@pytest.mark.parametrize(
    ("fault", "word", "words"),
    [
        ("breaks", "breaks", {"upgrade": "breaks"}),
        ("empty", "breaks", {"upgrade": "breaks"}),
        ("newer", "only new", {"upgrade": "only new"}),
        ("warns", "runs on", {"upgrade": "runs on", "warnings": "warns", "back": "goes back"}),
        ("forward", "no way back", {"upgrade": "runs on", "warnings": "quiet", "back": "no way back"}),
    ],
)
def test_a_planted_upgrade_gets_its_word(
    trials: Trials, fault: str, word: str, words: dict[str, str]
) -> None:
    """What breaks, what warns, and what cannot go back are three things."""
    verdict = trials.verdict("upgrade", fault)
    assert (verdict.outcome, verdict.word, verdict.words) == ("measured", word, words), verdict.sentence


def test_a_project_that_no_version_runs_says_nothing_of_an_upgrade(trials: Trials) -> None:
    """It is an error of the project, not a word about the tool."""
    assert trials.verdict("upgrade", "neither").outcome == "error"


def test_the_way_to_a_remote_run_is_counted(trials: Trials) -> None:
    """Four commands; each file, server and image once, with the sources and data that go into the image."""
    attempt = trials.attempt("steps")
    assert trials.judge(attempt).word == "counted"
    assert trials.numbers(attempt) == {
        "step_commands": 4,
        "step_files": len({"Dockerfile", "requirements.txt", "src", "data/01_raw", "made"}),
        "step_servers": len({"REGISTRY", "ENDPOINT"}),
        "step_images": len({"BASE_IMAGE", "IMAGE"}),
    }
