"""Sandboxes: empty folders, and variables that are built and not inherited."""

import os
import sys
from pathlib import Path

import pytest

from bench.adapters import Sandbox
from bench.contract.adapter_manifest import Manifest, Setup, Variable
from bench.errors import SandboxError
from bench.execution import sandbox


def manifest() -> Manifest:
    """Return a tool's manifest with a variable on each level."""
    return Manifest(
        name="tool",
        display="Tool",
        homepage="h",
        licence="l",
        package="p",
        python=">=3.11",
        default_setup="local",
        setups={"local": Setup(mode="in process", run_by="run", environment={"LEVEL": variable("setup")})},
        environment={"LEVEL": variable("tool"), "PLACE": variable("{state}/db in {home}")},
    )


def variable(value: str) -> Variable:
    return Variable(value=value, reason="r")


@pytest.fixture
def box(tmp_path: Path) -> Sandbox:
    """Give a sandbox."""
    return sandbox.make(tmp_path, Path(sys.executable))


def built(box: Sandbox, **extra: str) -> dict[str, str]:
    return sandbox.build_environment(box, manifest(), "local", (), extra)


def test_its_folders_are_there_and_empty(box: Sandbox) -> None:
    """Home, temporary folder, project, state, results, data."""
    for folder in (box.home, box.tmp, box.project, box.state, box.results, box.data):
        assert list(folder.iterdir()) == []


def test_two_never_meet(tmp_path: Path) -> None:
    """Each is fresh."""
    first, second = (sandbox.make(tmp_path, Path(sys.executable)) for _ in range(2))
    assert first.root != second.root


def test_paths_are_short_enough_for_sockets(box: Sandbox, tmp_path: Path) -> None:
    """A Unix socket's path has room for 108 bytes."""
    assert len(str(box.tmp.relative_to(tmp_path))) < 30


def test_nothing_is_inherited(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither proxies nor credentials nor Python's own switches."""
    inherited = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "HTTPS_PROXY", "AWS_SECRET_ACCESS_KEY", "UNKNOWN")
    for name in inherited:
        monkeypatch.setenv(name, "1")
    assert not set(inherited) & set(built(box))


def test_home_and_temporary_folder_are_the_sandboxs(box: Sandbox) -> None:
    """Whatever a tool writes by default stays in it."""
    environment = built(box)
    assert (environment["HOME"], environment["TMPDIR"]) == (str(box.home), str(box.tmp))


def test_numeric_libraries_use_one_thread(box: Sandbox) -> None:
    """In every run, the control's too."""
    assert built(box)["OMP_NUM_THREADS"] == built(box)["OPENBLAS_NUM_THREADS"] == "1"


def test_a_setups_variable_wins_over_the_tools_and_the_commands_over_both(box: Sandbox) -> None:
    """From the general to the special."""
    assert built(box)["LEVEL"] == "setup"
    assert built(box, LEVEL="command")["LEVEL"] == "command"


def test_variables_name_places_of_the_sandbox(box: Sandbox) -> None:
    """By their names in braces."""
    assert built(box)["PLACE"] == f"{box.state}/db in {box.home}"


def test_new_and_changed_files_are_counted(box: Sandbox) -> None:
    """And those that stay as they are, are not."""
    kept, changed = box.state / "kept", box.state / "changed"
    for path in (kept, changed):
        path.write_text("old")
    before = sandbox.snapshot(box)
    changed.write_text("longer")
    (box.results / "new").write_text("abc")
    assert sandbox.written_since(box, before) == (2, 9)


def test_results_are_digested_by_their_relative_path(box: Sandbox) -> None:
    """The same content elsewhere has the same digest."""
    (box.results / "deep").mkdir()
    for name in ("one", "deep/two"):
        (box.results / name).write_text("same")
    digests, odd = sandbox.digest_results(box)
    assert sorted(digests) == ["deep/two", "one"]
    assert len(set(digests.values())) == 1
    assert odd == ()


def test_what_is_no_file_is_named_and_not_read(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A FIFO would be waited for, a sparse file would fill the memory; no more than the limit is read in all."""
    monkeypatch.setattr(sandbox, "RESULT_BYTES", 10)
    os.mkfifo(box.results / "fifo")
    (box.results / "link").symlink_to("/dev/zero")
    for name, size in (("small", 10), ("sparse", 100_000_000_000)):
        with (box.results / name).open("wb") as file:
            file.truncate(size)
    digests, odd = sandbox.digest_results(box)
    assert sorted(digests) == ["fifo", "link", "small", "sparse"]
    assert digests["link"] == "link to /dev/zero"
    assert odd[0] == "fifo: a FIFO"
    assert odd[1].startswith("sparse: 100000000000 bytes, more than the")


def test_folders_of_any_depth_are_named_counted_and_emptied(box: Sandbox) -> None:
    """No path is long enough for the last of them; the next run finds an empty folder all the same."""
    within = os.open(box.results, os.O_RDONLY)
    for _ in range(5_000):
        os.mkdir("d", dir_fd=within)
        inner = os.open("d", os.O_RDONLY, dir_fd=within)
        os.close(within)
        within = inner
    os.close(within)
    digests, odd = sandbox.digest_results(box)
    assert digests == {}
    assert len(odd) == 1
    assert "cannot be listed" in odd[0]
    assert sandbox.snapshot(box) == {}
    sandbox.empty_results(box)
    assert not list(box.results.iterdir())
    assert sandbox.remove(box) == []
    assert not box.root.exists()


def test_a_place_that_cannot_be_written_is_named() -> None:
    """And how to give another."""
    with pytest.raises(SandboxError, match=r"/proc.*ORCHESTRATOR_BENCH_CACHE"):
        sandbox.make(Path("/proc/nowhere"), Path(sys.executable))


def test_a_brace_that_names_no_place_is_the_values_own(box: Sandbox) -> None:
    """As in JSON, or where it is not closed."""
    manifest = Manifest(
        name="x", display="x", homepage="", licence="", package="x", python=">=3.11", default_setup="local",
        setups={"local": Setup(mode="in process", run_by="")},
        environment={"A": Variable(value='{"home": "{home}", {}, {0}, {other}', reason="")},
    )  # fmt: skip
    variables = sandbox.build_environment(box, manifest, "local", (), {})
    assert variables["A"] == f'{{"home": "{box.home}", {{}}, {{0}}, {{other}}'
