"""Runs one command, and makes sure that none of its processes outlives the harness.

Run by path as ``python -I -S _command_guard.py COMMAND ...``. The guard ends all processes of the command when it
ends, or when standard input closes, which happens when the harness ends. It exits with the command's exit code.
Standard library only.
"""

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
CANNOT_START = 127
KILL_S = 10.0
"""Seconds to wait for killed processes."""


def main() -> None:
    """Run the command until it or the harness ends."""
    library = ctypes.CDLL(None)
    # A process that outlives its parent becomes a child of this process, which then finds it.
    library.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    woken, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    try:
        child = subprocess.Popen(
            sys.argv[1:],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            # This process has only one thread, so the child dies when the whole process dies.
            preexec_fn=lambda: _become(library),  # noqa: PLW1509
        )
    except OSError as error:
        sys.stderr.write(f"{sys.argv[1]} cannot be run: {error.strerror}\n")
        os._exit(CANNOT_START)
    code = None
    while code is None:
        readable, _, _ = select.select([0, woken], [], [])
        if woken in readable:
            os.read(woken, 4096)
        code = child.poll()
        if 0 in readable and not os.read(0, 4096):
            break
    _end_all()
    sys.stderr.flush()
    os._exit(code if code is not None and code >= 0 else 128 - (code or -signal.SIGKILL))


def _become(library: ctypes.CDLL) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    library.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _end_all() -> None:
    """Kill all descendants, and wait until they are gone."""
    limit = time.monotonic() + KILL_S
    while time.monotonic() < limit:
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        for pid in _descendants():
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.002)


def _descendants() -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError, ValueError), open(f"/proc/{entry}/stat", "rb") as stat:
                parent = int(stat.read().rpartition(b")")[2].split()[1])
                parents.setdefault(parent, []).append(int(entry))
    found: list[int] = []
    waiting = [os.getpid()]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


if __name__ == "__main__":
    main()
