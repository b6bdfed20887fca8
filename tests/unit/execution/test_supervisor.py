"""The supervisor: real processes, watched, limited and ended to the last."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import psutil
import pytest

from bench.contract.records import Command
from bench.execution import _processes
from bench.execution.supervisor import Facts, Supervised, SupervisorError

MEGABYTE = 1e6


def start(
    folder: Path, *argv: str, time_limit: float = 20.0, memory_limit: int | None = None
) -> Supervised:
    command = Command(argv=argv, cwd=str(folder), time_limit=time_limit, memory_limit=memory_limit)
    return Supervised(command, {"PATH": "/usr/bin:/bin"}, folder / "out", folder / "err")


def python(folder: Path, code: str, *, time_limit: float = 20.0, memory_limit: int | None = None) -> Facts:
    argv = (sys.executable, "-I", "-c", code)
    return start(folder, *argv, time_limit=time_limit, memory_limit=memory_limit).facts()


def test_the_exit_code_is_the_commands(tmp_path: Path) -> None:
    """And so are its output and its error."""
    facts = start(tmp_path, "/bin/sh", "-c", "echo one; echo two >&2; exit 3").facts()
    assert (facts.exit_code, facts.signal, facts.stopped_by) == (3, None, None)
    assert ((tmp_path / "out").read_text(), (tmp_path / "err").read_text()) == ("one\n", "two\n")


def test_a_signal_is_told_as_one(tmp_path: Path) -> None:
    """It is no exit code."""
    facts = start(tmp_path, "/bin/sh", "-c", "kill -SEGV $$").facts()
    assert (facts.exit_code, facts.signal) == (None, signal.SIGSEGV)


@pytest.mark.parametrize(
    ("argv", "folder", "reason"),
    [
        (("/bin/nothing-there",), ".", "No such file"),
        (("/bin/true",), "nowhere", "No such file"),
        (("/bin/echo", "a\0b"), ".", "null byte"),
    ],
)
def test_a_command_that_cannot_be_started_is_no_crash_of_it(
    tmp_path: Path, argv: tuple[str, ...], folder: str, reason: str
) -> None:
    """The reason is told apart from anything that a tool could do."""
    command = Command(argv=argv, cwd=str(tmp_path / folder))
    facts = Supervised(command, {}, tmp_path / "out", tmp_path / "err").facts()
    assert facts.start_error is not None
    assert reason in facts.start_error


def test_the_time_limit_ends_the_tree(tmp_path: Path) -> None:
    """Also a child that ignores SIGTERM, in two seconds more."""
    began = time.monotonic()
    facts = start(tmp_path, "/bin/sh", "-c", "trap '' TERM; sleep 60", time_limit=0.5).facts()
    assert facts.stopped_by == "time"
    assert time.monotonic() - began < 5


def test_the_memory_limit_ends_the_tree(tmp_path: Path) -> None:
    """As soon as a sample is beyond it."""
    code = "held = []\nimport time\nwhile True:\n    held.append(b'x' * 10_000_000); time.sleep(0.01)"
    facts = python(tmp_path, code, memory_limit=100_000_000)
    assert facts.stopped_by == "memory"
    assert (facts.peak_bytes or 0) > 100_000_000


def test_a_flood_of_output_is_ended(tmp_path: Path) -> None:
    """Before it fills the disk."""
    facts = start(tmp_path, "/bin/sh", "-c", "yes").facts()
    assert facts.stopped_by == "output"
    assert (tmp_path / "out").stat().st_size < 5_000_000_000


def test_a_short_run_has_a_peak_too(tmp_path: Path) -> None:
    """Otherwise only the slow runs of a quick tool would give samples."""
    facts = python(tmp_path, "held = b'x' * 30_000_000; import time; time.sleep(0.04)")
    assert (facts.peak_bytes or 0) > 25 * MEGABYTE


def test_an_end_in_time_is_no_time_out(tmp_path: Path) -> None:
    """However near to the limit."""
    for _ in range(5):
        facts = start(tmp_path, "/bin/sleep", "0.2", time_limit=0.25).facts()
        assert (facts.exit_code, facts.stopped_by) == (0, None)


@pytest.mark.skipif(os.getuid() != 0 or not Path("/sys/fs/cgroup/memory").is_dir(), reason="needs root")
def test_a_process_that_leaves_the_control_group_is_still_seen(tmp_path: Path) -> None:
    """Its memory is counted, and where it stays behind it is named and ended."""
    code = (
        "import os, pathlib, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    for name in ('memory', 'cpuacct'):\n"
        "        pathlib.Path('/sys/fs/cgroup', name, 'cgroup.procs').write_text('0')\n"
        "    held = b'x' * 100_000_000\n"
        "    time.sleep(60)\n"
        "time.sleep(1)\n"
    )
    facts = python(tmp_path, code)
    assert len(facts.left_behind) == 1
    assert not psutil.pid_exists(facts.left_behind[0].pid)
    assert (facts.peak_bytes or 0) > 90 * MEGABYTE
    # By which of the two the greatest figure was read: the page never puts both in one column.
    assert facts.peak_method == "pss"
    assert python(tmp_path, "held = b'x' * 100_000_000").peak_method == "cgroup"


def test_where_the_supervisor_is_killed_nothing_of_the_run_goes_on(tmp_path: Path) -> None:
    """It would run beside the next trial."""
    run = start(tmp_path, "/bin/sh", "-c", "setsid sleep 60 & setsid sleep 61 & wait")
    supervisor = psutil.Process(run._process.pid)
    while len(tree := supervisor.children(recursive=True)) < 3:
        time.sleep(0.01)
    supervisor.kill()
    with pytest.raises(SupervisorError):
        run.facts()
    assert not psutil.wait_procs(tree, timeout=5)[1]


def test_where_the_harness_goes_away_the_tree_is_ended(tmp_path: Path) -> None:
    """At once, and to the last."""
    run = start(tmp_path, "/bin/sh", "-c", "setsid sleep 60 & wait")
    supervisor = psutil.Process(run._process.pid)
    while len(tree := supervisor.children(recursive=True)) < 2:
        time.sleep(0.01)
    began = time.monotonic()
    run.stop()
    assert time.monotonic() - began < 2
    assert not any(process.is_running() for process in tree)


def test_where_the_supervisor_is_killed_stopping_ends_the_run_too(tmp_path: Path) -> None:
    """An act that fails while a body is held never asks for the facts."""
    run = start(tmp_path, "/bin/sh", "-c", "setsid sleep 60 & wait")
    supervisor = psutil.Process(run._process.pid)
    while len(tree := supervisor.children(recursive=True)) < 2:
        time.sleep(0.01)
    supervisor.kill()
    run.stop()
    assert not psutil.wait_procs(tree, timeout=5)[1]


CHILDREN = """
import subprocess, sys, time
beside = subprocess.Popen(['/bin/sleep', '60'])
apart = subprocess.Popen(['/bin/sleep', '61'], start_new_session=True)
print('ready', flush=True)
if sys.argv[1] == 'stays':
    import signal
    signal.signal(signal.SIGINT, lambda *_: None)
    beside.wait()
    apart.kill()
    sys.exit(4)
time.sleep(62)
"""


def ready(folder: Path, how: str = "") -> Supervised:
    """Start a command with a child in its process group and one in a session of its own."""
    run = start(folder, sys.executable, "-I", "-c", CHILDREN, how)
    while not (folder / "out").is_file() or "ready" not in (folder / "out").read_text():
        time.sleep(0.01)
    return run


def test_a_signal_to_the_main_process_reaches_no_other(tmp_path: Path) -> None:
    """As ``kill PID`` does: its children go on, and are left behind."""
    run = ready(tmp_path)
    run.signal(signal.SIGKILL, "main")
    facts = run.facts()
    assert (facts.exit_code, facts.signal, facts.stopped_by) == (None, signal.SIGKILL, None)
    assert sorted(left.argv[-1] for left in facts.left_behind) == ["60", "61"]


def ended(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_what_was_killed_has_ended_before_anything_is_let_go_on(tmp_path: Path) -> None:
    """Giving back its memory takes a process some time, in which a child could still write to its pipe."""
    code = "import os, time; held = b'x' * 1_000_000_000; print(os.getpid(), flush=True); time.sleep(60)"
    run = start(tmp_path, sys.executable, "-I", "-c", code)
    out = tmp_path / "out"
    while not out.is_file() or not out.read_text().endswith("\n"):
        time.sleep(0.01)
    main = psutil.Process(int(out.read_text()))
    run.signal(signal.SIGKILL, "main")
    assert ended(main)
    assert run.facts().signal == signal.SIGKILL


def test_a_signal_to_the_group_is_ctrl_c_in_a_terminal(tmp_path: Path) -> None:
    """It reaches the child of the same group, not the one in a session of its own."""
    run = ready(tmp_path, "stays")
    run.signal(signal.SIGINT, "group")
    facts = run.facts()
    assert (facts.exit_code, facts.signal) == (4, None)
    assert facts.left_behind == []


def test_a_signal_to_the_tree_is_a_power_cut(tmp_path: Path) -> None:
    """Nothing is left, also not what is in a session of its own."""
    run = ready(tmp_path)
    run.signal(signal.SIGKILL, "tree")
    facts = run.facts()
    assert facts.signal == signal.SIGKILL
    assert facts.left_behind == []
    assert facts.marks["empty"] - facts.marks["exit"] < 1e9


def test_a_signal_after_the_end_is_nothing(tmp_path: Path) -> None:
    """What was to be ended may have ended by itself just before."""
    run = start(tmp_path, "/bin/true")
    time.sleep(0.3)
    run.signal(signal.SIGKILL, "main")
    assert run.facts().exit_code == 0


def test_a_child_that_is_not_waited_for_is_counted_once(tmp_path: Path) -> None:
    """It is in no control group's list any more, and has not left the group either."""
    burn = "import time\nwhile time.process_time() < 0.5: pass"
    code = (
        f"import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', {burn!r}])\ntime.sleep(1.2)"
    )
    facts = python(tmp_path, code)
    assert 0.5 < facts.user_s + facts.system_s < 0.8


def test_a_flood_after_the_end_is_ended_too(tmp_path: Path) -> None:
    """The time of grace is long enough to fill a disk."""
    facts = start(tmp_path, "/bin/sh", "-c", "yes & exit 0").facts()
    assert (facts.exit_code, facts.stopped_by) == (0, None)
    assert [left.argv for left in facts.left_behind] == [("yes",)]
    assert facts.marks["empty"] - facts.marks["exit"] < 4e9


def test_a_child_that_has_ended_is_not_left_behind(tmp_path: Path) -> None:
    """Only its parent, which still runs, is."""
    code = (
        "import os, subprocess, time\n"
        "if os.fork() == 0:\n"
        "    subprocess.Popen(['/bin/true'])\n"
        "    time.sleep(60)\n"
    )
    left = python(tmp_path, code).left_behind
    assert [process.argv[0] for process in left] == [sys.executable]


def test_a_process_whose_main_thread_has_ended_is_ended(tmp_path: Path) -> None:
    """It looks like one that has ended."""
    code = (
        "import ctypes, threading, time\n"
        "threading.Thread(target=time.sleep, args=(60,)).start()\n"
        "ctypes.CDLL(None).pthread_exit(None)\n"
    )
    facts = python(tmp_path, code, time_limit=0.7)
    assert facts.stopped_by == "time"
    assert "empty" in facts.marks


def sizes(code: str) -> list[int]:
    """Return what the sampling without a control group says while ``code`` runs."""
    child = subprocess.Popen([sys.executable, "-I", "-c", code])
    sampler, found = _processes.Proportional(), []
    while child.poll() is None:
        found.append(sampler.bytes([child.pid, *_processes.descendants(child.pid)]))
        time.sleep(0.03)
    return found


def test_pages_shared_with_forked_children_count_once() -> None:
    """What was read of the parent before the fork holds no longer."""
    code = (
        "import os, time\n"
        "held = b'x' * 100_000_000\n"
        "time.sleep(0.2)\n"
        "for _ in range(3):\n"
        "    if os.fork() == 0:\n"
        "        time.sleep(0.4)\n"
        "        os._exit(0)\n"
        "    time.sleep(0.05)\n"
        "time.sleep(0.5)\n"
    )
    assert 95 * MEGABYTE < max(sizes(code)) < 130 * MEGABYTE


def test_pages_that_cease_to_be_shared_count_twice() -> None:
    """Though no process has grown: each now has its own."""
    code = (
        "import os, time\n"
        "held = bytearray(b'x' * 100_000_000)\n"
        "if os.fork() == 0:\n"
        "    time.sleep(0.3)\n"
        "    held[:] = bytes(len(held))\n"
        "    time.sleep(1.5)\n"
        "    os._exit(0)\n"
        "os.wait()\n"
    )
    assert max(sizes(code)) > 190 * MEGABYTE


def test_descendants_are_found_by_either_way() -> None:
    """By the children that the kernel lists, or by everybody's parents."""
    child = subprocess.Popen(["/bin/sh", "-c", "sleep 5 & wait"])
    try:
        while not _processes._by_parents(child.pid):
            time.sleep(0.01)
        assert set(_processes.descendants(child.pid)) == set(_processes._by_parents(child.pid))
    finally:
        for process in psutil.Process(child.pid).children():
            process.kill()
        child.wait()


WITHOUT_GROUP = """
import sys
from pathlib import Path
from bench.contract.records import Command
from bench.execution.supervisor import Supervised
folder = Path(sys.argv[1])
code = "held = b'x' * 100_000_000; import time; time.sleep(0.5)"
command = Command(argv=(sys.executable, "-I", "-c", code), cwd="/")
facts = Supervised(command, {}, folder / "out", folder / "err").facts()
print(facts.peak_method, facts.cpu_method, facts.peak_bytes)
"""
SYSTEM_PYTHON = f"/usr/bin/python3.{sys.version_info.minor}"


@pytest.mark.skipif(
    os.getuid() != 0 or not Path(SYSTEM_PYTHON).exists(),
    reason="needs root, to become somebody else, and an interpreter that everybody may run",
)
def test_without_a_control_group_sizes_are_sampled() -> None:
    """And the record says so, for the two are never in one column."""
    with TemporaryDirectory(dir="/tmp") as name:
        folder, root = Path(name), Path(__file__).parents[3]
        folder.chmod(0o777)
        # A copy, because a checkout may stand where others must not look.
        shutil.copytree(root / "bench", folder / "bench", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(Path(msgspec.__file__).parent, folder / "msgspec")
        done = subprocess.run(
            [SYSTEM_PYTHON, "-c", WITHOUT_GROUP, name],
            env={"PYTHONPATH": name, "PYTHONDONTWRITEBYTECODE": "1"},
            cwd="/", capture_output=True, text=True, check=False,
            user=65534, group=65534, extra_groups=[],
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    peak, cpu, size = done.stdout.split()
    assert (peak, cpu) == ("pss", "wait4")
    assert int(size) > 90 * MEGABYTE
