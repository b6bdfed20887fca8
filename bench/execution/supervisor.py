"""Runs one command under its own supervisor process, and returns the facts."""

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Literal

import msgspec

from bench.contract.records import Command
from bench.execution._processes import members

__all__ = ["Facts", "Left", "Supervised", "SupervisorError"]

OUTPUT_LIMIT = 256_000_000
"""Bytes that a run may write to standard output and error together before it is ended."""
RUN_VARIABLE = "ORCHESTRATOR_BENCH_RUN"
"""Environment variable that marks the processes of a run, in case the supervisor is gone."""
KILL_S = 10.0
"""Time to wait for the end of processes that a killed supervisor has left."""
GRACE_S = 5.0
"""Time that descendants may run on after the main process before they count as left behind."""


class SupervisorError(Exception):
    """The supervisor itself failed; a fault of the harness, never of the tool."""


class Left(msgspec.Struct, frozen=True):
    """A process that was still alive after the time of grace."""

    pid: int
    argv: tuple[str, ...]


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What the supervisor saw. Times in monotonic nanoseconds or seconds, memory in bytes."""

    marks: dict[str, int]
    exit_code: int | None
    signal: int | None
    stopped_by: Literal["time", "memory", "output"] | None
    start_error: str | None
    user_s: float
    system_s: float
    cpu_method: Literal["cgroup", "wait4"]
    peak_bytes: int | None
    peak_method: Literal["cgroup", "pss"]
    pids: list[int]
    python: dict[int, tuple[str, ...]]
    left_behind: list[Left]
    supervisor_s: float
    gone: bool


class Supervised:
    """A command that is running under its supervisor; end it by :meth:`stop`, or wait by :meth:`facts`."""

    def __init__(self, command: Command, environment: dict[str, str], stdout: Path, stderr: Path) -> None:
        self._run = secrets.token_hex(8)
        self._told = b""
        stdin = None
        if command.stdin is not None:
            stdin = stdout.with_name("stdin.txt")
            stdin.write_text(command.stdin)
        request = {
            "argv": command.argv,
            "cwd": command.cwd,
            "env": {**environment, RUN_VARIABLE: self._run},
            "stdin": None if stdin is None else str(stdin),
            "stdout": str(stdout),
            "stderr": str(stderr),
            "time_limit": command.time_limit,
            "memory_limit": command.memory_limit,
            "output_limit": OUTPUT_LIMIT,
            "grace": GRACE_S,
        }
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(Path(__file__).with_name("_supervisor_process.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"PATH": os.defpath},
            # Ctrl-C in the terminal is for the harness: it ends the tree by closing standard input.
            start_new_session=True,
        )
        if self._process.stdin is None:
            raise SupervisorError("the supervisor has no standard input")
        # If the supervisor has already ended, facts() says why.
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()

    @property
    def pid(self) -> int:
        """Return the supervisor's process id; all of the run is below it."""
        return self._process.pid

    def fileno(self) -> int:
        """Return a descriptor that becomes readable when the run is over."""
        if self._process.stdout is None:
            raise SupervisorError("the supervisor has no standard output")
        return self._process.stdout.fileno()

    def signal(self, number: int, who: Literal["main", "group", "tree"]) -> None:
        """Send a signal to the command's own process, to its process group, or to all processes of the run.

        The first is like ``kill``, the second like Ctrl-C in a terminal, the third like a power cut. When this
        returns, the signal has been sent or the run was already over.
        """
        if self._process.stdin is None or self._process.stdout is None:
            raise SupervisorError("the supervisor has no standard input and output")
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(f"{number} {who}\n".encode())
            self._process.stdin.flush()
        line = self._process.stdout.readline()
        if line != b"sent\n":
            self._told = line

    def end(self) -> None:
        """Tell the supervisor to end the whole tree at once. Any thread may call this."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()

    def stop(self) -> None:
        """End the whole tree at once, and wait until no process is left."""
        self.end()
        if self._process.wait() != 0:
            _kill_run(self._run, self._process.pid)
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()

    def facts(self) -> Facts:
        """Wait until no process of the run is left. Raises SupervisorError if the supervisor failed."""
        if self._process.stdout is None or self._process.stderr is None:
            raise SupervisorError("the supervisor has no standard output")
        try:
            line = self._told or self._process.stdout.readline()
            if not line:
                reason = self._process.stderr.read().decode(errors="replace").strip().splitlines()
                raise SupervisorError(
                    f"the supervisor ended early: {reason[-1] if reason else 'no reason'}"
                )
        finally:
            self.stop()
        return msgspec.json.decode(line, type=Facts, strict=False)


def _kill_run(run: str, supervisor: int) -> None:
    """Kill the processes that a run has left after its supervisor was killed, and wait until they are gone.

    They are those of its control group and those with the run's mark in their environment, including
    processes whose main thread has ended.
    """
    mark = f"{RUN_VARIABLE}={run}".encode()
    limit = time.monotonic() + KILL_S
    while time.monotonic() < limit:
        found = set(members(supervisor))
        for path in Path("/proc").glob("[0-9]*/task/[0-9]*/environ"):
            with contextlib.suppress(OSError):
                if mark in path.read_bytes().split(b"\0"):
                    found.add(int(path.parts[2]))
        if not found:
            return
        for pid in found:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)
