"""What is installed works without the checkout: adapters, scenarios, pipelines and criteria come with it."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.command_line import ROOT, Cli


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the wheel of this checkout, built without an index."""
    folder = tmp_path_factory.mktemp("wheel")
    argv = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(argv, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of its packages."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_neither_wheel_nor_sdist_holds_a_result_set(wheel: Path, tmp_path: Path) -> None:
    """Results are for reading on the repository's pages."""
    argv = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)]
    subprocess.run(argv, cwd=ROOT, check=True, capture_output=True)
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as sdist, zipfile.ZipFile(wheel) as archive:
        inside = [name.partition("/")[2] for name in sdist.getnames()]
        assert "bench/__init__.py" in inside
        for name in (*inside, *archive.namelist()):
            assert not name.startswith(("results", "bench-results"))
            assert not name.endswith(("records.jsonl", "evidence.zip"))


def test_the_only_top_level_name_is_bench(installed: Path) -> None:
    """Names such as adapters or scenarios would meet those of others."""
    assert [path.name for path in installed.iterdir() if path.suffix != ".dist-info"] == ["bench"]


def test_it_has_every_file_that_the_checkout_has(installed: Path) -> None:
    """Of adapters, scenarios, pipelines and criteria, and of bench itself."""
    found = [
        path.relative_to(ROOT)
        for folder in ("adapters", "bench", "criteria", "pipelines", "scenarios")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    inside = [path if path.parts[0] == "bench" else Path("bench", "_data", path) for path in found]
    assert [place for place in inside if not (installed / place).is_file()] == []


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_it_runs_and_exports_without_the_checkout(cli: Cli, installed: Path) -> None:
    """With the control, which needs no tool: all trials are measured, and the project is complete."""
    own = {"PYTHONPATH": str(installed)}
    where = subprocess.run(
        [sys.executable, "-c", "import bench; print(bench.__file__)"],
        cwd=cli.folder,
        env={**cli.environment, **own},
        check=True,
        capture_output=True,
        text=True,
    )
    assert where.stdout.startswith(str(installed))
    assert "kedro" in cli("list", "tools", **own).stdout
    done = cli("run", "--tool", "control", "--scenario", "startup", "--output", "set", **own)
    assert done.returncode == 0, done.stderr
    assert (cli.folder / "set" / "scorecard.html").is_file()
    done = cli("export", "control", "mine", **own)
    assert done.returncode == 0, done.stderr
    assert (cli.folder / "mine" / "run").is_file()
