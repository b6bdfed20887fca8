"""The supervisor process: starts one command, watches its whole tree, and ends it.

Run by path as ``python -I _supervise.py``: a request as one JSON line on standard input, the facts as
one JSON line on standard output. It is a child subreaper, so that every descendant that outlives its
parent becomes its child, is waited for and accounted for. If the harness goes away (end of file on
standard input), it ends the tree at once. Standard library only; knows no scenario and no adapter.
"""

import contextlib
import ctypes
import json
import os
import resource
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any

SAMPLE_S = 0.03
"""Time between two looks at the tree, at least."""
SAMPLE_SHARE = 0.01
"""Share of a core that looking may cost; the larger the tree, the rarer the looks."""
TERM_GRACE_S = 2.0
"""Time between SIGTERM and SIGKILL when a run is ended."""
PR_SET_CHILD_SUBREAPER = 36
MAIN_CANNOT_START = 127


class Cgroup:
    """A control group of its own for the run, where one can be made (version 1 or 2)."""

    def __init__(self) -> None:
        self.folders: dict[str, Path] = {}
        base = Path("/sys/fs/cgroup")
        name = f"orchestrator-bench-{os.getpid()}"
        try:
            if (base / "cgroup.controllers").exists():
                self._version2(base, name)
            else:
                self._version1(base, name)
        except OSError:
            self.remove()

    def _version1(self, base: Path, name: str) -> None:
        own = {}
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            for controller in controllers.split(","):
                own[controller] = path
        for controller in ("memory", "cpuacct"):
            folder = base / controller / own[controller].lstrip("/") / name
            folder.mkdir()
            self.folders[controller] = folder

    def _version2(self, base: Path, name: str) -> None:
        own = Path("/proc/self/cgroup").read_text().strip().rpartition("::/")[2]
        parent = base / own
        folder = parent / name
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


def descendants(root: int) -> list[int]:
    """Return all living descendants, found through their parents (without a cgroup)."""
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = Path(f"/proc/{entry}/stat").read_text()
            except OSError:
                continue
            state, parent = stat.rpartition(")")[2].split()[:2]
            if state != "Z":
                children.setdefault(int(parent), []).append(int(entry))
    found: list[int] = []
    waiting = [root]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            found.append(child)
            waiting.append(child)
    return found


def proportional(pids: list[int]) -> int:
    """Return the sum of proportional set sizes in bytes, shared pages divided among their users."""
    total = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        sizes = dict(line.split()[:2] for line in text.splitlines()[1:])
        # File pages are page cache shared with the machine, and left out as in a cgroup's figure.
        total += int(sizes.get("Pss_Anon:", 0)) + int(sizes.get("Pss_Shmem:", 0))
    return total * 1024


class Supervision:
    """One run, from its start to the moment when nothing of it is left."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.request = request
        self.cgroup = Cgroup()
        self.marks: dict[str, int] = {}
        self.status: int | None = None
        self.stopped_by: str | None = None
        self.peak: int | None = None
        self.seen: dict[int, list[str]] = {}
        self.python: dict[int, int] = {}
        self.reaped: set[int] = set()
        self.user = self.system = 0.0
        self.left: list[dict[str, Any]] = []
        self.main = 0
        self.sample_s = SAMPLE_S
        self.wake, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        self.gone = False
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._harness_gone)

    def _harness_gone(self, *_: object) -> None:
        self.gone = True

    def run(self) -> dict[str, Any]:
        self.main = self._start()
        began = time.monotonic()
        deadline = began + self.request["time_limit"]
        while "exit" not in self.marks:
            self._turn(min(self.sample_s, max(0.0, deadline - time.monotonic())))
            limit = self.request["memory_limit"]
            if time.monotonic() >= deadline:
                self.stopped_by = "time"
            elif limit is not None and self.peak is not None and self.peak > limit:
                self.stopped_by = "memory"
            if self.gone or (self.stopped_by and "exit" not in self.marks):
                self._end_tree(gently=not self.gone)
        grace = time.monotonic() + self.request["grace"]
        while "empty" not in self.marks and time.monotonic() < grace and not self.gone:
            self._turn(min(self.sample_s, max(0.0, grace - time.monotonic())))
        if "empty" not in self.marks:
            self.left = [{"pid": pid, "argv": argv(pid)} for pid in self._living()]
            self._end_tree(gently=False)
        return self._facts()

    def _start(self) -> int:
        request = self.request
        ready_r, ready_w = os.pipe2(os.O_CLOEXEC)
        go_r, go_w = os.pipe2(os.O_CLOEXEC)
        files = [
            os.open(os.devnull if request["stdin"] is None else request["stdin"], os.O_RDONLY),
            os.open(request["stdout"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644),
            os.open(request["stderr"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644),
        ]
        pid = os.fork()
        if pid == 0:
            try:
                os.setsid()
                signal.set_wakeup_fd(-1)
                for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGPIPE):
                    signal.signal(number, signal.SIG_DFL)
                self.cgroup.join()
                os.chdir(request["cwd"])
                for descriptor, file in enumerate(files):
                    os.dup2(file, descriptor)
                # Joining a cgroup can take many milliseconds: the clock starts after it.
                os.write(ready_w, b"r")
                os.read(go_r, 1)
                os.execve(request["argv"][0], request["argv"], request["env"])
            except OSError as error:
                os.write(2, f"{request['argv'][0]}: {error.strerror}\n".encode())
                os._exit(MAIN_CANNOT_START)
        os.close(ready_w)
        os.read(ready_r, 1)
        self.marks["spawn"] = time.monotonic_ns()
        os.write(go_w, b"g")
        for descriptor in (ready_r, go_r, go_w, *files):
            os.close(descriptor)
        return pid

    def _turn(self, timeout: float) -> None:
        """Wait for a child's end, the harness's, or the next sample, whichever comes first."""
        sources = [self.wake] if self.gone else [self.wake, 0]
        readable, _, _ = select.select(sources, [], [], timeout)
        self._reap()
        if self.wake in readable:
            os.read(self.wake, 4096)
        if 0 in readable and not os.read(0, 1):
            self.gone = True
        if not readable:
            self._sample()

    def _reap(self) -> None:
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                self.marks.setdefault("empty", time.monotonic_ns())
                return
            if pid == 0:
                return
            now = time.monotonic_ns()
            self.user += usage.ru_utime
            self.system += usage.ru_stime
            self.reaped.add(pid)
            if pid == self.main:
                self.status = status
                self.marks["exit"] = now

    def _living(self) -> list[int]:
        return self.cgroup.pids() if self.cgroup else descendants(os.getpid())

    def _sample(self) -> None:
        began = time.process_time()
        pids = self._living()
        for pid in pids:
            try:
                executable = os.path.basename(os.readlink(f"/proc/{pid}/exe"))
            except OSError:
                continue
            if executable.startswith(("python", "pypy")):
                self.python[pid] = self.python.get(pid, 0) + 1
            if pid not in self.seen or self.python.get(pid) == 2:
                self.seen[pid] = argv(pid)
        memory = self.cgroup.memory() if self.cgroup else proportional(pids)
        self.peak = max(self.peak or 0, memory)
        self.sample_s = max(SAMPLE_S, (time.process_time() - began) / SAMPLE_SHARE)

    def _end_tree(self, *, gently: bool) -> None:
        if gently:
            self._signal_all(signal.SIGTERM)
            limit = time.monotonic() + TERM_GRACE_S
            while "empty" not in self.marks and time.monotonic() < limit and not self.gone:
                self._turn(limit - time.monotonic())
        while "empty" not in self.marks:
            self._signal_all(signal.SIGKILL)
            # Until a child's end wakes it up; the time-out is for one that forked meanwhile.
            select.select([self.wake], [], [], 0.05)
            self._reap()

    def _signal_all(self, number: signal.Signals) -> None:
        for pid in {*descendants(os.getpid()), *(self._living() if self.cgroup else ())}:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue

    def _facts(self) -> dict[str, Any]:
        method = "wait4"
        if self.cgroup:
            self.user, self.system = self.cgroup.cpu()
            method = "cgroup"
        peak_method = "cgroup" if self.cgroup else "pss"
        self.cgroup.remove()
        own = resource.getrusage(resource.RUSAGE_SELF)
        status = self.status if self.status is not None else 0
        return {
            "marks": self.marks,
            "exit_code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
            "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
            "stopped_by": self.stopped_by,
            "user_s": self.user,
            "system_s": self.system,
            "cpu_method": method,
            "peak_bytes": self.peak,
            "peak_method": peak_method,
            "pids": sorted({*self.seen, *self.reaped}),
            # Seen twice: between fork and exec any child looks like its Python parent for an instant.
            "python": {str(pid): self.seen[pid] for pid, times in self.python.items() if times > 1},
            "left_behind": self.left,
            "supervisor_s": own.ru_utime + own.ru_stime,
            "gone": self.gone,
        }


def argv(pid: int) -> list[str]:
    """Return a process's arguments; empty where it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").rstrip("\0").split("\0")
    except OSError:
        return []


def main() -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")
    request = json.loads(sys.stdin.buffer.readline())
    facts = Supervision(request).run()
    sys.stdout.write(json.dumps(facts) + "\n")


if __name__ == "__main__":
    main()
