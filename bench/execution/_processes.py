"""What the supervisor can see of processes: control groups, descendants, memory. Standard library only."""

import contextlib
import os
import time
from pathlib import Path

__all__ = ["Cgroup", "Outside", "Proportional", "argv", "descendants", "members", "running"]

PREFIX = "orchestrator-bench-"
TICK = os.sysconf("SC_CLK_TCK")
CHANGE = 0.05
"""Share by which a process must grow or shrink before its proportional set size is read again."""
REFRESH_SHARE = 0.005
"""Share of a core that reading all proportional set sizes again may cost."""
REFRESH_S = (0.25, 1.0)
"""Time between two such readings, at least and at most."""


class Cgroup:
    """A control group of its own for the run, where one can be made (version 1 or 2)."""

    def __init__(self) -> None:
        self.folders: dict[str, Path] = {}
        try:
            for kind, parent in _parents().items():
                _sweep(parent)
                folder = parent / f"{PREFIX}{os.getpid()}"
                folder.mkdir()
                self.folders[kind] = folder
                # Without these two files a group of version 2 can measure nothing.
                for needed in ("memory.stat", "cpu.stat") if kind == "unified" else ():
                    if not (folder / needed).exists():
                        raise FileNotFoundError(needed)
        except (OSError, KeyError, ValueError):
            # No such controller, or no right to make a group: what it would say is sampled instead.
            self.remove()

    def __bool__(self) -> bool:
        return bool(self.folders)

    def join(self) -> None:
        """Move the calling process in."""
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
    # A third of the cost of Path.read_text, and this is read all the time.
    descriptor = os.open(path, os.O_RDONLY)
    try:
        parts = []
        while part := os.read(descriptor, 65536):
            parts.append(part)
    finally:
        os.close(descriptor)
    return b"".join(parts).decode(errors="replace")


def _parents() -> dict[str, Path]:
    """Return the folders in which a group of our own would be made."""
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
    """Return what is in the group that a supervisor has left, if it had one."""
    with contextlib.suppress(OSError, KeyError, ValueError):
        folder = next(iter(_parents().values())) / f"{PREFIX}{supervisor}"
        return [int(pid) for pid in (folder / "cgroup.procs").read_text().split()]
    return []


def _sweep(parent: Path) -> None:
    """Remove empty groups that a killed supervisor has left."""
    for folder in parent.glob(f"{PREFIX}*"):
        pid = folder.name.removeprefix(PREFIX)
        # One that lives may not have put its run in yet.
        if pid == str(os.getpid()) or not Path("/proc", pid).exists():
            with contextlib.suppress(OSError):
                folder.rmdir()


def descendants(root: int) -> list[int]:
    """Return all descendants of a process, in any control group, those that have just ended too.

    A process whose main thread has ended looks like a zombie and still runs, so these are not left out.
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
    """Proportional set sizes: reading one is dear, so it is kept while nothing speaks against it.

    One process's is read anew where its own size has changed. All are read anew where a process is new,
    for pages that it shares with its parent no longer count in full there, and now and then, for a page
    that ceases to be shared changes nobody's own size.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, int]] = {}
        self._refresh = 0.0

    def bytes(self, pids: list[int]) -> int:
        """Return the sum over processes, pages that are shared divided among their users.

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

    What one had used before is in the group's figure. What it uses after the last look is not seen.
    """

    def __init__(self) -> None:
        self._first: dict[int, tuple[float, float]] = {}
        self._last: dict[int, tuple[float, float]] = {}

    def look(self, pids: list[int], inside: set[int]) -> None:
        """Note what they have used; ``inside``: those that were ever seen in the group."""
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
    """Whether any thread of a process still runs; one whose parent has not waited for it does not."""
    fields = _stat(pid)
    return fields is not None and (fields[0] not in "ZX" or int(fields[17]) > 1)


def argv(pid: int) -> list[str]:
    """Return a process's arguments; empty where it is gone."""
    try:
        return _read(f"/proc/{pid}/cmdline").rstrip("\0").split("\0")
    except OSError:
        return []
