"""What the supervisor can see of processes: control groups, descendants, memory. Standard library only."""

import contextlib
import os
from pathlib import Path

__all__ = ["Cgroup", "Proportional", "argv", "cpu_seconds", "descendants"]

PREFIX = "orchestrator-bench-"
TICK = os.sysconf("SC_CLK_TCK")
CHANGE = 0.05
"""Share by which a process must grow or shrink before its proportional set size is read again."""


class Cgroup:
    """A control group of its own for the run, where one can be made (version 1 or 2)."""

    def __init__(self) -> None:
        self.folders: dict[str, Path] = {}
        base = Path("/sys/fs/cgroup")
        name = f"{PREFIX}{os.getpid()}"
        try:
            if (base / "cgroup.controllers").exists():
                self._version2(base, name)
            else:
                self._version1(base, name)
        except (OSError, KeyError, ValueError):
            # No such controller, or no right to make a group: what it would say is sampled instead.
            self.remove()

    def _version1(self, base: Path, name: str) -> None:
        own = {}
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            for controller in controllers.split(","):
                own[controller] = path
        for controller in ("memory", "cpuacct"):
            folder = base / controller / own[controller].lstrip("/") / name
            _sweep(folder.parent)
            folder.mkdir()
            self.folders[controller] = folder

    def _version2(self, base: Path, name: str) -> None:
        own = Path("/proc/self/cgroup").read_text().strip().rpartition("::/")[2]
        parent = base / own
        folder = parent / name
        _sweep(parent)
        folder.mkdir()
        self.folders["unified"] = folder
        # Without these two files the group can measure nothing, and sampling is used instead.
        for needed in ("memory.stat", "cpu.stat"):
            if not (folder / needed).exists():
                raise FileNotFoundError(needed)

    def __bool__(self) -> bool:
        return bool(self.folders)

    def join(self) -> None:
        """Move the calling process in."""
        for folder in self.folders.values():
            (folder / "cgroup.procs").write_text("0")

    def pids(self) -> list[int]:
        folder = next(iter(self.folders.values()))
        return [int(pid) for pid in (folder / "cgroup.procs").read_text().split()]

    def memory(self) -> int:
        """Return bytes of anonymous and shared memory; page cache is not counted."""
        if "unified" in self.folders:
            text, wanted = (self.folders["unified"] / "memory.stat").read_text(), ("anon", "shmem")
        else:
            text, wanted = (
                (self.folders["memory"] / "memory.stat").read_text(),
                ("total_rss", "total_shmem"),
            )
        pairs = (line.split() for line in text.splitlines())
        return sum(int(value) for key, value in pairs if key in wanted)

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


def _sweep(parent: Path) -> None:
    """Remove empty groups that a killed supervisor has left."""
    for folder in parent.glob(f"{PREFIX}*"):
        if not Path("/proc", folder.name.removeprefix(PREFIX)).exists():
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
                children = Path(f"/proc/{pid}/task/{thread}/children").read_text().split()
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
                stat = Path(f"/proc/{entry}/stat").read_text()
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
    """Proportional set sizes, read anew only where a process has grown or shrunk: reading one is dear."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, int]] = {}

    def bytes(self, pids: list[int]) -> int:
        """Return the sum over processes, pages that are shared divided among their users.

        Anonymous and shared memory only: file pages are page cache, as in a control group's figure.
        """
        return sum(self._of(pid) for pid in pids)

    def _of(self, pid: int) -> int:
        try:
            resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            before, size = self._known.get(pid, (0, 0))
            if before and abs(resident - before) <= CHANGE * before:
                return size
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
        except OSError:
            return 0
        sizes = dict(line.split()[:2] for line in lines)
        size = 1024 * (int(sizes.get("Pss_Anon:", 0)) + int(sizes.get("Pss_Shmem:", 0)))
        self._known[pid] = (resident, size)
        return size


def cpu_seconds(pid: int) -> tuple[float, float] | None:
    """Return user and system seconds of a process by itself; None if it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[11]) / TICK, int(fields[12]) / TICK


def argv(pid: int) -> list[str]:
    """Return a process's arguments; empty where it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").rstrip("\0").split("\0")
    except OSError:
        return []
