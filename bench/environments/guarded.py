"""Commands beside the trials, such as uv: each ends with the harness, and with it all that it has started."""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

__all__ = ["ended", "run"]

GUARD = Path(__file__).with_name("_guard.py")

_lifelines: dict[int, int] = {}
"""The writing end of what each guard reads, by the guard's process id: closing it ends the guard."""
_lock = threading.Lock()
_refusing = threading.Event()


def run(
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout: float | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run a command to its end; what it has left running is ended with it.

    Raises subprocess.TimeoutExpired; KeyboardInterrupt where all commands are being ended.
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
    """End all commands that run, and start none, as long as this is entered."""
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
        # In a session of its own: Ctrl-C in the terminal is for the harness, which ends this by its input.
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
    """Have a guard end all that it runs; safe from any thread, and again."""
    with _lock:
        writing = _lifelines.pop(pid, None)
    if writing is not None:
        os.close(writing)
