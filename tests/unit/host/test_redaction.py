"""Evidence names no user, host or private place."""

import getpass
import socket
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bench
from bench.host import redaction as redacting
from bench.host.redaction import Redaction


def test_a_known_place_gets_its_public_name() -> None:
    """Wherever it stands in the text."""
    redaction = Redaction({"/cache/s-1": "<sandbox>"})
    assert redaction.text("cd /cache/s-1/project && ls") == "cd <sandbox>/project && ls"


def test_the_longest_place_wins() -> None:
    """A sandbox inside a known folder is the sandbox."""
    redaction = Redaction({"/cache": "<cache>", "/cache/s-1": "<sandbox>"})
    assert redaction.text("/cache/s-1 /cache/s-2") == "<sandbox> <cache>/s-2"


def test_home_is_redacted() -> None:
    """Without being named."""
    assert Redaction({}).text(f"{Path.home()}/notes") == "<home>/notes"


def test_the_folder_of_bench_itself_is_redacted() -> None:
    """Tracebacks of its runners name it."""
    checkout = Path(bench.__file__).parent.parent
    assert Redaction({}).text(f'File "{checkout}/bench/trial.py"') == 'File "<bench>/bench/trial.py"'


def test_host_and_user_are_redacted_as_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not inside others."""
    monkeypatch.setattr(socket, "gethostname", lambda: "myhost7")
    monkeypatch.setattr(getpass, "getuser", lambda: "somebody")
    redaction = Redaction({})
    assert redaction.text("somebody@myhost7 somebodyelse") == "<user>@<host> somebodyelse"


def test_values_are_redacted_through_and_through() -> None:
    """Lists, tuples and dictionaries keep their shape."""
    redaction = Redaction({"/cache/s-1": "<sandbox>"})
    value = {"argv": ("/cache/s-1/x", 1), "env": {"A": ["/cache/s-1"]}}
    assert redaction.value(value) == {"argv": ("<sandbox>/x", 1), "env": {"A": ["<sandbox>"]}}


def test_bytes_that_are_no_text_stay_as_they_are(tmp_path: Path) -> None:
    """Only the place in them is replaced."""
    log = tmp_path / "log"
    log.write_bytes(b"\xff\xfe /cache/s-1 \x00")
    Redaction({"/cache/s-1": "<sandbox>"}).file(log)
    assert log.read_bytes() == b"\xff\xfe <sandbox> \x00"


PLACES = {"/cache/s-1": "<sandbox>", "/cache": "<cache>", "/cache/s-1/project/deep": "<deep>"}
WORDS = (
    *PLACES,
    "somebody",
    "somebody@",
    "/home/somebody",
    "x",
    "\n",
    " ",
    "/",
    "é",
    "body",
    "some",
    "/ca",
)


@given(words=st.lists(st.sampled_from(WORDS), max_size=30), piece=st.integers(1, 40))
def test_a_file_is_redacted_as_its_whole_text_would_be(words: list[str], piece: int) -> None:
    """Wherever a piece is cut, nothing private is in two of them, and nothing is taken out that is no name."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(redacting, "PIECE", piece)
        patch.setattr(getpass, "getuser", lambda: "somebody")
        patch.setattr(socket, "gethostname", lambda: "myhost7")
        redaction = Redaction(PLACES)
        text = "".join(words)
        log = Path(folder, "log")
        log.write_text(text, encoding="utf-8")
        redaction.file(log)
        assert log.read_text(encoding="utf-8") == redaction.text(text)


def test_a_path_at_the_cut_of_a_long_line_is_redacted(tmp_path: Path) -> None:
    """A line may be longer than what is read at a time, and a path may lie on both sides of the cut."""
    log = tmp_path / "log"
    for before in range(redacting.PIECE - 20, redacting.PIECE + 5):
        log.write_bytes(b"-" * before + b" /cache/s-1/file " + b"-" * 100)
        Redaction({"/cache/s-1": "<sandbox>"}).file(log)
        assert b" <sandbox>/file " in log.read_bytes()


def test_a_user_who_is_called_as_a_tool_takes_no_words_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor as a scenario or a pipeline: in addresses and paths the name is private all the same."""
    monkeypatch.setattr(socket, "gethostname", lambda: "myhost7")
    for name in ("kedro", "startup", "hello", "reference"):
        monkeypatch.setattr(getpass, "getuser", lambda name=name: name)
        said = Redaction({}).text(f"run {name} as {name}@myhost7 in /home/{name}/x")
        assert said == f"run {name} as <user>@<host> in <home>/x"
