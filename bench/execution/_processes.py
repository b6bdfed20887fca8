"""Reads control groups, descendants and memory of processes for the supervisor. Standard library only."""

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

__all__ = [
    "Cgroup",
    "Outside",
    "Proportional",
    "argv",
    "descendants",
    "endings",
    "members",
    "running",
    "send_signal",
]

PREFIX = "orchestrator-bench-"
TICK = os.sysconf("SC_CLK_TCK")
CHANGE = 0.05
"""Relative change of a process's size after which its proportional set size is read again."""
REFRESH_SHARE = 0.005
"""Share of a core that reading all proportional set sizes may cost."""
REFRESH_S = (0.25, 1.0)
"""Least and greatest time between two such readings."""


class Cgroup:
    """A separate control group for the run, if one can be made (version 1 or 2)."""

    def __init__(self) -> None:
        self.folders: dict[str, Path] = {}
        try:
            for kind, parent in _parents().items():
                _sweep(parent)
                folder = parent / f"{PREFIX}{os.getpid()}"
                folder.mkdir()
                self.folders[kind] = folder
                # Without these two files a group of version 2 cannot measure anything.
                for needed in ("memory.stat", "cpu.stat") if kind == "unified" else ():
                    if not (folder / needed).exists():
                        raise FileNotFoundError(needed)
        except (OSError, KeyError, ValueError):
            # No such controller, or no permission to make a group: the figures are sampled instead.
            self.remove()

    def __bool__(self) -> bool:
        return bool(self.folders)

    def join(self) -> None:
        """Move the calling process into the group."""
        for folder in self.folders.values():
            (folder / "cgroup.procs").write_text("0")

    def pids(self) -> list[int]:
        folder = next(iter(self.folders.values()))
        return [int(pid) for pid in _read(f"{folder}/cgroup.procs").split()]

    def memory(self) -> int:
        """Return bytes of anonymous and shared memory; page cache is not counted."""
        if "unified" in self.folders:
            folder, wanted = self.folders["unified"], ("anon ", "shmem ")
        else:
            folder, wanted = self.folders["memory"], ("total_rss ", "total_shmem ")
        lines = _read(f"{folder}/memory.stat").splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith(wanted))

    def cpu(self) -> tuple[float, float]:
        """Return user and system seconds."""
        if "unified" in self.folders:
            lines = (self.folders["unified"] / "cpu.stat").read_text().splitlines()
            fields = dict(line.split() for line in lines)
            return int(fields["user_usec"]) / 1e6, int(fields["system_usec"]) / 1e6
        folder = self.folders["cpuacct"]
        # Only the total is exact to the nanosecond; its two parts are counted in ticks.
        total = int((folder / "cpuacct.usage").read_text())
        system = min(total, int((folder / "cpuacct.usage_sys").read_text()))
        return (total - system) / 1e9, system / 1e9

    def remove(self) -> None:
        for folder in self.folders.values():
            # A process in it may still be being torn down; an empty group costs nothing.
            with contextlib.suppress(OSError):
                folder.rmdir()
        self.folders = {}


def _read(path: str) -> str:
    # This costs a third of Path.read_text, and it runs all the time.
    descriptor = os.open(path, os.O_RDONLY)
    try:
        parts = []
        while part := os.read(descriptor, 65536):
            parts.append(part)
    finally:
        os.close(descriptor)
    return b"".join(parts).decode(errors="replace")


def _parents() -> dict[str, Path]:
    """Return the folders in which the harness would make a group."""
    base = Path("/sys/fs/cgroup")
    own = {}
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            own[controller] = path.lstrip("/")
    if (base / "cgroup.controllers").exists():
        return {"unified": base / own[""]}
    return {kind: base / kind / own[kind] for kind in ("memory", "cpuacct")}


def members(supervisor: int) -> list[int]:
    """Return the processes in the group of a dead supervisor, if it had a group."""
    with contextlib.suppress(OSError, KeyError, ValueError):
        folder = next(iter(_parents().values())) / f"{PREFIX}{supervisor}"
        return [int(pid) for pid in (folder / "cgroup.procs").read_text().split()]
    return []


def _sweep(parent: Path) -> None:
    """Remove empty groups that a killed supervisor has left."""
    for folder in parent.glob(f"{PREFIX}*"):
        pid = folder.name.removeprefix(PREFIX)
        # A living supervisor may not have moved its run into the group yet.
        if pid == str(os.getpid()) or not Path("/proc", pid).exists():
            with contextlib.suppress(OSError):
                folder.rmdir()


def descendants(root: int) -> list[int]:
    """Return all descendants of a process in any control group, including zombies.

    A process whose main thread has ended looks like a zombie but still runs, so zombies are included.
    """
    try:
        return _by_children(root)
    except FileNotFoundError:
        # A kernel without CONFIG_PROC_CHILDREN.
        return _by_parents(root)


def _by_children(root: int) -> list[int]:
    found: list[int] = []
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        try:
            threads = os.listdir(f"/proc/{pid}/task")
        except OSError:
            continue
        for thread in threads:
            try:
                children = _read(f"/proc/{pid}/task/{thread}/children").split()
            except FileNotFoundError:
                if pid == root and Path(f"/proc/{pid}/task/{thread}").exists():
                    raise
                continue
            except OSError:
                continue
            found += map(int, children)
            waiting += map(int, children)
    return found


def _by_parents(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = _read(f"/proc/{entry}/stat")
            except OSError:
                continue
            parent = stat.rpartition(")")[2].split()[1]
            children.setdefault(int(parent), []).append(int(entry))
    found: list[int] = []
    waiting = [root]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            found.append(child)
            waiting.append(child)
    return found


class Proportional:
    """Proportional set sizes. Reading one is expensive, so it is cached while it is likely to be right.

    The size of one process is read again if its resident size has changed. All sizes are read again if a process is
    new, because pages that it shares with its parent no longer count in full there. All are also read again from
    time to time, because a page that is no longer shared changes no resident size.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, int]] = {}
        self._refresh = 0.0

    def bytes(self, pids: list[int]) -> int:
        """Return the sum over processes; shared pages are divided among their users.

        Anonymous and shared memory only: file pages are page cache, as in a control group's figure.
        """
        resident = {}
        for pid in pids:
            with contextlib.suppress(OSError):
                resident[pid] = int(_read(f"/proc/{pid}/statm").split()[1])
        everything = time.monotonic() >= self._refresh or not resident.keys() <= self._known.keys()
        self._known = {pid: known for pid, known in self._known.items() if pid in resident}
        began = time.process_time()
        for pid, size in resident.items():
            before = 0 if everything else self._known[pid][0]
            if everything or abs(size - before) > CHANGE * before:
                self._known[pid] = (size, _proportional(pid))
        if everything:
            least, most = REFRESH_S
            cost = (time.process_time() - began) / REFRESH_SHARE
            self._refresh = time.monotonic() + min(most, max(least, cost))
        return sum(size for _, size in self._known.values())


def _proportional(pid: int) -> int:
    try:
        lines = _read(f"/proc/{pid}/smaps_rollup").splitlines()
    except OSError:
        return 0
    return 1024 * sum(
        int(line.split()[1]) for line in lines if line.startswith(("Pss_Anon:", "Pss_Shmem:"))
    )


class Outside:
    """CPU of processes that have left the run's control group, since they were first seen outside.

    The group's figure includes what they used before. What they use after the last sample is not seen.
    """

    def __init__(self) -> None:
        self._first: dict[int, tuple[float, float]] = {}
        self._last: dict[int, tuple[float, float]] = {}

    def look(self, pids: list[int], inside: set[int]) -> None:
        """Record what they have used; ``inside``: processes that were ever seen in the group."""
        for pid in pids:
            fields = _stat(pid)
            if fields is not None:
                used = int(fields[11]) / TICK, int(fields[12]) / TICK
                first = self._first.setdefault(pid, used if pid in inside else (0.0, 0.0))
                self._last[pid] = used[0] - first[0], used[1] - first[1]

    def cpu(self) -> tuple[float, float]:
        """Return user and system seconds."""
        used = self._last.values()
        return sum(user for user, _ in used), sum(system for _, system in used)


def _stat(pid: int) -> list[str] | None:
    try:
        return _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    except OSError:
        return None


def running(pid: int) -> bool:
    """Whether any thread of a process still runs; false for a zombie whose threads have all ended."""
    fields = _stat(pid)
    return fields is not None and (fields[0] not in "ZX" or int(fields[17]) > 1)


def argv(pid: int) -> list[str]:
    """Return the arguments of a process; empty if it is gone."""
    try:
        return _read(f"/proc/{pid}/cmdline").rstrip("\0").split("\0")
    except OSError:
        return []


def send_signal(pids: list[int], number: int, send: Callable[[int, int], None] = os.kill) -> None:
    """Send a signal to each process that is still there and may be signalled."""
    for pid in pids:
        # It has ended meanwhile, or it now runs as another user, for example through sudo.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            send(pid, number)


def endings(pids: list[int]) -> Iterator[int]:
    """Open a descriptor for each process, which becomes readable when the process ends. Needs Linux 5.3."""
    for pid in pids:
        with contextlib.suppress(OSError):
            yield os.pidfd_open(pid)
