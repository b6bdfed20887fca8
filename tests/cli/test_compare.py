"""``bench compare``, as a user and a CI type it."""

import os
from pathlib import Path

import pytest

import bench
from bench.contract.records import Ended, Fault
from bench.errors import StoreError
from tests.command_line import Cli
from tests.unit.facts import attempt, run, trial
from tests.unit.sets import HERE, blocks, stored


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """Give a folder with a set, one in which a tool is slower, and one of another machine where it is wrong."""
    stored(tmp_path / "before", *blocks(6, control=1.0, one=2.0))
    stored(tmp_path / "slower", *blocks(6, control=1.0, one=3.0))
    wrong = attempt(trial("one", order=1), run(ended=Ended(exit_code=1)))
    elsewhere = {**HERE, "processor": "Q"}
    stored(tmp_path / "wrong", attempt(trial("control")), wrong, machine=elsewhere)
    return tmp_path


def test_the_comparison_is_printed_and_the_exit_code_is_0(cli: Cli, sets: Path) -> None:
    """Whatever came out: nothing was asked to fail."""
    done = cli("compare", "before", "slower")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("# before and slower compared\n")
    assert "## Slower, or more" in done.stdout
    assert "| one[local]" in done.stdout


def test_what_is_slower_by_more_than_asked_for_fails(cli: Cli, sets: Path) -> None:
    """With exit code 1, and a line for each."""
    done = cli("compare", "before", "slower", "--fail-on", "10%")
    assert done.returncode == 1
    assert "bench: one[local] startup/hello: whole run, fresh is slower\n" in done.stderr


def test_what_is_slower_by_less_does_not_fail(cli: Cli, sets: Path) -> None:
    """It took half as long again."""
    assert cli("compare", "before", "slower", "--fail-on", "60%").returncode == 0


def test_what_is_faster_does_not_fail(cli: Cli, sets: Path) -> None:
    """The other way round."""
    assert cli("compare", "slower", "before", "--fail-on", "0%").returncode == 0


def test_a_truth_that_got_wrong_fails_on_another_machine_too(cli: Cli, sets: Path) -> None:
    """Though times are refused there, in one line."""
    done = cli("compare", "before", "wrong", "--fail-on", "10%")
    assert done.returncode == 1
    assert "bench: one[local] startup/hello: 'right' became 'crashed'\n" in done.stderr
    assert "Times are not compared, because the machines differ (processor P and Q);" in done.stdout
    assert "## Slower" not in done.stdout


def test_a_gate_that_could_not_look_at_the_times_does_not_open(cli: Cli, sets: Path) -> None:
    """No truth got wrong, but the times of another machine were refused: exit code 2, unless told to compare."""
    stored(sets / "elsewhere", *blocks(6, control=1.0, one=3.0), machine={**HERE, "processor": "Q"})
    done = cli("compare", "before", "elsewhere", "--fail-on", "10%")
    assert done.returncode == 2
    assert (
        "the machines differ (processor P and Q), so no time was compared; no result became wrong"
        in done.stderr
    )
    assert cli("compare", "before", "elsewhere").returncode == 0
    assert cli("compare", "before", "elsewhere", "--fail-on", "10%", "--across-machines").returncode == 1


def test_numbers_with_too_few_samples_are_counted_beside(cli: Cli, sets: Path) -> None:
    """They fail nothing, and whoever reads the log of the CI sees that nothing was looked at."""
    stored(sets / "few", *blocks(2, control=1.0, one=9.0))
    done = cli("compare", "before", "few", "--fail-on", "10%")
    assert done.returncode == 0
    assert "numbers have too few samples to say whether they got worse" in done.stderr


def test_a_gate_does_not_open_for_what_bench_failed_to_measure(cli: Cli, sets: Path) -> None:
    """Every trial of the tool is an error of the harness: exit code 2, and the way to measure them again."""
    full = Fault(where="disk", reason="full")
    lost = [attempt(trial("one", block, order=20 + block), fault=full) for block in range(6)]
    stored(sets / "lost", *blocks(6, control=1.0), *lost)
    done = cli("compare", "before", "lost", "--fail-on", "10%")
    assert done.returncode == 2
    assert "there is no result for 1 trial" in done.stderr
    assert "bench run --resume --output lost" in done.stderr


def test_what_is_only_in_the_first_is_named_beside_a_gate(cli: Cli, sets: Path) -> None:
    """It may have been left out on purpose, so it fails nothing."""
    stored(sets / "alone", *blocks(6, control=1.0))
    done = cli("compare", "before", "alone", "--fail-on", "10%")
    assert done.returncode == 0
    assert "bench: not compared, only in before: one[local]: startup: hello" in done.stderr


def test_times_across_machines_only_when_told(cli: Cli, sets: Path) -> None:
    """By an option."""
    done = cli("compare", "before", "wrong", "--across-machines")
    assert "**The machines differ (processor P and Q)" in done.stdout


def test_a_set_is_as_good_as_itself(cli: Cli, sets: Path) -> None:
    """Nothing fails at any percentage."""
    done = cli("compare", "before", "before", "--fail-on", "0%")
    assert done.returncode == 0
    assert "Numbers: 0 surely worse, 0 surely better" in done.stdout


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (("before", "nowhere"), "nowhere holds no result set"),
        (("before", "slower", "--fail-on", "ten"), "--fail-on: 'ten' is no percentage; give it as 10%"),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_line(
    cli: Cli, sets: Path, argv: tuple[str, ...], told: str
) -> None:
    """With exit code 2, which a CI can tell from what is worse."""
    done = cli("compare", *argv)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_sets_without_a_common_target_cannot_be_compared(cli: Cli, sets: Path) -> None:
    """Both are listed."""
    stored(sets / "other", *blocks(6, other=1.0))
    done = cli("compare", "before", "other")
    assert done.returncode == 2
    assert "have no target in common" in done.stderr


def test_the_exit_codes_are_in_the_help(cli: Cli) -> None:
    """Where they are looked for."""
    assert "Exit codes: 0, compared; 1, with --fail-on" in " ".join(cli("compare", "--help").stdout.split())


def _no_set(folder: Path, kind: str) -> None:
    """Make what is no readable result set."""
    if kind == "missing":
        return
    if kind == "file":
        folder.write_text("text")
        return
    if kind == "loop":
        folder.symlink_to(folder)
        return
    stored(folder, *blocks(1, control=1.0))
    name, what = kind.split(" as ")
    (folder / name).unlink()
    if what == "folder":
        (folder / name).mkdir()
    elif what == "pipe":
        os.mkfifo(folder / name)
    else:
        (folder / name).write_bytes(b"\xff\xfe\x00\n")


@pytest.mark.parametrize(
    "kind",
    ["missing", "file", "loop", "manifest.json as folder", "records.jsonl as folder", "manifest.json as pipe",
     "records.jsonl as pipe", "manifest.json as bytes", "records.jsonl as bytes"],
)  # fmt: skip
def test_what_cannot_be_read_ends_compare_with_2_and_load_with_its_own_error(
    cli: Cli, sets: Path, kind: str
) -> None:
    """1 would say that something is worse."""
    _no_set(sets / "odd", kind)
    for pair in (("before", "odd"), ("odd", "before")):
        done = cli("compare", *pair)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("bench: ")
        assert done.stderr.count("\n") == 1
    with pytest.raises(StoreError):
        bench.load(sets / "odd")


def test_text_of_a_set_is_data_in_a_comparison(cli: Cli, sets: Path) -> None:
    """No markup, no live link, nothing hidden: in names, versions, machines and words alike."""
    evil = "<script>\x1b[31m\u202e[x](https://example.org) www.example.org"
    stored(sets / "evil", *blocks(6, control=1.0, one=2.0), versions={"one": evil}, profile=f"quick{evil}",
           created=evil, harness=evil, machine={**HERE, "processor": evil})  # fmt: skip
    for pair in (("before", "evil"), ("evil", "before")):
        text = cli("compare", *pair).stdout
        assert "script" in text
        for raw in ("<script>", "\x1b", "\u202e", "[x]", "https://", "www."):
            assert raw not in text.replace("\\<", "").replace("\\[", "")
