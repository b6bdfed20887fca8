"""The logs behind a scorecard: printed, served, and written as files."""

import http.client
import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bench.contract.records import Attempt
from bench.store.evidence import Evidence, name_of
from bench.store.result_set import Store
from tests.command_line import Cli
from tests.unit.facts import attempt, chain, trial
from tests.unit.sets import stored
from tests.unit.store.format_1 import written

HOSTILE = b"<script>alert(1)</script>\x1b[31m"


def made(folder: Path) -> Path:
    """Make a set: of `one` a faulty attempt and one that was tried again, in two blocks; of `two` one; a case each."""
    folder.mkdir()
    store = Store(folder)
    attempts = []
    for tool, block, number in (("one", 0, 1), ("one", 0, 2), ("one", 1, 1), ("two", 0, 1)):
        of = trial(tool, block)
        working = store.begin(of.key)
        for name in ("stdout.txt", "stderr.txt"):
            path = working.folder / "0-fresh" / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(HOSTILE if tool == "two" else f"{name} of {working.name}\n".encode())
        attempts.append(attempt(of, number=number, evidence=working.keep()))
    attempts.append(Attempt(trial=trial("three"), number=1, evidence=""))
    stored(folder, *attempts)
    return folder


@pytest.fixture(scope="module")
def made_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a small result set with logs. Treat it as read-only."""
    return made(tmp_path_factory.mktemp("logs") / "set")


def test_the_logs_of_a_trial_are_printed(cli: Cli, made_set: Path) -> None:
    """By its key: all of its runs, and what else there is on stderr."""
    done = cli("logs", "one-startup-hello-0", "--set", str(made_set))
    assert done.stdout == (
        "==> one-startup-hello-0-2 0-fresh/stdout.txt <==\nstdout.txt of one-startup-hello-0-2\n\n"
        "==> one-startup-hello-0-2 0-fresh/stderr.txt <==\nstderr.txt of one-startup-hello-0-2\n"
    )
    assert done.stderr == "bench: of the last attempt; earlier ones: one-startup-hello-0-1\n"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("one-startup-hello-0-1", "--stderr"), "stderr.txt of one-startup-hello-0-1\n"),
        (("one[local]/startup/hello", "--stderr"), "stderr.txt of one-startup-hello-0-2\n"),
        (("one/startup/hello", "--file", "0-fresh/stdout.txt"), "stdout.txt of one-startup-hello-0-2\n"),
    ],
)
def test_an_attempt_a_file_or_a_case_is_named(
    cli: Cli, made_set: Path, argv: tuple[str, ...], said: str
) -> None:
    """As the page and ``bench repro`` name them."""
    done = cli("logs", *argv, "--set", str(made_set))
    assert (done.returncode, done.stdout) == (0, said), done.stderr
    assert ("of the first of 2 blocks" in done.stderr) == ("/" in argv[0])


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("one[local]/startup/hallo",), "did you mean 'one[local]/startup/hello'?"),
        (("one-startup-hello-0-9",), "has no trial 'one-startup-hello-0-9'"),
        (("two/startup/hello", "--file", "0-fresh/stdou.txt"), "did you mean '0-fresh/stdout.txt'?"),
        (("three/startup/hello",), "nothing of three/startup/hello was run, so there is no log"),
    ],
)
def test_what_is_not_there_is_told_in_one_line(
    cli: Cli, made_set: Path, argv: tuple[str, ...], said: str
) -> None:
    """With the nearest name."""
    done = cli("logs", *argv, "--set", str(made_set))
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_name_for_two_targets_is_refused(cli: Cli, tmp_path: Path) -> None:
    """Both are named."""
    store = stored(tmp_path / "set")
    for setup in ("local", "server"):
        of = trial()
        fields = {name: getattr(of, name) for name in of.__struct_fields__}
        there = {name: getattr(of.target, name) for name in of.target.__struct_fields__}
        target = type(of.target)(**{**there, "setup": setup})
        store.append(attempt(type(of)(**{**fields, "target": target, "key": setup})))
    done = cli("logs", "tool/startup/hello", "--set", str(tmp_path / "set"))
    assert done.returncode == 2
    assert "say one of tool[local]/startup/hello, tool[server]/startup/hello" in done.stderr


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Iterator[tuple[str, Path]]:
    """Give the address of ``bench view`` on a set with its page, which ends by Ctrl-C; and the set."""
    cli = Cli(tmp_path_factory.mktemp("served"), cache)
    folder = made(cli.folder / "set")
    assert cli("report", "set", "--no-figures").returncode == 0
    for place in (cli.folder, folder):
        (place / "private").write_text("private")
    (folder / "figures").mkdir()
    (folder / "figures" / "link.svg").symlink_to(cli.folder / "private")
    # A shell may have told its background jobs to ignore Ctrl-C.
    code = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); from bench.commands.app import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "view", str(folder)],
        cwd=cli.folder, env=cli.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address), process.communicate()
    yield address, folder
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=20)
    assert (process.returncode, stderr) == (0, "")


def asked(
    address: str, path: str, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Send one request, its path just as it is."""
    connection = http.client.HTTPConnection(str(urlsplit(address).netloc), timeout=20)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    connection.close()
    return found


def test_view_serves_the_page_and_each_log_that_it_links_to(served: tuple[str, Path]) -> None:
    """A log is text, whatever a tool has put into it."""
    address, folder = served
    status, headers, page = asked(address, "/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert b'data-evidence="served"' in page
    assert b'data-evidence="alone"' in (folder / "scorecard.html").read_bytes()
    links = re.findall(rb'href="(evidence/[^"]+)"', page)
    assert len(links) == 8
    for link in links:
        status, headers, log = asked(address, f"/{link.decode()}")
        assert (status, headers["content-type"]) == (200, "text/plain; charset=utf-8")
        assert headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in headers["content-security-policy"]
        assert log == HOSTILE or log.startswith((b"stdout.txt of", b"stderr.txt of"))
    assert asked(address, f"/{links[0].decode()}", "HEAD")[2] == b""
    assert json.loads(asked(address, "/manifest.json")[2])["format"] == 2


@pytest.mark.parametrize(
    "path",
    [
        "/private", "/../private", "/..%2fprivate", "/%2e%2e/private", "//etc/passwd", "/figures/../private",
        "/figures/link.svg", "/figures/", "/figures", "/evidence", "/evidence/", "/evidence/one-startup-hello-0-1",
        "/evidence/one-startup-hello-0-1/", "/evidence/one-startup-hello-0-1.zip", "/working/", "/%00", "/a%0d%0ab",
        "/evidence/../../private/x", "/evidence/one-startup-hello-0-1/../../../private", "/evidence/..-1/x",
    ],
)  # fmt: skip
def test_view_serves_nothing_else(served: tuple[str, Path], path: str) -> None:
    """No other file, no listing, nothing outside."""
    status, headers, text = asked(served[0], path)
    assert (status, headers["content-type"]) == (404, "text/plain; charset=utf-8")
    assert b"private\n" not in text.replace(path.encode(), b"")


def test_view_only_reads_and_only_for_this_machine(served: tuple[str, Path]) -> None:
    """A page of another site, whose name leads here, gets nothing."""
    address, _ = served
    for method in ("POST", "PUT", "DELETE"):
        assert asked(address, "/", method)[0] == 501
    assert asked(address, "/", Host="evil.example")[0] == 403


def test_a_set_without_a_page_is_not_viewed(cli: Cli, tmp_path: Path) -> None:
    """The command that makes it is told; a port that is taken, too."""
    made(tmp_path / "set")
    done = cli("view", "set")
    assert (done.returncode, done.stdout) == (1, "")
    assert "has no page yet; make it with: bench report" in done.stderr
    assert cli("report", "set", "--no-figures").returncode == 0
    assert "cannot serve on port 99999" in cli("view", "set", "--port", "99999").stderr


def test_a_bundle_has_each_log_that_its_page_links_to(cli: Cli, made_set: Path) -> None:
    """As files beside it, and the set is unchanged."""
    before = sorted(made_set.rglob("*"))
    done = cli("report", str(made_set), "--bundle", "site", "--no-figures")
    assert done.returncode == 0, done.stderr
    page = (cli.folder / "site" / "scorecard.html").read_text()
    links = re.findall(r'href="(evidence/[^"]+)"', page)
    assert len(links) == 8
    assert all((cli.folder / "site" / link).is_file() for link in links)
    assert 'data-evidence="served"' in page
    assert sorted(made_set.rglob("*")) == before
    assert cli("logs", "two/startup/hello", "--set", "site", "--stderr").stdout.encode() == HOSTILE


def test_a_published_set_is_a_handful_of_files(cli: Cli, made_set: Path) -> None:
    """From which the same is reported, and every log is printed."""
    done = cli("report", str(made_set), "--publish", "published")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (cli.folder / "published").iterdir()) == [
        "benchmark.json", "evidence.zip", "manifest.json", "metrics.parquet", "records.jsonl",
        "scorecard.html", "scorecard.md", "scores.csv",
    ]  # fmt: skip
    assert cli("logs", "two/startup/hello", "--set", "published", "--stderr").stdout.encode() == HOSTILE
    assert cli("report", "published", "--no-figures").returncode == 0
    again = cli("report", str(made_set), "--publish", "published")
    assert again.stderr == f"bench: {cli.folder / 'published'} is not empty; give a new folder\n"


def test_a_set_of_the_old_format_is_told_what_brings_it_up(cli: Cli) -> None:
    """In one line by each command that reads it; afterwards each of them goes on."""
    written(cli.folder / "old", {"chain": chain().as_json()})
    commands = (
        ("report", "old"), ("run", "--resume", "--output", "old"), ("repro", "x", "--set", "old"),
        ("logs", "x", "--set", "old"), ("view", "old"), ("compare", "old", "old"),
    )  # fmt: skip
    for argv in commands:
        done = cli(*argv)
        assert done.returncode in (1, 2)
        assert "has format 1, of an older bench; convert it to format 2 with: bench migrate " in done.stderr
        assert done.stderr.count("\n") == 1
    code = "import bench; bench.load('old')"
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        cwd=cli.folder,
        env=cli.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "bench migrate" in loaded.stderr.splitlines()[-1]
    done = cli("migrate", "old")
    assert done.returncode == 0, done.stderr
    assert "old.format-1 is the old set; delete it when you no longer need it" in done.stdout
    done = cli("report", "old", "--no-figures")
    assert done.returncode == 0, done.stderr
    assert "stdout.txt" in cli("logs", "control0123456789", "--set", "old").stdout


def test_a_measured_set_keeps_nothing_loose(measured: Path) -> None:
    """Each attempt that ran has its archive, with the logs of all its runs."""
    assert not list(measured.glob("working/*"))
    evidence = Evidence(measured)
    for record in Store(measured).read():
        if isinstance(record, Attempt):
            files = evidence.files(name_of(record.evidence))
            assert {log for run in record.runs for log in (run.stdout, run.stderr)} <= files.keys()


def test_a_faulty_attempt_keeps_its_evidence_when_it_is_measured_anew(
    cli: Cli, tool: Callable[[str], Path]
) -> None:
    """Each record names an archive of its own, and the first one is not touched."""
    folder = tool("fickle")
    adapter = folder / "adapter.py"
    text = adapter.read_text()
    begin = "        values = [str(parameters[name])"
    assert text.count(begin) == 1
    check = '        if os.environ.get("BROKEN"):\n            raise ValueError("broken")\n'
    adapter.write_text(
        text.replace(begin, check + begin).replace("from pathlib", "import os\nfrom pathlib", 1)
    )
    argv = ("--tool", "fickle", "--adapter", str(folder), "--scenario", "startup", "--case", "hello")
    done = cli("run", *argv, "--profile", "smoke", "--output", "set", BROKEN="1")
    assert done.returncode == 3, done.stderr
    before = {path: path.read_bytes() for path in (cli.folder / "set").glob("evidence/*.zip")}
    assert before
    done = cli("run", "--resume", "--output", "set")
    assert done.returncode == 0, done.stderr
    assert {path: path.read_bytes() for path in before} == before
    records = [one for one in Store(cli.folder / "set").read() if isinstance(one, Attempt)]
    named = [one.evidence for one in records if one.evidence]
    assert len(named) == len(set(named)) == len(list((cli.folder / "set").glob("evidence/*.zip")))
    faulty = next(one for one in records if one.fault)
    again = [one for one in records if one.trial.key == faulty.trial.key]
    assert [(one.fault is None, name_of(one.evidence)[-2:]) for one in again] == [
        (False, "-1"),
        (True, "-2"),
    ]
