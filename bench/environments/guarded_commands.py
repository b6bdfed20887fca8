"""Runs commands outside the trials, such as uv. Each ends with the harness, including all its processes."""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

__all__ = ["ended", "run"]

GUARD = Path(__file__).with_name("_command_guard.py")

_lifelines: dict[int, int] = {}
"""The writing end of each guard's standard input, by the guard's process id; closing it ends the guard."""
_lock = threading.Lock()
_refusing = threading.Event()


def run(
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout: float | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run a command to its end, and end all processes that it has left.

    Raises subprocess.TimeoutExpired, and KeyboardInterrupt if all commands are being ended.
    """
    with _lock:
        if _refusing.is_set():
            raise KeyboardInterrupt
        process = _start(argv, env, cwd)
    try:
        stdout, stderr = process.communicate(timeout=timeout)
    except BaseException:
        _let_go(process.pid)
        process.communicate()
        raise
    finally:
        _let_go(process.pid)
    return subprocess.CompletedProcess(list(argv), process.returncode, stdout, stderr)


@contextlib.contextmanager
def ended() -> Iterator[None]:
    """End all running commands; inside this context no command starts."""
    with _lock:
        _refusing.set()
        running = list(_lifelines)
    for pid in running:
        _let_go(pid)
    try:
        yield
    finally:
        _refusing.clear()


def _start(argv: Sequence[str], env: Mapping[str, str] | None, cwd: Path | None) -> subprocess.Popen[bytes]:
    reading, writing = os.pipe()
    try:
        # In its own session: Ctrl-C in the terminal reaches the harness, which ends the guard by closing its input.
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", str(GUARD), *argv],
            stdin=reading,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=None if env is None else dict(env),
            cwd=cwd,
            start_new_session=True,
        )
    except BaseException:
        os.close(writing)
        raise
    finally:
        os.close(reading)
    _lifelines[process.pid] = writing
    return process


def _let_go(pid: int) -> None:
    """Make a guard end all its processes. Any thread may call this, more than once."""
    with _lock:
        writing = _lifelines.pop(pid, None)
    if writing is not None:
        os.close(writing)
