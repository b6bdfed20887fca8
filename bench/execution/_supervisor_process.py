"""The supervisor process: starts one command, watches its whole process tree, and ends it.

Run by path as ``python -I _supervisor_process.py``. It reads the request as one JSON line from standard input and
writes the facts as one JSON line to standard output. It is a child subreaper: a descendant that outlives its parent
becomes its child, so it waits for every descendant and counts its usage. If the harness ends (end of file on
standard input), it ends the tree at once. Standard library only; independent of scenarios and adapters.
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
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.execution._processes import (
        Cgroup,
        Outside,
        Proportional,
        argv,
        descendants,
        endings,
        running,
        send_signal,
    )
else:
    # Run by path in isolated mode, so the neighbouring module is not on the path; the package is not needed.
    sys.path.insert(0, str(Path(__file__).parent))
    from _processes import Cgroup, Outside, Proportional, argv, descendants, endings, running, send_signal

SAMPLE_S = 0.03
"""Least time between two samples of the tree."""
EARLY_S = 0.01
EARLY_UNTIL_S = 0.1
"""Time between samples in the first tenth of a second, for very short commands."""
LONGEST_S = 0.25
"""Greatest time between two samples, whatever they cost, so that no memory peak is missed for long."""
SAMPLE_SHARE = 0.007
"""Share of a core that sampling may cost; a larger tree is sampled less often."""
TERM_GRACE_S = 2.0
"""Time between SIGTERM and SIGKILL when a run is ended."""
KILL_S = 30.0
"""Time to wait for killed processes: one of another user, or one that the kernel holds, may never end."""
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


class Supervision:
    """One run, from its start until no process of it is left."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.request = request
        self.cgroup = Cgroup()
        self.marks: dict[str, int] = {}
        self.status: int | None = None
        self.stopped_by: str | None = None
        self.peak: int | None = None
        self.peak_method = "cgroup" if self.cgroup else "pss"
        self.seen: dict[int, list[str]] = {}
        self.python: dict[int, float] = {}
        self.settled: set[int] = set()
        self.reaped: set[int] = set()
        self.user = self.system = 0.0
        self.left: list[dict[str, Any]] = []
        self.main = 0
        self.sizes = Proportional()
        self.inside: set[int] = set()
        self.members: list[int] = []
        self.strayed: list[int] = []
        self.outside = Outside()
        self.began = self.next_sample = self.next_search = 0.0
        self.spent = 0.0
        self.logs: list[int] = []
        self.wake, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        self.gone = False
        self.orders = b""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._harness_gone)

    def _harness_gone(self, *_: object) -> None:
        self.gone = True

    def run(self) -> dict[str, Any]:
        start_error = self._start()
        if start_error is not None:
            self._end_tree(gently=False)
            return {**self._facts(), "start_error": start_error}
        self.began = self.next_sample = time.monotonic()
        self.spent = time.process_time()
        deadline = self.began + self.request["time_limit"]
        while "exit" not in self.marks:
            self._turn(deadline)
            if "exit" in self.marks:
                break
            limit = self._limit_reached(deadline)
            self._reap()
            if "exit" in self.marks:
                break
            self.stopped_by = limit
            if self.gone or self.stopped_by:
                self._end_tree(gently=self.stopped_by != "output" and not self.gone)
        grace = time.monotonic() + self.request["grace"]
        while "empty" not in self.marks and time.monotonic() < grace and not self.gone:
            self._turn(grace)
            if self._written() > self.request["output_limit"]:
                break
        if "empty" not in self.marks:
            self._name_left()
            self._end_tree(gently=False)
        return {**self._facts(), "start_error": None}

    def _name_left(self) -> None:
        alive = [pid for pid in self._living() if running(pid)]
        self.left = [{"pid": pid, "argv": argv(pid)} for pid in alive]

    def _written(self) -> int:
        return sum(os.fstat(log).st_size for log in self.logs)

    def _limit_reached(self, deadline: float) -> str | None:
        if time.monotonic() >= deadline:
            return "time"
        memory = self.request["memory_limit"]
        if memory is not None and self.peak is not None and self.peak > memory:
            return "memory"
        return "output" if self._written() > self.request["output_limit"] else None

    def _start(self) -> str | None:
        """Start the command; return why it could not be started, or None."""
        request = self.request
        ready_r, ready_w = os.pipe2(os.O_CLOEXEC)
        go_r, go_w = os.pipe2(os.O_CLOEXEC)
        error_r, error_w = os.pipe2(os.O_CLOEXEC)
        files = [
            os.open(os.devnull if request["stdin"] is None else request["stdin"], os.O_RDONLY),
            os.open(request["stdout"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644),
            os.open(request["stderr"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644),
        ]
        self.logs = files[1:]
        supervisor = os.getpid()
        self.main = os.fork()
        if self.main == 0:
            try:
                self._become(supervisor, files, ready_w, go_r)
            except BaseException as error:  # noqa: BLE001 - the supervisor's own code must not continue here
                os.write(error_w, f"{type(error).__name__}: {error}".encode(errors="replace"))
            finally:
                os._exit(1)
        for descriptor in (ready_w, error_w, go_r):
            os.close(descriptor)
        ready = os.read(ready_r, 1)
        self.marks["spawn"] = time.monotonic_ns()
        if ready:
            os.write(go_w, b"g")
        # A successful exec closes the pipe, which ends this read.
        reason = os.read(error_r, 4096).decode(errors="replace")
        for descriptor in (ready_r, error_r, go_w, files[0]):
            os.close(descriptor)
        return reason or None

    def _become(self, supervisor: int, files: list[int], ready: int, go: int) -> None:
        """In the new process: become the command."""
        os.setsid()
        # If the supervisor is killed, the command must not run on beside the next one.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != supervisor:
            raise ProcessLookupError("the supervisor was killed")
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        for descriptor, file in enumerate(files):
            os.dup2(file, descriptor)
        os.chdir(self.request["cwd"])
        self.cgroup.join()
        # Joining a control group can take many milliseconds, so the clock starts afterwards.
        os.write(ready, b"r")
        os.read(go, 1)
        os.execve(self.request["argv"][0], self.request["argv"], self.request["env"])

    def _turn(self, until: float) -> None:
        """Wait for the end of a child or the harness, for the next sample or for ``until``, whichever comes first."""
        sources = [self.wake] if self.gone else [self.wake, 0]
        timeout = min(self.next_sample, until) - time.monotonic()
        readable, _, _ = select.select(sources, [], [], max(0.0, timeout))
        self._reap()
        if self.wake in readable:
            os.read(self.wake, 4096)
        if 0 in readable:
            self._obey(os.read(0, 4096))
        if time.monotonic() >= self.next_sample and "empty" not in self.marks:
            self._sample()

    def _obey(self, data: bytes) -> None:
        """Send the signals that the harness requests, one ``NUMBER WHO`` a line. No data: the harness has ended."""
        if not data:
            self.gone = True
        *lines, self.orders = (self.orders + data).split(b"\n")
        for line in lines:
            number, who = line.decode().split()
            self._send(int(number), who)
            # The harness waits for this answer, so that a body that it releases cannot outrun the signal.
            with contextlib.suppress(BrokenPipeError):
                os.write(1, b"sent\n")

    def _send(self, number: int, who: str) -> None:
        """Send a signal; processes that it kills have ended when this returns."""
        addressed = self._living() if who == "tree" else [self.main]
        waited = list(endings(addressed)) if number == signal.SIGKILL else []
        # The command leads its own process group, like a command that is started in a terminal.
        send_signal(addressed, number, os.killpg if who == "group" else os.kill)
        limit = time.monotonic() + KILL_S
        for ending in waited:
            # A killed process takes some time to free its memory; until then its children keep their pipes.
            select.select([ending], [], [], max(0.0, limit - time.monotonic()))
            os.close(ending)

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
        """Return all processes of the run, including those that have left the control group."""
        inside = self.cgroup.pids() if self.cgroup else []
        return list(dict.fromkeys((*inside, *descendants(os.getpid()))))

    def _look(self) -> list[int]:
        """Return all processes of the run; search less often for those outside its control group."""
        if not self.cgroup:
            return descendants(os.getpid())
        now = time.monotonic()
        # A process that is no longer in the group has ended or left it.
        found = {*self.strayed, *self.members}
        if now >= self.next_search:
            self.next_search = now + LONGEST_S
            found.update(descendants(os.getpid()))
        # Read after the search, so that a process that started meanwhile does not seem to be outside.
        self.members = self.cgroup.pids()
        self.inside.update(self.members)
        # A zombie is in no group's list, but its usage is counted.
        self.strayed = [pid for pid in found.difference(self.members) if running(pid)]
        self.outside.look(self.strayed, self.inside)
        return [*self.members, *self.strayed]

    def _sample(self) -> None:
        now = time.monotonic()
        pids = self._look()
        for pid in pids:
            try:
                executable = os.path.basename(os.readlink(f"/proc/{pid}/exe"))
            except OSError:
                continue
            settled = False
            if executable.startswith(("python", "pypy")):
                # Between fork and exec any child looks like its Python parent for an instant.
                settled = pid not in self.settled and now - self.python.setdefault(pid, now) >= SAMPLE_S
            else:
                self.python.pop(pid, None)
            if settled:
                self.settled.add(pid)
            if pid not in self.seen or settled:
                self.seen[pid] = argv(pid)
        memory, method = (self.cgroup.memory(), "cgroup") if self.cgroup else (-1, "pss")
        if self.strayed or not self.cgroup:
            # The group stays charged for memory from before a process left, so the two figures are not added.
            memory, method = max((memory, method), (self.sizes.bytes(pids), "pss"))
        if self.peak is None or memory > self.peak:
            self.peak, self.peak_method = memory, method
        # Includes the wait between two samples, which costs as much as a sample of a small tree.
        before, self.spent = self.spent, time.process_time()
        cost = (self.spent - before) / SAMPLE_SHARE
        now = time.monotonic()
        early = now - self.began < EARLY_UNTIL_S
        self.next_sample = now + (EARLY_S if early else min(LONGEST_S, max(SAMPLE_S, cost)))

    def _end_tree(self, *, gently: bool) -> None:
        if gently:
            send_signal(self._living(), signal.SIGTERM)
            limit = time.monotonic() + TERM_GRACE_S
            while "empty" not in self.marks and time.monotonic() < limit and not self.gone:
                self._turn(limit)
        limit = time.monotonic() + KILL_S
        while "empty" not in self.marks and time.monotonic() < limit:
            send_signal(self._living(), signal.SIGKILL)
            # The end of a child wakes it up; the time-out is for a process that forked meanwhile.
            if select.select([self.wake], [], [], 0.05)[0]:
                os.read(self.wake, 4096)
            self._reap()
        if "empty" not in self.marks:
            self._name_left()

    def _facts(self) -> dict[str, Any]:
        method = "wait4"
        if self.cgroup:
            self.user, self.system = self.cgroup.cpu()
            user, system = self.outside.cpu()
            self.user, self.system = self.user + user, self.system + system
            method = "cgroup"
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
            "peak_method": self.peak_method,
            "pids": sorted({*self.seen, *self.reaped}),
            "python": {str(pid): self.seen[pid] for pid in self.settled},
            "left_behind": self.left,
            "supervisor_s": own.ru_utime + own.ru_stime,
            "gone": self.gone,
        }


def main() -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")
    request = json.loads(sys.stdin.buffer.readline())
    facts = Supervision(request).run()
    sys.stdout.write(json.dumps(facts) + "\n")


if __name__ == "__main__":
    main()
