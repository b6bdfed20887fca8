"""The commands beside ``run``, as a user types them."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from bench import __version__
from tests.command_line import ROOT, Cli


def test_without_arguments_help_is_shown(cli: Cli) -> None:
    """It names the commands."""
    done = cli()
    for command in ("run", "list", "doctor", "report", "render", "lock", "clean"):
        assert command in done.stdout + done.stderr


def test_the_version_is_told(cli: Cli) -> None:
    """As a bare line."""
    assert cli("--version").stdout == f"{__version__}\n"


def test_tools_are_listed_with_their_setups(cli: Cli) -> None:
    """The control too, by its role."""
    done = cli("list", "tools")
    assert done.returncode == 0
    for tool in ("flyte", "metaflow", "kfp", "prefect", "kedro", "control"):
        assert f"\n{tool}" in f"\n{done.stdout}"


def test_scenarios_are_listed_with_their_question(cli: Cli) -> None:
    """And their cases and profiles."""
    done = cli("list", "scenarios")
    assert "startup    How long" in done.stdout
    assert "smoke, quick, standard, thorough" in done.stdout


def test_criteria_are_listed_and_what_is_not_measured_is_said(cli: Cli) -> None:
    """The default set first, its eleven in three tiers."""
    first, *lines = cli("list", "criteria").stdout.splitlines()
    assert first == "default (--criteria default)"
    own = lines[: next(at for at, line in enumerate(lines) if line.startswith("engineering"))]
    assert sum(line.startswith("  weight") for line in own) == 11
    assert "  weight 2: caching: Are results reused, and rightly?" in own
    assert "      not attempted yet: storage" in own


def test_the_questions_of_the_checklist_are_listed(cli: Cli) -> None:
    """Each with its criterion and id; and where no is the good answer, that."""
    lines = cli("list", "checklist").stdout.splitlines()
    assert any(line.startswith("deployment: server-schedules: Can ") for line in lines)
    assert [line.split(": ")[1] for line in lines if line.endswith("(good: no)")] == [
        "telemetry",
        "pickle-by-default",
    ]


def test_the_pipelines_that_come_with_bench_are_listed(cli: Cli) -> None:
    """Each with its first line; none of their code is run."""
    lines = cli("list", "pipelines").stdout.splitlines()
    assert any(line.startswith("reference ") and "The reference pipeline" in line for line in lines)


def test_only_tools_scenarios_criteria_and_the_checklist_can_be_listed(cli: Cli) -> None:
    """The nearest is named."""
    done = cli("list", "tool")
    assert (done.returncode, done.stderr) == (2, "bench: cannot list 'tool'; did you mean 'tools'?\n")


def test_the_doctor_says_what_is_missing(cli: Cli) -> None:
    """And never fails for it."""
    done = cli("doctor")
    assert done.returncode == 0
    assert "GB free" in done.stdout
    assert "not attempted: targets that need them" in done.stdout
    assert re.search(r"^ok  bench run --profile quick, .*: at most \d+ min", done.stdout, re.MULTILINE)
    for name in ("its own network", "its own file system"):
        assert re.search(rf"^(ok  a run may|--  a run may not) have {name}", done.stdout, re.MULTILINE)


def test_a_project_is_rendered_for_reading(cli: Cli) -> None:
    """Into a new folder."""
    done = cli("render", "control", "project", "--pipeline", "hello")
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (cli.folder / "project").iterdir()} == {"main.py", "stages.py"}


def test_a_folder_with_files_in_it_is_not_rendered_into(cli: Cli) -> None:
    """What is there is kept."""
    (cli.folder / "mine").write_text("precious")
    done = cli("render", "control", ".")
    assert done.returncode == 2
    assert "is not empty" in done.stderr


def test_a_report_is_made_again_from_the_records_alone(cli: Cli, measured: Path) -> None:
    """The same bytes, in another place and without the sandbox, environments or the cache."""
    copy = cli.folder / "copy"
    shutil.copytree(measured, copy)
    before = {name: (copy / name).read_text() for name in ("scorecard.html", "scorecard.md")}
    for name in before:
        (copy / name).unlink()
    done = cli("report", "copy")
    assert done.returncode == 0, done.stderr
    assert {name: (copy / name).read_text() for name in before} == before


def test_a_report_of_no_result_set_says_so(cli: Cli) -> None:
    """In one line."""
    done = cli("report", ".")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "holds no result set" in done.stderr


def test_the_plan_counts_and_runs_nothing(cli: Cli) -> None:
    """Trials, minutes and megabytes, and no folder of results."""
    argv = ("--tool", "control", "--scenario", "reference,startup", "--profile", "smoke")
    done = cli("run", *argv, "--plan")
    assert done.returncode == 0, done.stderr
    assert "in all 8 trials" in done.stdout
    assert "MB of evidence" in done.stdout
    assert list(cli.folder.iterdir()) == []


def test_clean_shows_sizes_and_deletes_only_when_told(cli: Cli, tmp_path: Path) -> None:
    """Environments, data, sandboxes."""
    own = Cli(tmp_path, tmp_path / "own")
    (own.cache / "sandboxes" / "s-1").mkdir(parents=True)
    (own.cache / "sandboxes" / "s-1" / "file").write_bytes(b"x" * 2_000_000)
    shown = own("clean")
    assert "2 MB" in shown.stdout
    assert (own.cache / "sandboxes" / "s-1").exists()
    own("clean", "--yes")
    assert not (own.cache / "sandboxes" / "s-1").exists()


def test_evidence_names_no_private_place(measured: Path) -> None:
    """Neither home nor cache nor the sandbox's own path."""
    records = (measured / "records.jsonl").read_text()
    assert "<sandbox>" in records
    assert "<environment>" in records
    for line in records.splitlines():
        record = json.loads(line)
        assert str(Path.home()) + "/" not in json.dumps(record.get("runs", ()))


def test_a_launchpad_is_exported_and_the_next_step_is_told(cli: Cli) -> None:
    """From a folder that is no checkout, with a pipeline of the user's own."""
    mine = cli.folder / "mine"
    shutil.copytree(ROOT / "pipelines" / "hello", mine)
    done = cli("export", "control", "pad", "--pipeline", "mine/hello.py")
    assert done.returncode == 0, done.stderr
    assert "next: cd pad, read README.md, and: ./run src/workflows.py full" in done.stdout
    assert (cli.folder / "pad" / "src" / "workflows.py").is_file()


def test_an_export_over_something_is_refused_in_one_line(cli: Cli) -> None:
    """Nothing is touched."""
    (cli.folder / "pad").mkdir()
    (cli.folder / "pad" / "kept").write_text("mine")
    done = cli("export", "flyte", "pad")
    assert done.returncode == 2
    assert done.stderr == "bench: pad is not empty; give a new folder\n"


def test_an_export_of_an_unknown_tool_names_the_nearest(cli: Cli) -> None:
    """Before an environment is made."""
    done = cli("export", "kedroo", "pad")
    assert done.returncode != 0
    assert "unknown tool 'kedroo'; did you mean 'kedro'?" in done.stderr
    assert not (cli.folder / "pad").exists()


def test_a_python_that_was_named_and_will_not_do_is_told_by_its_name(tmp_path: Path) -> None:
    """And not as if there were none on the machine."""
    shutil.copy(ROOT / "run", tmp_path / "run")
    shutil.copytree(ROOT / "locks", tmp_path / "locks")
    environment = {**os.environ, "PYTHON": "/opt/python3.10"}
    done = subprocess.run(
        ["sh", "run", "pytest"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "PYTHON=/opt/python3.10 is no Python 3.11 or newer that can be run" in done.stderr


def test_clean_goes_on_after_what_cannot_be_deleted(tmp_path: Path) -> None:
    """A dead sandbox of 1,500 folders is deleted; what is mounted is named, and all else goes."""
    own = Cli(tmp_path, tmp_path / "own")
    within = own.cache / "sandboxes" / "s-0"
    within.mkdir(parents=True)
    folder = os.open(within, os.O_RDONLY)
    for _ in range(1_500):
        os.mkdir("d", dir_fd=folder)
        inner = os.open("d", os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = inner
    os.close(folder)
    mounted = own.cache / "sandboxes" / "s-1" / "mounted"
    mounted.mkdir(parents=True)
    (own.cache / "sandboxes" / "s-2").mkdir()
    asked = subprocess.run(["mount", "-t", "tmpfs", "none", str(mounted)], capture_output=True, check=False)
    try:
        done = own("clean", "--yes")
    finally:
        if asked.returncode == 0:
            subprocess.run(["umount", str(mounted)], check=True)
    left = sorted(path.name for path in (own.cache / "sandboxes").iterdir())
    if asked.returncode == 0:
        assert (done.returncode, left) == (1, ["s-1"])
        assert f"bench: cannot delete: {mounted}: Device or resource busy" in done.stderr
    else:
        assert (done.returncode, left) == (0, [])
