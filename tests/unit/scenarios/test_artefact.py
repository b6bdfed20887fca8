"""What is in an artefact: archives within archives, and what only looks like one."""

import gzip
import io
import sys
import tarfile
import zipfile
from types import ModuleType

import pytest

from bench.scenarios import find, load


@pytest.fixture(scope="module")
def artefact() -> ModuleType:
    """Load the module as the scenario does."""
    _ = load(find("deployment")).scenario
    return sys.modules["_bench_scenario_deployment.artefact"]


def zipped(**members: bytes) -> bytes:
    """Return an archive."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def tarred(name: str, content: bytes, time: int = 0) -> bytes:
    """Return a compressed archive of one file of some time."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.size, member.mtime = len(content), time
        archive.addfile(member, io.BytesIO(content))
    return data.getvalue()


def test_archives_are_opened_whatever_their_name(artefact: ModuleType) -> None:
    """And those within them; what is in them is found by the way to it."""
    parts = artefact.members({"blob": zipped(inner=tarred("env", b"the password"))})
    assert parts == {"blob/inner/unpacked/env": b"the password"}
    assert artefact.found(parts, "password") == ["blob/inner/unpacked/env"]
    assert artefact.found(parts, "other") == []


@pytest.mark.parametrize(
    "content",
    [b"\x1f\x8b broken", gzip.compress(b"cut" * 99, mtime=0)[:20], zipped(one=b"1")[:-4], b"", b"text"],
)
def test_what_only_looks_like_an_archive_is_a_file(artefact: ModuleType, content: bytes) -> None:
    """A tool may write what it likes."""
    assert artefact.members({"file": content}) == {"file": content}


def test_two_artefacts_are_compared_by_bytes_then_by_members(artefact: ModuleType) -> None:
    """A time within an archive is no difference of what is in it."""
    first, later = {"a.tgz": tarred("one", b"1")}, {"a.tgz": tarred("one", b"1", 99)}
    other = {"a.tgz": tarred("one", b"2")}
    assert artefact.alike(first, dict(first)) == ("bytes", [])
    assert artefact.alike(first, later) == ("members", [])
    assert artefact.alike(first, other) == ("differ", ["a.tgz/unpacked/one"])
    assert artefact.alike(first, {}) == ("differ", ["a.tgz/unpacked/one"])


def test_warnings_are_compared_without_numbers_and_paths(artefact: ModuleType) -> None:
    """Each text once; a line that does not warn is none."""
    del artefact
    warnings = sys.modules["_bench_scenario_deployment.upgrading"].warnings
    lines = ["a.py:3: DeprecationWarning: goes in 4.0", "b.py:71: DeprecationWarning: goes in 5.0", "fine"]
    lines += ["WARNING /one/kedro-1a/x.py:3 old", "WARNING /two/kedro-b/x.py:3 old"]
    assert warnings(lines) == ["DeprecationWarning: goes in N.N", "WARNING PATH old"]
