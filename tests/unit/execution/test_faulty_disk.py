"""The small disk: what it refuses, who sees it, and that nothing of it is left."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench.execution import faulty_disk, sandbox
from bench.execution.faulty_disk import SmallDisk
from tests.command_line import ROOT

SIZE = 4_000_000


def mounted(place: Path, process: str = "self") -> bool:
    """Whether something is mounted at a place, as a process sees it."""
    lines = Path("/proc", process, "mounts").read_text().splitlines()
    return any(line.split()[1] == str(place) for line in lines)


@pytest.fixture
def aside(tmp_path: Path) -> "Aside":
    """Give what makes a disk in a thread of its own and lets a function use it; returns its place."""

    def call(use: Callable[[SmallDisk], None]) -> Path:
        place = tmp_path / "disk"
        place.mkdir()
        in_thread(lambda: used(place, use))
        return place

    return call


def used(place: Path, use: Callable[[SmallDisk], None]) -> None:
    """Make a disk, let it be used, and take it away."""
    disk = SmallDisk(place, SIZE)
    try:
        use(disk)
    finally:
        disk.unmount()


def in_thread(what: Callable[[], None]) -> None:
    """Do something in a thread of its own; skip where nothing can be mounted."""
    with ThreadPoolExecutor(1) as pool:
        try:
            pool.submit(what).result()
        except PermissionError as error:
            pytest.skip(f"no file system can be mounted here: {error}")


Aside = Callable[[Callable[[SmallDisk], None]], Path]


def test_what_does_not_fit_is_refused_and_what_fits_is_taken(aside: Aside) -> None:
    """And the trial itself leaves nothing."""

    def use(disk: SmallDisk) -> None:
        assert disk.refuses(SIZE // 2) is None
        assert disk.refuses(SIZE * 2) == "ENOSPC"
        assert list(disk.place.iterdir()) == []

    aside(use)


def test_only_the_thread_that_made_it_and_what_it_starts_see_it(aside: Aside) -> None:
    """The other trials, and the machine, do not; afterwards nobody does."""

    def use(disk: SmallDisk) -> None:
        (disk.place / "inside").write_text("x")
        seen = subprocess.run(["ls", disk.place], capture_output=True, text=True, check=True)
        assert seen.stdout.split() == ["inside"]
        assert not mounted(disk.place)

    place = aside(use)
    assert list(place.iterdir()) == []


def test_a_frozen_disk_is_read_and_not_written_until_it_is_thawed(aside: Aside) -> None:
    """Nothing was open, so the disk itself is frozen, also for who stands in it."""

    def use(disk: SmallDisk) -> None:
        (disk.place / "kept").write_text("x")
        touch = ["touch", "other"]
        assert disk.freeze() == []
        assert disk.refuses(1) == "EROFS"
        assert (disk.place / "kept").read_text() == "x"
        assert subprocess.run(touch, cwd=disk.place, capture_output=True, check=False).returncode == 1
        disk.thaw()
        assert disk.refuses(1) is None
        assert subprocess.run(touch, cwd=disk.place, check=False).returncode == 0

    aside(use)


def test_what_was_open_for_writing_is_named_and_the_rest_is_frozen_all_the_same(aside: Aside) -> None:
    """As a database that was open: it is written on, and nothing new is made."""

    def use(disk: SmallDisk) -> None:
        with (disk.place / "open.db").open("w") as file:
            assert disk.freeze() == ["open.db"]
            file.write("on")
            assert disk.refuses(1) == "EROFS"
            disk.thaw()
            assert disk.refuses(1) is None
        assert (disk.place / "open.db").read_text() == "on"

    aside(use)


def test_a_frozen_disk_is_taken_away_whole(aside: Aside) -> None:
    """Also where the frozen one lies over it, and a file is still open."""

    def use(disk: SmallDisk) -> None:
        with (disk.place / "open.db").open("w"):
            disk.freeze()
            disk.unmount()
            assert list(disk.place.iterdir()) == []
            disk.__init__(disk.place, SIZE)  # type: ignore[misc]

    aside(use)


KILLED = """
import sys, time
from pathlib import Path
from bench.execution.faulty_disk import SmallDisk
disk = SmallDisk(Path(sys.argv[1]), 4_000_000)
disk.place.joinpath("inside").write_text("x")
print("mounted", flush=True)
time.sleep(60)
"""


def test_nothing_is_mounted_any_more_once_bench_was_killed(tmp_path: Path) -> None:
    """The namespace goes with the last process in it; nobody has to sweep."""
    place = tmp_path / "disk"
    place.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, place], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as killed:
        assert killed.stdout is not None
        if not killed.stdout.readline():
            pytest.skip("no file system can be mounted here")
        assert mounted(place, str(killed.pid))
        assert not mounted(place)
        os.kill(killed.pid, signal.SIGKILL)
    assert not any(
        mounted(place, process.name) for process in Path("/proc").glob("[0-9]*") if readable(process)
    )
    assert list(place.iterdir()) == []


def readable(process: Path) -> bool:
    """Whether the mounts of a process can be read; one that has ended has none."""
    try:
        return bool((process / "mounts").read_text())
    except OSError:
        return False


def test_the_sandbox_s_folders_lie_on_it_and_its_results_do_not(tmp_path: Path) -> None:
    """So that what a run delivered can be told from what the tool keeps."""
    box = sandbox.make(tmp_path, Path(sys.executable))

    def make() -> None:
        disk, moved = faulty_disk.under(box, SIZE)
        assert all(getattr(moved, name).parent == disk.place for name in faulty_disk.FOLDERS)
        assert (moved.results, moved.data) == (box.results, box.data)
        disk.unmount()

    in_thread(make)


def test_who_may_not_mount_is_told_how_it_can_be_done() -> None:
    """The case is then not attempted, and never an error."""
    said = faulty_disk.refused(PermissionError(errno.EPERM, "Operation not permitted"))
    assert "Operation not permitted" in said
    assert "unshare --user --map-root-user --mount" in said
