"""A finding as a script: the tool's own commands, and nothing of bench."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.host.exceptions import last_exception, steady_part
from tests.command_line import ROOT, Cli


@pytest.fixture(scope="module")
def cached(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    """Give a result set of the control in a few caching cases."""
    folder = tmp_path_factory.mktemp("cached")
    done = Cli(folder, cache)(
        "run",
        *("--tool", "control", "--scenario", "caching", "--profile", "standard"),
        *("--case", "dtype,helper-other-module,truncated,two-at-once", "--output", "set"),
    )
    assert done.returncode == 0, done.stderr
    return folder / "set"


def executed(script: Path, cache: Path) -> subprocess.CompletedProcess[str]:
    """Run a script with the control's environment."""
    environment = next(path for path in cache.glob("environments/control-*") if path.is_dir())
    return subprocess.run(["sh", script, environment], capture_output=True, text=True, check=False)


def written(cli: Cli, cached: Path, trial: str) -> Path:
    script = cached.parent / "finding.sh"
    done = cli("repro", trial, "--set", str(cached), "--output", str(script))
    assert done.returncode == 0, done.stderr
    return script


def test_a_script_shows_again_what_the_trial_showed(cli: Cli, cached: Path, cache: Path) -> None:
    """It writes the project, runs it, makes the change and runs it again."""
    script = written(cli, cached, "control[local]/caching/dtype")
    done = executed(script, cache)
    assert done.returncode == 0, done.stderr
    assert "the finding holds" in done.stdout
    assert 'number=table["number"].astype("float64")' in script.read_text()


def test_a_script_fails_when_the_tool_delivers_something_else(cli: Cli, cached: Path, cache: Path) -> None:
    """Here because the change is not made."""
    script = written(cli, cached, "control[local]/caching/dtype")
    script.write_text(script.read_text().replace('number=table["number"].astype("float64")', ""))
    done = executed(script, cache)
    assert done.returncode == 1
    assert "the finding does not hold" in done.stdout


@pytest.mark.parametrize(
    ("case", "why"),
    [
        ("two-at-once", "a body was held"),
        ("truncated", "was truncated between the runs"),
        ("helper-other-module", "'wasted' follows from the trace or from answers"),
    ],
)
def test_what_commands_alone_cannot_show_is_refused(cli: Cli, cached: Path, case: str, why: str) -> None:
    """With the command that measures it again."""
    done = cli("repro", f"control[local]/caching/{case}", "--set", str(cached))
    assert done.returncode == 2
    assert why in done.stderr
    assert f"--scenario caching --case {case}" in done.stderr


@pytest.mark.parametrize(
    ("trial", "why"),
    [
        ("metaflow[local]/metadata/failed", "follows from the trace or from answers"),
        ("prefect[server]/caching/comment", "'right hit' follows from the trace or from answers"),
        ("flyte[local]/metadata/failed", "was not measured (unsupported)"),
        ("control[local]/recovery/flaky", "was not measured (unsupported)"),
    ],
)
def test_a_script_that_would_say_nothing_is_not_written(cli: Cli, trial: str, why: str) -> None:
    """What the trace or the tool's answers showed, and what was not measured, is refused in one line."""
    done = cli("repro", trial, "--set", str(ROOT / "results" / "2026-11-27-everything"))
    assert (done.returncode, done.stdout) == (2, "")
    assert why in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_crash_is_not_shown_by_an_environment_without_the_tool(cli: Cli) -> None:
    """It would end with the same exit code, for want of a module."""
    script = cli.folder / "gap.sh"
    published = ROOT / "results" / "2026-11-27-everything"
    done = cli("repro", "kfp[local]/reference/gap", "--set", str(published), "--output", str(script))
    assert done.returncode == 0, done.stderr
    done = subprocess.run(["sh", script, sys.prefix], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "this environment has kfp none, not 2.17.0: nothing is shown" in done.stdout
    assert "ValueError: Value must be one of the following types" in script.read_text()


@pytest.mark.parametrize(
    ("said", "raised"),
    [
        ("Traceback (most recent call last):\nKeyError: 'plan'\n", "KeyError: 'plan'"),
        ("a.b.SomeError: no file <sandbox>/data/x.csv\nbye\n", "a.b.SomeError: no file"),
        ("first\nValueError: one\nRuntimeError: two, pid 4711\n", "RuntimeError: two, pid"),
        ("it ended\n", None),
    ],
)
def test_an_exception_is_compared_up_to_what_differs_from_run_to_run(said: str, raised: str | None) -> None:
    """The last one that was said; paths, numbers of processes and the like end its text."""
    found = last_exception(said)
    assert (found if found is None else steady_part(found)) == raised


def test_the_advice_to_measure_again_keeps_profile_and_pipeline(cli: Cli, cached: Path) -> None:
    """Otherwise something else would be measured."""
    kept = (cached / "request.json").read_text()
    try:
        (cached / "request.json").write_text(
            kept.replace('"pipeline": null', '"pipeline": "/home/me/mine.py"')
        )
        done = cli("repro", "control[local]/caching/two-at-once", "--set", str(cached))
    finally:
        (cached / "request.json").write_text(kept)
    assert "--profile standard --pipeline /home/me/mine.py" in done.stderr


def test_an_unknown_trial_gets_the_nearest_name(cli: Cli, cached: Path) -> None:
    """In one line."""
    done = cli("repro", "control[local]/caching/helper-other-modul", "--set", str(cached))
    assert done.returncode == 2
    assert "did you mean 'control[local]/caching/helper-other-module'" in done.stderr


def test_an_unknown_case_is_refused_before_anything_is_run(cli: Cli) -> None:
    """With the nearest name."""
    done = cli("run", "--tool", "control", "--scenario", "caching", "--case", "bodyy")
    assert done.returncode == 2
    assert "did you mean 'body'" in done.stderr


def test_every_word_of_the_matrix_leads_to_its_trial_and_the_command_for_it(cached: Path) -> None:
    """What was changed, which bodies ran, and how to measure it again."""
    page = (cached / "scorecard.html").read_text()
    links = re.findall(r'<td class="word [a-z]+"><a href="#(c-[0-9a-f]+)">', page)
    assert len(links) == 4
    for link in links:
        assert f'id="{link}"' in page
    assert "round(value + 1.0, 1)" in page
    assert "<td>read_numbers, entitle, scale, summarise, show" in page
    assert re.search(
        r"Again: <code>bench run --tool \S+ --scenario caching --case helper-other-module", page
    )
