"""``bench run``: from the command to the scorecard, and what happens when something is wrong."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from bench.contract.records import Attempt
from bench.store.evidence import Evidence, name_of
from bench.store.result_set import Store
from tests.command_line import ROOT, Cli

TWINS = 2


def attempts(folder: Path) -> list[Attempt]:
    return [record for record in Store(folder).read() if isinstance(record, Attempt)]


def test_a_run_ends_with_a_scorecard(measured: Path) -> None:
    """As a page and as Markdown, with the records and the evidence beside them."""
    for name in ("scorecard.html", "scorecard.md", "records.jsonl", "manifest.json"):
        assert (measured / name).stat().st_size > 0
    for attempt in attempts(measured):
        for run in attempt.runs:
            assert run.stdout in Evidence(measured).files(name_of(attempt.evidence))


def test_every_block_holds_every_target_once(measured: Path) -> None:
    """The control and, where the case has it, the A/A check under both names."""
    blocks: dict[tuple[str, str, int], list[str]] = {}
    for attempt in attempts(measured):
        trial = attempt.trial
        blocks.setdefault((trial.scenario, trial.case, trial.block), []).append(trial.target.name)
    for (_, case, _), names in blocks.items():
        assert len(names) == len(set(names)) == (1 + TWINS if case == "hello" else 1)


def all_tables(cli: Cli, folder: str = "set") -> str:
    """Return what ``bench report --text`` prints of a result set."""
    return cli("report", folder, "--text", "--no-figures").stdout


def test_progress_tells_what_is_done_and_left(cli: Cli) -> None:
    """In plain lines where standard error is no terminal."""
    done = cli("run", "--tool", "control", "--scenario", "reference", "--output", "set")
    assert re.search(r"\[4/4\] control\[local\] reference/gap block 1; about 0 s left", done.stderr)
    assert "\x1b" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--tool", "kedor"], "unknown tool 'kedor'; did you mean 'kedro'?"),
        (
            ["--tool", "control", "--scenario", "statup"],
            "unknown scenario 'statup'; did you mean 'startup'?",
        ),
        (
            ["--tool", "control", "--profile", "standart"],
            "unknown profile 'standart'; did you mean 'standard'?",
        ),
        (
            ["--tool", "control", "--profile", "quick,statup=standard"],
            "--profile names 'statup', which is no scenario asked for; did you mean 'startup'?",
        ),
        (["--tool", "control[docker]"], "control has no setup 'docker'; known: local"),
        (["--tool", "control[local+fast]"], "control has no option 'fast'; known: "),
        (["--tool", "control", "--pipeline", "nowhere.py"], "no pipeline file"),
        (
            ["--tool", "control["],
            "'control[' is not a target; write tool, tool[setup] or tool[setup+option]",
        ),
    ],
)
def test_what_does_not_exist_is_one_line_with_the_nearest_name(
    cli: Cli, argv: list[str], message: str
) -> None:
    """Before anything is run."""
    done = cli("run", *argv)
    assert done.returncode in (1, 2)
    lines = done.stderr.splitlines()
    assert message in lines[-1]
    assert "Traceback" not in done.stderr
    assert not (cli.folder / "bench-results").exists() or not list(
        (cli.folder / "bench-results").rglob("records.jsonl")
    )


def test_an_adapter_folder_without_a_manifest_is_named(cli: Cli) -> None:
    """With the file that is missing."""
    (cli.folder / "mytool").mkdir()
    done = cli("run", "--tool", "mytool", "--adapter", "mytool")
    assert done.returncode == 1
    assert "adapter 'mytool'" in done.stderr
    assert "adapter.toml cannot be read" in done.stderr


def test_an_adapter_that_lacks_a_method_is_named_by_adapter_and_method(
    cli: Cli, tool: Callable[[str], Path]
) -> None:
    """When it is loaded, not in the middle of a suite."""
    folder = tool("mytool")
    code = (folder / "adapter.py").read_text()
    (folder / "adapter.py").write_text(code.replace("def run(", "def walk("))
    done = cli("run", "--tool", "mytool", "--adapter", str(folder))
    assert done.returncode == 1
    assert "adapter 'mytool': class AACheck lacks the method run()" in done.stderr


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("adapter.py", b"raise SystemExit(0)\n", "cannot be loaded: SystemExit: 0"),
        ("adapter.py", b"import sys; sys.exit('gone')\n", "cannot be loaded: SystemExit: gone"),
        ("adapter.py", b"x = '\xff'\n", "adapter.py"),
        ("adapter.py", b"x = 1\0\n", "adapter.py"),
        ("adapter.py", b"(" * 3000, "adapter.py"),
        ("adapter.py", b"def (:\n", "adapter.py:1: "),
        ("adapter.toml", b"name = '\xff'\n", "adapter.toml"),
        ("adapter.toml", b"name = 1\0\n", "adapter.toml"),
    ],
)
def test_an_adapter_that_cannot_be_read_is_one_line(
    cli: Cli, tool: Callable[[str], Path], file: str, text: bytes, told: str
) -> None:
    """Also where it would end bench, and with the reason and the file."""
    folder = tool("mytool")
    (folder / file).write_bytes(text)
    done = cli("run", "--tool", "mytool", "--adapter", str(folder))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("bench: adapter 'mytool': ")
    assert told in done.stderr
    assert "None" not in done.stderr


def test_a_name_that_is_no_utf8_is_refused_before_anything_is_run(cli: Cli) -> None:
    """It could not be written down; a file of such a name beside an adapter harms nothing."""
    done = cli("run", "--tool", "control", "--output", os.fsdecode(b"set-\xff"))
    assert (done.returncode, done.stderr) == (
        2,
        "bench: 'set-\\xff' is not UTF-8; give a path whose name is\n",
    )


def test_a_file_whose_name_is_no_utf8_beside_an_adapter_harms_nothing(
    cli: Cli, tool: Callable[[str], Path]
) -> None:
    """Its bytes are hashed as they are."""
    folder = tool("mytool")
    (folder / os.fsdecode(b"left-\xff")).write_bytes(b"\xff")
    done = cli("run", "--tool", "mytool", "--adapter", str(folder), "--scenario", "reference", "--plan")
    assert done.returncode == 0, done.stderr


def test_a_seed_that_no_generator_takes_is_refused(cli: Cli) -> None:
    """Before anything is run."""
    for seed in ("-1", "4294967296"):
        done = cli("run", "--tool", "control", f"--seed={seed}")
        assert done.returncode == 2
        assert "--seed" in done.stderr


def test_an_unknown_key_in_a_manifest_is_named(cli: Cli, tool: Callable[[str], Path]) -> None:
    """With its place."""
    folder = tool("mytool")
    manifest = folder / "adapter.toml"
    manifest.write_text('colour = "blue"\n' + manifest.read_text())
    done = cli("run", "--tool", "mytool", "--adapter", str(folder))
    assert "unknown field `colour`" in done.stderr


def test_an_answer_without_a_source_stops_before_anything_is_run(
    cli: Cli, tool: Callable[[str], Path]
) -> None:
    """With the file and the question."""
    folder = tool("mytool")
    (folder / "facts.toml").write_text(
        '[telemetry]\nanswer = "no"\nquote = "It sends none."\nversion = "1"\ndate = 2026-11-24\n'
    )
    done = cli("run", "--tool", "mytool", "--adapter", str(folder), "--output", "set")
    assert done.returncode == 1
    assert "mytool/facts.toml: [telemetry] has no source" in done.stderr
    assert not (cli.folder / "set").exists()


def test_a_result_set_keeps_the_checklist_that_it_was_made_with(measured: Path) -> None:
    """The questions, and the answers of each tool: here the control, which has none."""
    manifest = Store(measured).read_manifest()
    assert manifest.questions["telemetry"]["good"] == "no"
    assert manifest.adapters["control"]["facts"] == {}


def test_an_adapter_from_outside_is_measured_like_any_other(cli: Cli, tool: Callable[[str], Path]) -> None:
    """Its folder is all that is needed."""
    folder = tool("mytool")
    done = cli("run", "--tool", "mytool", "--adapter", str(folder), "--profile", "smoke",
               "--scenario", "startup", "--output", "set")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "mytool[first] right" in all_tables(cli)


def test_an_adapter_without_an_edit_for_a_case_is_not_attempted_there(cli: Cli) -> None:
    """Render and run are enough to be measured in all else."""
    keeper = ROOT / "tests" / "planted" / "keeper"
    done = cli("run", "--tool", "keeper", "--adapter", str(keeper), "--profile", "standard",
               "--scenario", "customization", "--case", "new-stage", "--output", "set")  # fmt: skip
    assert done.returncode == 0, done.stderr
    declared = {one.trial.target.tool: one.declared for one in attempts(cli.folder / "set")}
    assert declared["keeper"] is not None
    assert declared["keeper"].outcome == "not attempted"
    assert declared["keeper"].reason == "its adapter has no changes/new-stage.toml"


def test_a_lock_that_cannot_be_installed_makes_errors_and_the_others_go_on(
    cli: Cli, tool: Callable[[str], Path]
) -> None:
    """With uv's own reason, and an exit code that is not 0."""
    folder = tool("broken")
    (folder / "locks" / "requirements.txt").write_text("iniconfig==2.0.0 --hash=sha256:" + "0" * 64 + "\n")
    done = cli("run", "--tool", "broken,control", "--adapter", str(folder), "--scenario", "startup",
               "--profile", "smoke", "--output", "set")  # fmt: skip
    assert done.returncode == 3
    assert re.search(r"error: broken: .*[Hh]ash", done.stderr)
    assert "Errors of bench or the machine, which say nothing of the tools: " in done.stdout
    assert "control[local] right" in all_tables(cli)
    assert "broken[first] error" in all_tables(cli)


def test_a_folder_that_holds_a_result_set_is_refused(cli: Cli, measured: Path) -> None:
    """What is there is not touched."""
    before = (measured / "records.jsonl").read_bytes()
    done = cli("run", "--tool", "control", "--output", str(measured))
    assert done.returncode == 1
    assert "already holds a result set; continue it with --resume, or give another --output" in done.stderr
    assert (measured / "records.jsonl").read_bytes() == before


def test_a_finished_result_set_is_resumed_by_measuring_nothing(cli: Cli, measured: Path) -> None:
    """Every trial is there already."""
    copy = cli.folder / "copy"
    shutil.copytree(measured, copy)
    before = len(attempts(copy))
    done = cli("run", "--resume", "--output", "copy")
    assert done.returncode == 0, done.stderr
    assert len(attempts(copy)) == before
    assert "trials kept from before" in done.stderr


def test_a_place_that_cannot_be_written_is_said_before_anything_is_run(cli: Cli) -> None:
    """One line, and what to do."""
    done = cli("run", "--tool", "control", "--output", "/proc/nowhere")
    assert done.returncode == 1
    assert "cannot write to /proc/nowhere" in done.stderr
    assert "--output" in done.stderr


@pytest.mark.skipif(os.getuid() != 0, reason="needs root, to mount a small disk")
def test_a_full_disk_ends_in_one_line_and_resume_goes_on(cli: Cli) -> None:
    """What was measured before is kept; with room, only the rest is measured."""
    disk = cli.folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine mounts nothing")
    try:
        filler = disk / "filler"
        filler.write_bytes(b"x" * 1_960_000)
        argv = (
            "run",
            "--tool",
            "control",
            "--scenario",
            "startup",
            "--profile",
            "smoke",
            "--output",
            "disk/set",
        )
        done = cli(*argv)
        assert done.returncode in (1, 3)
        assert "Traceback" not in done.stderr
        assert "No space left" in done.stderr or "MB are free" in done.stderr
        filler.unlink()
        subprocess.run(["mount", "-o", "remount,size=100m", str(disk)], check=True)
        again = (
            cli("run", "--resume", "--output", "disk/set")
            if (disk / "set/manifest.json").exists()
            else cli(*argv)
        )
        assert again.returncode == 0, again.stderr
        assert "control[local] right" in all_tables(cli, "disk/set")
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_ctrl_c_ends_at_once_and_resume_goes_on(cli: Cli) -> None:
    """Within two seconds, no process is left, what was measured can be reported, and nothing is repeated."""
    argv = ("run", "--tool", "control", "--scenario", "startup", "--profile", "quick", "--output", "set")
    process = cli.start(*argv)
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("[2/"):
            break
    time.sleep(0.3)
    tree = [process.pid, *(child.pid for child in psutil.Process(process.pid).children(recursive=True))]
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=20)
    assert time.monotonic() - began < 2
    assert process.returncode == 130
    assert "continue with: bench run --resume" in rest
    assert not [pid for pid in tree if psutil.pid_exists(pid)]
    first = attempts(cli.folder / "set")
    assert len(first) >= 2
    assert cli("report", "set").returncode == 0
    done = cli("run", "--resume", "--output", "set")
    assert done.returncode == 0, done.stderr
    keys = [attempt.trial.key for attempt in attempts(cli.folder / "set")]
    assert len(keys) == len(set(keys)) == 11
    assert keys[: len(first)] == [attempt.trial.key for attempt in first]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_goes_on_where_the_making_of_environments_is_ended(
    cli: Cli, tmp_path: Path, number: signal.Signals
) -> None:
    """Neither uv nor what uv has started, also where bench is killed; and the advice is one that works."""
    slow = tmp_path / "bin" / "uv"
    slow.parent.mkdir()
    slow.write_text(f"#!/bin/sh\nsleep 600 &\necho $$ $! >> {tmp_path}/pids\nsleep 600\n")
    slow.chmod(0o755)
    own = Cli(tmp_path, tmp_path / "own")
    argv = ("run", "--tool", "control", "--scenario", "reference", "--output", "set")
    process = own.start(*argv, PATH=f"{slow.parent}:{os.environ['PATH']}")
    pids = tmp_path / "pids"
    while not pids.is_file() or not pids.read_text().endswith("\n"):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(number)
    _, stderr = process.communicate(timeout=20)
    until = time.monotonic() + 20
    while any(psutil.pid_exists(int(pid)) for pid in pids.read_text().split()):
        assert time.monotonic() < until
        time.sleep(0.02)
    if number != signal.SIGKILL:
        assert process.returncode == 130
        assert f"start again with: bench {' '.join(argv)}" in stderr


def test_trials_that_were_ended_by_ctrl_c_are_measured_again(cli: Cli) -> None:
    """Also those side by side: what bench itself killed is not the tool's crash."""
    process = cli.start(
        "run", "--tool", "control", "--scenario", "reference", "--jobs", "4", "--output", "set"
    )
    while not list((cli.folder / "set").glob("working/*/*/stdout.txt")):
        assert process.poll() is None
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 130
    assert all(run.ended.well for one in attempts(cli.folder / "set") for run in one.runs)
    done = cli("run", "--resume", "--output", "set")
    assert done.returncode == 0, done.stderr
    assert len({one.trial.key for one in attempts(cli.folder / "set")}) == 4
    assert "reference/flights: control[local] intact" in all_tables(cli)


def words_of(process: psutil.Process) -> list[str]:
    """Return the command line of a process, nothing of one that has just ended."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


SERVER = """
    def server(self, setup, sandbox, folder, port):
        from bench.adapters import Server

        code = "import time; time.sleep(%s); print('ready', flush=True); time.sleep(600)"
        command = Command(argv=(str(sandbox.python), "-c", code), cwd=str(folder), time_limit=900.0)
        return Server(command, "ready", {"ADDRESS": "here"})

"""


@pytest.mark.parametrize("seconds", [0, 300])
def test_no_server_is_left_after_ctrl_c(cli: Cli, tool: Callable[[str], Path], seconds: int) -> None:
    """Neither one that is ready nor one that is still starting."""
    folder = tool("served")
    adapter = folder / "adapter.py"
    method = "    def run("
    adapter.write_text(adapter.read_text().replace(method, SERVER % seconds + method, 1))
    process = cli.start(
        *("run", "--tool", "served", "--adapter", str(folder), "--scenario", "startup"),
        *("--case", "hello", "--output", "set"),
    )

    def servers() -> list[psutil.Process]:
        return [
            one
            for one in psutil.Process(process.pid).children(recursive=True)
            if "time.sleep(600)" in " ".join(words_of(one))
        ]

    while not servers():
        assert process.poll() is None
        time.sleep(0.05)
    left = servers()
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 130
    assert time.monotonic() - began < 3
    assert not [one for one in left if one.is_running()]


def test_ctrl_c_ends_with_its_exit_code_wherever_python_is(cli: Cli, tool: Callable[[str], Path]) -> None:
    """CPython notes an interrupt that leaves an eval(), and would end the process by the signal."""
    folder = tool("evaluates")
    adapter = folder / "adapter.py"
    interrupt = "eval(\"(__import__('signal').raise_signal(2), __import__('time').sleep(5))\")\n"
    adapter.write_text(adapter.read_text() + interrupt)
    done = cli("run", "--tool", "evaluates", "--adapter", str(folder), "--scenario", "startup")
    assert done.returncode == 130, done.stderr


def test_resume_asks_for_what_was_asked_for(cli: Cli) -> None:
    """Other options beside it would be ignored, so they are refused."""
    done = cli("run", "--resume", "--output", "set", "--scenario", "startup")
    assert done.returncode == 2
    assert "give only --output" in done.stderr


def test_a_pipeline_of_the_users_own_takes_the_place_of_the_reference(cli: Cli) -> None:
    """From a file anywhere, with its input file beside it."""
    (cli.folder / "input.txt").write_text("three little words")
    (cli.folder / "stages.py").write_text(
        "from pathlib import Path\n\n\n"
        "def count(text: str) -> int:\n    return len(Path(text).read_text().split())\n\n\n"
        "def write(words: int, results: str) -> None:\n    Path(results, 'words.txt').write_text(str(words))\n"
    )
    (cli.folder / "mine.py").write_text(
        "import stages\nfrom bench.pipeline import File, Pipeline\n\n\n"
        "def pipeline():\n"
        "    flow = Pipeline('mine')\n"
        "    words = flow.stage(stages.count, text=flow.parameter('text', File, default='input.txt'))\n"
        "    flow.stage(stages.write, words=words, results=flow.parameter('results', File))\n"
        "    return flow\n"
    )
    done = cli(
        "run", "--tool", "control", "--scenario", "reference", "--pipeline", "mine.py", "--output", "set"
    )
    assert done.returncode == 0, done.stderr
    flights = next(one for one in attempts(cli.folder / "set") if one.trial.case == "flights")
    assert set(flights.runs[0].result_digest) == {"words.txt"}


def test_resume_finds_what_redaction_took_out_and_measures_nothing_again(cli: Cli) -> None:
    """The pipeline lies at home, the user is called as a scenario, results and a cache lie beside the pipeline."""
    (cli.folder / "stages.py").write_text(
        "from pathlib import Path\n\n\n"
        "def write(word: str, results: str) -> None:\n    Path(results, 'word.txt').write_text(word)\n"
    )
    (cli.folder / "mine.py").write_text(
        "import stages\nfrom bench.pipeline import File, Pipeline\n\n\n"
        "def pipeline():\n"
        "    flow = Pipeline('mine')\n"
        "    word = flow.parameter('word', str, default='so')\n"
        "    flow.stage(stages.write, word=word, results=flow.parameter('results', File))\n"
        "    return flow\n"
    )
    user = {"HOME": str(cli.folder), "LOGNAME": "reference"}
    asked = ("--scenario", "reference", "--case", "flights", "--pipeline", "mine.py", "--output", "mine")
    assert cli("run", "--tool", "control", *asked, **user).returncode == 0
    request = cli.folder / "mine/request.json"
    assert request.stat().st_mode & 0o777 == 0o600
    assert str(cli.folder) not in (cli.folder / "mine/manifest.json").read_text()
    records = cli.folder / "mine/records.jsonl"
    before = records.read_text().splitlines(keepends=True)
    records.write_text("".join(before[:1]))
    (cli.folder / ".git").mkdir()
    (cli.folder / ".git/config").write_text("new")
    done = cli("run", "--resume", "--output", "mine", **user)
    assert done.returncode == 0, done.stderr
    assert records.read_text().splitlines(keepends=True)[0] == before[0]
    assert "1 of 1 trials kept from before" in done.stderr
    request.unlink()
    lost = cli("run", "--resume", "--output", "mine", **user)
    assert lost.returncode == 1
    assert lost.stderr.startswith("bench: ")
    assert "request.json is missing" in lost.stderr


def test_a_pipeline_with_a_mistake_is_named_by_file_and_line(cli: Cli) -> None:
    """In one line, before anything is run."""
    (cli.folder / "mine.py").write_text("from bench.pipeline import Pipeline\n\ndef pipeline(:\n")
    done = cli("run", "--tool", "control", "--scenario", "reference", "--pipeline", "mine.py")
    assert done.returncode == 1
    assert "mine.py:3" in done.stderr.splitlines()[-1]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_one_tool_cannot_take_is_its_own_trials_unsupported(cli: Cli) -> None:
    """It is named by file and line before anything is run, and the others run."""
    (cli.folder / "stages.py").write_text(
        "from pathlib import Path\n\n\n"
        "def write(results: str) -> None:\n"
        "    global WRITTEN\n"
        "    WRITTEN = True\n"
        "    Path(results, 'words.txt').write_text('x')\n"
    )
    (cli.folder / "mine.py").write_text(
        "import stages\nfrom bench.pipeline import File, Pipeline\n\n\n"
        "def pipeline():\n"
        "    flow = Pipeline('mine')\n"
        "    flow.stage(stages.write, results=flow.parameter('results', File))\n"
        "    return flow\n"
    )
    argv = ("--scenario", "reference", "--case", "flights", "--pipeline", "mine.py", "--output", "set")
    done = cli("run", "--tool", "kfp", *argv)
    assert done.returncode == 0, done.stderr
    assert "unsupported: kfp cannot take pipeline 'mine'" in done.stderr
    assert "stages.py:5" in done.stderr
    attempts = [one for one in Store(cli.folder / "set").read() if isinstance(one, Attempt)]
    said = {one.trial.target.tool: one.declared for one in attempts}
    assert said["control"] is None
    assert said["kfp"] is not None
    assert said["kfp"].outcome == "unsupported"
    assert said["kfp"].source is not None


def test_without_network_and_cache_the_reason_is_one_line(cli: Cli, tmp_path: Path) -> None:
    """Nothing is half made, and nothing is run."""
    alone = Cli(cli.folder, tmp_path / "empty")
    offline = {"UV_OFFLINE": "1", "UV_CACHE_DIR": str(tmp_path / "uv")}
    done = alone("run", "--tool", "control", **offline)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith("bench: ")
    assert "control" in done.stderr.splitlines()[-1]


def test_a_run_beside_a_busy_process_warns(cli: Cli) -> None:
    """What was seen, the likely cause, and what to do."""
    hog = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        done = cli(
            "run", "--tool", "control", "--scenario", "startup", "--profile", "smoke", "--output", "set"
        )
    finally:
        hog.kill()
        hog.wait()
    assert "Careful: other processes used up to" in done.stdout
    assert "run again" in all_tables(cli)
