"""Evidence names no user, host or private place."""

import getpass
import socket
from pathlib import Path

import pytest

import bench
from bench.store.redaction import Redaction


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
