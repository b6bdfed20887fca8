"""No command beside the trials outlives the harness, nor anything that it has started."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from bench.environments import guarded_commands

BACKGROUND = """
import os, subprocess, sys
done = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
with open(sys.argv[1], "w") as file:
    file.write(f"{os.getpid()} {done.pid}\\n")
"""
WAITS = f"{BACKGROUND}import time; time.sleep(600)"


def alive(path: Path) -> list[int]:
    """Return which of the processes that wrote themselves down still run."""
    found = []
    for pid in map(int, path.read_text().split()):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state not in "ZX":
            found.append(pid)
    return found


def written(path: Path) -> None:
    """Wait until a file is there and whole."""
    until = time.monotonic() + 60
    while not (path.is_file() and path.read_text().endswith("\n")):
        assert time.monotonic() < until
        time.sleep(0.01)


def gone(path: Path) -> None:
    """Wait until none of the processes run."""
    until = time.monotonic() + 60
    while alive(path):
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_command_is_run_to_its_end() -> None:
    """Its output, its errors and how it ended come back; it has no input."""
    code = "import sys; print(len(sys.stdin.read())); print('no', file=sys.stderr); sys.exit(7)"
    done = guarded_commands.run([sys.executable, "-c", code])
    assert (done.returncode, done.stdout, done.stderr) == (7, b"0\n", b"no\n")
    killed = guarded_commands.run([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"])
    assert killed.returncode == 128 + signal.SIGKILL
    missing = guarded_commands.run(["/no/such/command"])
    assert missing.returncode == 127
    assert b"/no/such/command cannot be run: No such file" in missing.stderr


def test_what_a_command_leaves_running_is_ended_with_it(tmp_path: Path) -> None:
    """Also where it holds the output open, in a session of its own."""
    guarded_commands.run([sys.executable, "-c", BACKGROUND, str(tmp_path / "pids")])
    assert alive(tmp_path / "pids") == []


def test_a_command_that_takes_too_long_is_ended_with_all_of_it(tmp_path: Path) -> None:
    """And it is said that it took too long."""
    with pytest.raises(subprocess.TimeoutExpired):
        guarded_commands.run([sys.executable, "-c", WAITS, str(tmp_path / "pids")], timeout=2)
    gone(tmp_path / "pids")


def test_all_commands_end_at_once_and_none_is_started_meanwhile(tmp_path: Path) -> None:
    """As when the harness is interrupted while environments are made."""
    codes: list[int] = []
    thread = threading.Thread(
        target=lambda: codes.append(
            guarded_commands.run([sys.executable, "-c", WAITS, str(tmp_path / "pids")]).returncode
        )
    )
    thread.start()
    written(tmp_path / "pids")
    with guarded_commands.ended():
        thread.join()
        with pytest.raises(KeyboardInterrupt):
            guarded_commands.run(["true"])
    assert codes == [128 + signal.SIGKILL]
    assert alive(tmp_path / "pids") == []
    assert guarded_commands.run(["true"]).returncode == 0


def test_nothing_is_left_where_the_harness_is_killed(tmp_path: Path) -> None:
    """It cannot end anything itself then."""
    code = (
        "import sys; from bench.environments import guarded_commands; "
        "guarded_commands.run([sys.executable, '-c', sys.argv[1], sys.argv[2]])"
    )
    root = str(Path(__file__).parents[3])
    with subprocess.Popen(
        [sys.executable, "-c", code, WAITS, str(tmp_path / "pids")],
        env={**os.environ, "PYTHONPATH": root},
    ) as harness:
        written(tmp_path / "pids")
        harness.kill()
    gone(tmp_path / "pids")
