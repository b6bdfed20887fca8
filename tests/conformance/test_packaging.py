"""What every adapter must hold to when it says how an artefact is made, and what each tool really makes."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench import adapters
from bench.adapters import Adapter, Package, Store
from bench.contract.adapter_manifest import read_manifest
from bench.execution import sandbox
from bench.pipeline import Pipeline
from bench.report.page_data import Answer, view_of
from bench.store.result_set import Store as Records
from tests import shared
from tests.command_line import ROOT

FOLDERS = {
    name: folder for name, folder in adapters.discover().items() if (folder / "adapter.toml").is_file()
}
SETUPS = [
    (name, setup)
    for name, folder in FOLDERS.items()
    for setup in read_manifest(folder).setups
    if read_manifest(folder).role != "aa check"
]
STORE = Store("http://127.0.0.1:1", "artefacts", "the-key", "the-password")
WORDS = {
    "flyte[local]": {"secret": "no secret", "version": "version", "schema": "valid", "again": "differs"},
    "kedro[local]": {
        "secret": "no secret",
        "version": "no version",
        "schema": "valid",
        "again": "same members",
    },
    "kfp[local]": {"secret": "no secret", "version": "version", "schema": "valid", "again": "same bytes"},
    "metaflow[local]": {"secret": "no secret", "version": "version", "schema": "valid", "again": "differs"},
    "prefect[server]": {"secret": "no secret", "version": "no version"},
}
ALONE = {
    "control[local]": "unsupported",
    "flyte[local]": "made",
    "kedro[local]": "fails",
    "kfp[local]": "made",
    "metaflow[local]": "fails",
    "prefect[local]": "unsupported",
    "prefect[server]": "unsupported",
}


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return shared.definition("reference").pipeline


@pytest.fixture(params=SETUPS, ids="-".join)
def asked(
    request: pytest.FixtureRequest, pipeline: Pipeline, tmp_path: Path
) -> tuple[Adapter, str, Package | None, Path]:
    """Give an adapter, one of its setups, and what it says is to be done with a store."""
    name, setup = request.param
    adapter = adapters.load(FOLDERS[name])
    box = sandbox.make(tmp_path, Path(sys.executable))
    store = STORE if adapter.manifest.uploads else None
    return adapter, setup, adapter.package(pipeline, box, setup, store), box.project


def test_a_tool_without_an_artefact_says_why(asked: tuple[Adapter, str, Package | None, Path]) -> None:
    """So does one that only registers, because without its server it has none."""
    adapter, setup, package, _ = asked
    if package is None or package.kind == "registration":
        assert "package" in adapter.manifest.lacking(setup)
    else:
        assert "package" not in adapter.manifest.lacking(setup)


def test_commands_stay_in_the_project_and_tell_no_password(
    asked: tuple[Adapter, str, Package | None, Path],
) -> None:
    """Arguments of a command can be read by all users of a machine; its environment cannot."""
    _, _, package, project = asked
    for command in package.commands if package else ():
        assert Path(command.cwd).is_relative_to(project)
        assert not any(STORE.secret in word or STORE.key in word for word in command.argv)
    assert not any(Path(pattern).is_absolute() for pattern in (package.made if package else ()))


def test_what_uploads_is_told_where(asked: tuple[Adapter, str, Package | None, Path]) -> None:
    """And no other tool is given a store."""
    adapter, _, package, _ = asked
    told = [STORE.endpoint in command.env.values() for command in (package.commands if package else ())]
    assert any(told) == adapter.manifest.uploads


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Answer]:
    """Give what was found of every target in every case that ``quick`` has, by target and case."""
    folder = tmp_path_factory.mktemp("deployed") / "set"
    argv = [str(ROOT / "run"), "bench", "run", "--tool", "all", "--scenario", "deployment"]
    argv += ["--profile", "quick", "--output", str(folder)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = view_of(Records(folder)).answers
    return {(one.verdict.trial.target.name.partition("@")[0], one.verdict.trial.case): one for one in found}


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("tool", sorted(WORDS))
def test_every_tool_makes_its_artefact_with_what_it_wants(
    answers: dict[tuple[str, str], Answer], tool: str
) -> None:
    """With the index, the server or the store."""
    verdict = answers[tool, "services"].verdict
    assert verdict.words == {"made": "made", **WORDS[tool]}, verdict.sentence


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("tool", sorted(ALONE))
def test_what_is_made_with_nothing_running(answers: dict[tuple[str, str], Answer], tool: str) -> None:
    """Kedro asks the package index, Metaflow a store, Prefect its server."""
    verdict = answers[tool, "offline"].verdict
    if verdict.outcome == "not attempted":
        assert "network namespace" in verdict.sentence
    else:
        assert verdict.word == ALONE[tool], verdict.sentence


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_way_to_a_remote_run_is_counted_for_every_tool(
    answers: dict[tuple[str, str], Answer],
) -> None:
    """No trial of it is run."""
    assert {answers[tool, "steps"].verdict.word for tool in ALONE} == {"counted"}
