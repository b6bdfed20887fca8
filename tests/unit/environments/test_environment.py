"""Environments are made by the real uv, from a lock with one small package."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import msgspec
import pytest
from msgspec import structs
from packaging.version import Version

from bench.adapters import discover
from bench.contract.adapter_manifest import Earlier, InstallationWrite, Manifest, Setup, read_manifest
from bench.environments import _uv
from bench.environments._releases import Release, measured_and_newest
from bench.environments._uv import LAUNCHPAD_DEV
from bench.environments.environment import (
    EARLIER,
    Event,
    Request,
    besides,
    discard,
    earlier,
    ensure,
    ensure_all,
    lock,
    lock_besides,
    lock_earlier,
    lookup,
    verify,
)
from bench.errors import AdapterError, EnvironmentFault
from bench.folders import cache_folder

LOCK = """\
iniconfig==2.3.1 \\
    --hash=sha256:67f4b9c50da0dedf52af349e7749a80a9057a5031199791b906c3bb3ae878960 \\
    --hash=sha256:9121e2c1fdb355232495be3194c8dfe87ccc2d5dee45947b78e68f499790d7a7
"""


def manifest(name: str = "tiny", package: str = "iniconfig", python: str = ">=3.11") -> Manifest:
    return Manifest(
        name=name,
        display=name.title(),
        homepage="",
        licence="",
        package=package,
        python=python,
        default_setup="local",
        setups={"local": Setup(mode="in process", run_by="")},
    )


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test its own cache; files are copied, so that altering one does not reach uv's cache."""
    monkeypatch.setenv("ORCHESTRATOR_BENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_LINK_MODE", "copy")
    return tmp_path / "cache"


def adapter(folder: Path, text: str = LOCK) -> Path:
    (folder / "locks").mkdir(parents=True)
    (folder / "locks" / "requirements.txt").write_text(text)
    return folder


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return adapter(tmp_path / "tiny")


def test_an_environment_is_made_once_and_reused(tiny: Path) -> None:
    """The second call makes nothing, and tells the same of it."""
    events: list[Event] = []
    first = ensure(tiny, manifest(), on_event=events.append)
    second = ensure(tiny, manifest(), on_event=events.append)
    assert second == first
    assert [event.kind for event in events] == ["making", "made", "found"]
    assert (first.version, first.packages) == ("2.3.1", {"iniconfig": "2.3.1"})
    assert first.size > 10_000
    assert subprocess.run([first.python, "-c", "import iniconfig"], check=True).returncode == 0


def test_python_files_are_compiled_when_it_is_made(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else every run of a tool would pay for it, where PYTHONDONTWRITEBYTECODE is set."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert list(ensure(tiny, manifest()).folder.glob("lib/*/site-packages/iniconfig/__pycache__/*.pyc"))


def test_lookup_makes_nothing(tiny: Path, cache: Path) -> None:
    """It answers None until the environment is there."""
    assert lookup(tiny, manifest()) is None
    assert not cache.exists()
    made = ensure(tiny, manifest())
    assert lookup(tiny, manifest()) == made


def test_another_lock_is_another_environment(tiny: Path) -> None:
    """The digest is of the lock's bytes."""
    first = ensure(tiny, manifest())
    (tiny / "locks" / "requirements.txt").write_text("# changed\n" + LOCK)
    assert ensure(tiny, manifest()).folder != first.folder
    assert first.folder.is_dir()


def test_a_half_made_environment_is_made_anew(tiny: Path) -> None:
    """Without its marker, a folder counts for nothing."""
    made = ensure(tiny, manifest())
    (made.folder / "ready.json").unlink()
    (made.folder / "leftover").touch()
    assert lookup(tiny, manifest()) is None
    ensure(tiny, manifest())
    assert not (made.folder / "leftover").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": "1"}'])
def test_a_marker_that_cannot_be_read_counts_for_nothing(tiny: Path, text: str) -> None:
    """A disk that was full when it was written must not end in a traceback."""
    (ensure(tiny, manifest()).folder / "ready.json").write_text(text)
    assert lookup(tiny, manifest()) is None


def test_a_wrong_hash_is_told_in_the_words_of_uv(tmp_path: Path, cache: Path) -> None:
    """One line, that names the tool, the reason and the log."""
    text = "iniconfig==2.3.1 --hash=sha256:" + "0" * 64
    with pytest.raises(EnvironmentFault) as caught:
        ensure(adapter(tmp_path / "tiny", text), manifest())
    said = str(caught.value)
    assert "'tiny'" in said
    assert "Hash mismatch" in said
    assert "\n" not in said
    log = next(cache.rglob("*.log"))
    assert str(log) in said
    assert "Hash mismatch" in log.read_text()


def test_without_a_network_and_a_cache_it_says_so(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader is not left with a message about clients and sockets alone."""
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "empty"))
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    with pytest.raises(EnvironmentFault, match="the package index cannot be reached") as caught:
        ensure(tiny, manifest())
    assert "\n" not in str(caught.value)


def test_a_missing_lock_is_told_with_the_command_that_makes_it(tmp_path: Path) -> None:
    """An adapter that is new has none yet."""
    with pytest.raises(EnvironmentFault, match="bench lock tiny"):
        ensure(tmp_path, manifest())


def test_a_lock_without_the_tool_itself_is_refused(tiny: Path) -> None:
    """Its version is the target's version."""
    with pytest.raises(EnvironmentFault, match="does not install 'other'"):
        ensure(tiny, manifest(package="other"))


def test_an_unsupported_python_is_told_with_those_that_would_do(tiny: Path) -> None:
    """No such Python is here, and none is downloaded."""
    with pytest.raises(EnvironmentFault, match=r"Tiny needs (<3\.5,>=3\.11|>=3\.11,<3\.5); install one"):
        ensure(tiny, manifest(python="<3.5"))


def test_a_given_python_is_checked_too(tiny: Path) -> None:
    """It is not silently replaced by another."""
    with pytest.raises(EnvironmentFault, match="give the path of such a Python"):
        ensure(tiny, manifest(python="<3.5"), python=Path(sys.executable))


def test_a_python_that_cannot_be_run_is_told(tiny: Path, tmp_path: Path) -> None:
    """A path mistyped by the user."""
    with pytest.raises(EnvironmentFault, match="is no Python that can be run"):
        ensure(tiny, manifest(), python=tmp_path / "python9")


def test_a_bad_specifier_is_the_adapters_fault(tiny: Path) -> None:
    """The line names the adapter and the key."""
    with pytest.raises(AdapterError, match="adapter 'tiny': python = 'three'"):
        ensure(tiny, manifest(python="three"))


def test_two_processes_at_once_make_it_once(tiny: Path, cache: Path) -> None:
    """The second waits for the first, and finds what it made."""
    code = (
        "import sys; from pathlib import Path; from bench.environments.environment import ensure;"
        "from tests.unit.environments.test_environment import manifest;"
        "ensure(Path(sys.argv[1]), manifest(), on_event=lambda event: print(event.kind, flush=True))"
    )
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", code, str(tiny)]
    running = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate()[0].split() for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert sum(words.count("making") for words in said) == 1
    assert len([path for path in (cache / "environments").iterdir() if path.is_dir()]) == 1


def test_one_that_fails_does_not_stop_the_others(tmp_path: Path, tiny: Path) -> None:
    """Each tool has its environment or its reason."""
    broken = adapter(tmp_path / "broken", "iniconfig==0.0.1.nothing")
    events: list[Event] = []
    requests = [Request(broken, manifest("broken")), Request(tiny, manifest())]
    results = ensure_all(requests, events.append)
    assert list(results) == ["broken", "tiny"]
    assert isinstance(results["broken"], EnvironmentFault)
    assert results["tiny"] == lookup(tiny, manifest())
    assert "failed" in [event.kind for event in events if event.tool == "broken"]


def test_verify_finds_what_was_changed_and_what_is_missing(tiny: Path) -> None:
    """Also a change that keeps a file's size."""
    environment = ensure(tiny, manifest())
    assert verify(environment, manifest()) == []
    site = next(environment.folder.glob("lib/*/site-packages/iniconfig"))
    text = (site / "exceptions.py").read_text()
    (site / "exceptions.py").write_text(text[:-2] + "#\n")
    (site / "py.typed").unlink()
    assert verify(environment, manifest()) == [
        "iniconfig/exceptions.py is not as iniconfig installed it",
        "iniconfig/py.typed is missing",
    ]


def test_verify_finds_what_no_package_knows(tiny: Path) -> None:
    """A module that was added, a program that was written to; not what Python compiled meanwhile."""
    environment = ensure(tiny, manifest())
    site = next(environment.folder.glob("lib/*/site-packages"))
    (site / "left.py").write_text("raise ImportError")
    (site / "iniconfig/__pycache__/left.cpython-399.pyc").write_bytes(b"")
    with (environment.folder / "bin/activate").open("a") as file:
        file.write("# more\n")
    assert verify(environment, manifest()) == ["bin/activate was written to", "left.py is new"]
    discard(environment)
    assert verify(ensure(tiny, manifest()), manifest()) == []


def test_verify_passes_over_what_the_tool_writes_into_its_own_installation(tiny: Path) -> None:
    """As Prefect's server does with the files of its page; whatever else is there is found."""
    environment = ensure(tiny, manifest())
    site = next(environment.folder.glob("lib/*/site-packages/iniconfig"))
    (site / "page_build").mkdir()
    (site / "page_build/index.html").write_text("")
    (site / "left.py").write_text("")
    own = InstallationWrite(pattern="iniconfig/*_build/*", reason="a test", source="a test")
    about = msgspec.structs.replace(manifest(), installation_writes=(own,))
    assert verify(environment, about) == ["iniconfig/left.py is new"]


def test_a_discarded_environment_is_made_anew(tiny: Path) -> None:
    """That is what is done with a poisoned one."""
    environment = ensure(tiny, manifest())
    discard(environment)
    assert lookup(tiny, manifest()) is None
    assert verify(ensure(tiny, manifest()), manifest()) == []


def test_a_poisoned_cache_of_uv_does_not_poison_the_next_environment(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are hard links, so that a write into an environment reaches the cache it came from."""
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    monkeypatch.setenv("UV_LINK_MODE", "hardlink")
    environment = ensure(tiny, manifest())
    module = next(environment.folder.glob("lib/*/site-packages/iniconfig/exceptions.py"))
    assert module.stat().st_nlink > 1
    with module.open("a") as file:
        file.write("# poison\n")
    discard(environment)
    assert verify(ensure(tiny, manifest()), manifest()) == []


def test_a_lock_is_made_with_hashes_and_without_an_index(tmp_path: Path) -> None:
    """What is locked holds for every user, whatever index they use."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    (tmp_path / "constraints.txt").write_text("iniconfig==2.3.1\n")
    (folder / "requirements.in").write_text("iniconfig\n")
    text = lock(folder).read_text()
    assert LOCK in text
    assert "bench lock tiny" in text
    assert "index" not in text


def test_the_lock_of_the_version_before_differs_in_the_tool_alone(tmp_path: Path) -> None:
    """All else stays as it is locked, though there are newer versions of it."""
    folder = tmp_path / "tiny"
    (folder / "locks").mkdir(parents=True)
    (folder / "requirements.in").write_text("iniconfig==2.3.*\npluggy\n")
    (folder / "locks" / "requirements.txt").write_text("iniconfig==2.3.1\npluggy==1.5.0\n")
    made = lock_earlier(folder, structs.replace(manifest(), earlier=Earlier(version="2.1.0")))
    assert made == folder / "locks" / "earlier.txt"
    locked = [line.split()[0] for line in made.read_text().splitlines() if "==" in line]
    assert locked == ["iniconfig==2.1.0", "pluggy==1.5.0"]
    assert "override" not in made.read_text()


def test_the_version_before_has_an_environment_of_its_own(tiny: Path) -> None:
    """Made only when it is asked for; without one in the manifest there is none."""
    (tiny / "locks" / "earlier.txt").write_text("# the version before\n" + LOCK)
    named = structs.replace(manifest(), earlier=Earlier(version="2.3.1"))
    measured = ensure(tiny, named)
    assert lookup(tiny, named, EARLIER) is None
    found = earlier(tiny, named)
    assert found is not None
    assert found.folder != measured.folder
    assert lookup(tiny, named, EARLIER) == found
    assert earlier(tiny, manifest()) is None


def test_what_a_purpose_needs_besides_is_locked_at_the_same_versions(tmp_path: Path) -> None:
    """So that what is drawn or packed is what was run."""
    folder = tmp_path / "tiny"
    (folder / "locks").mkdir(parents=True)
    (folder / "requirements.in").write_text("pluggy\n")
    (folder / "requirements-pages.in").write_text("iniconfig==2.3.1\n")
    (folder / "locks" / "requirements.txt").write_text("pluggy==1.5.0\n")
    (made,) = lock_besides(folder)
    assert made == folder / "locks" / "pages.txt"
    locked = [line.split()[0] for line in made.read_text().splitlines() if "==" in line]
    assert locked == ["iniconfig==2.3.1", "pluggy==1.5.0"]


def test_a_purpose_that_needs_nothing_besides_has_no_environment(tiny: Path) -> None:
    """The tool's own will do for it."""
    (tiny / "locks" / "pages.txt").write_text("# with what shows\n" + LOCK)
    found = besides(tiny, manifest(), "pages")
    assert found is not None
    assert found.folder != ensure(tiny, manifest()).folder
    assert besides(tiny, manifest(), "package") is None


def test_a_lock_that_cannot_be_made_tells_why(tmp_path: Path) -> None:
    """In the words of uv."""
    (tmp_path / "requirements.in").write_text("iniconfig==2.3.1\niniconfig==2.0.0\n")
    with pytest.raises(EnvironmentFault, match=r"iniconfig==2\.3\.1 and iniconfig==2\.0\.0"):
        lock(tmp_path)


def test_the_cache_folder_follows_the_variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Our own first, then the desktop standard, then the home folder."""
    assert cache_folder() == tmp_path / "cache"
    monkeypatch.delenv("ORCHESTRATOR_BENCH_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "orchestrator-bench"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "orchestrator-bench"


def test_the_marker_tells_when_and_with_what_it_was_made(tiny: Path) -> None:
    """For the result set's manifest."""
    marker = json.loads((ensure(tiny, manifest()).folder / "ready.json").read_bytes())
    assert marker["packages"] == {"iniconfig": "2.3.1"}
    assert {"made", "newest", "seconds", "size", "interpreter"} <= set(marker)


def test_all_shipped_locks_agree_on_what_the_stages_run_on() -> None:
    """Same ground for all: each pin of the constraints is the same in every lock that has the package."""
    folders = discover()
    constraints = next(iter(folders.values())).parent / "constraints.txt"
    lines = [line.split("#")[0].strip() for line in constraints.read_text().splitlines()]
    pins = {line.split("==")[0]: line for line in lines if line}
    # The A/A check runs one stage that needs nothing but Python, and the style of a launchpad runs no stage.
    locks = [
        path
        for name, folder in folders.items()
        for path in folder.glob("locks/*.txt")
        if name != "aa" and path.name != LAUNCHPAD_DEV
    ]
    for path in locks:
        text = path.read_text()
        assert {package: f"{package}=={locked(text).get(package)}" for package in pins} == pins, path
        assert "--index" not in text
        assert "://" not in text


def locked(text: str) -> dict[str, str]:
    """Return the versions of a lock."""
    lines = [line.split()[0] for line in text.splitlines() if "==" in line]
    return {line.split("==")[0]: line.split("==")[1] for line in lines}


def test_the_version_before_is_of_the_minor_release_before() -> None:
    """In every adapter that names one: what its lock installs, and just below the measured one."""
    named = [(folder, read_manifest(folder)) for folder in discover().values()]
    assert any(manifest.earlier for _, manifest in named)
    for folder, manifest in named:
        if manifest.earlier is not None:
            measured, before = (
                locked((folder / "locks" / name).read_text())[manifest.package]
                for name in ("requirements.txt", EARLIER)
            )
            assert before == manifest.earlier.version
            major, minor = (int(part) for part in measured.split(".")[:2])
            assert before.split(".")[:2] == [str(major), str(minor - 1)]


def test_the_reason_is_uvs_last_error_on_one_line() -> None:
    """Warnings before it and its drawing are left out."""
    said = "warning: old\nerror: first\n  \u00d7 No solution found:\n  \u2570\u2500\u25b6 Because a\n      b.\n\n  hint: try\n"
    assert _uv.reason(said) == "No solution found: Because a b"


def test_another_python_is_never_one_that_the_tool_does_not_support() -> None:
    """Where only this minor version will do, there is none."""
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert _uv.other(manifest(python=f"=={own}.*"), f"{own}.0") is None


def test_another_python_is_of_another_minor_version() -> None:
    """Asked for one beside the version before this, it finds at least the Python that is running."""
    minor = sys.version_info.minor
    found = _uv.other(manifest(), f"3.{minor - 1}.0")
    assert found is not None
    code = "import sys; print(sys.version_info.minor)"
    said = subprocess.run([found, "-c", code], capture_output=True, text=True, check=True)
    assert int(said.stdout) != minor - 1


LOCKED = """
[[packages]]
name = "tool"
version = "{version}"
wheels = [{{ url = "tool-any.whl"{wheel}, hashes = {{ sha256 = "00" }} }}]
sdist = {{ url = "tool.tar.gz"{sdist}, hashes = {{ sha256 = "01" }} }}
"""


def answered(*days: str | None) -> list[subprocess.CompletedProcess[str]]:
    """Return what uv says of the releases 1.0 and 2.1, whose wheels came on these days and sources one later."""
    told = []
    for version, day in zip(("1.0", "2.1"), days, strict=True):
        times = [f", upload-time = {day}T0{hour}:00:00Z" if day else "" for hour in (1, 2)]
        locked = LOCKED.format(version=version, wheel=times[0], sdist=times[1])
        told.append(subprocess.CompletedProcess([], 0, locked, ""))
    return told


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (
            answered("2026-01-02", "2026-02-03"),
            (Release("1.0", date(2026, 1, 2)), Release("2.1", date(2026, 2, 3))),
        ),
        (answered(None, None), (Release("1.0", None), Release("2.1", None))),
        (
            [subprocess.CompletedProcess([], 2, "", "error: Failed to fetch: connection refused\n")] * 2,
            None,
        ),
    ],
    ids=["a newer one", "an index without times", "nobody to ask"],
)
def test_the_newest_release_is_asked_of_the_index(
    monkeypatch: pytest.MonkeyPatch,
    answers: list[subprocess.CompletedProcess[str]],
    expected: tuple[Release, Release] | None,
) -> None:
    """Without installing it; where the index cannot be asked, it is not known."""
    wanted = []

    def run(arguments: list[str]) -> subprocess.CompletedProcess[str]:
        assert arguments[:2] == ["pip", "compile"]
        wanted.append(Path(arguments[-1]).read_text())
        return answers[len(wanted) - 1]

    monkeypatch.setattr(_uv, "run", run)
    assert measured_and_newest(Path("python"), "tool", "1.0") == expected
    assert wanted == ["tool==1.0\n", "tool\n"]


def test_a_release_that_is_years_old_is_known_by_its_day(tiny: Path) -> None:
    """Asked of the index itself; where it tells no times, there is no day."""
    python = ensure(tiny, manifest()).python
    measured, newest = measured_and_newest(python, "iniconfig", "2.0.0") or (None, None)
    assert measured is not None
    assert newest is not None
    assert measured.day in (date(2023, 1, 7), None)
    assert Version(newest.version) >= Version("2.3.1")
