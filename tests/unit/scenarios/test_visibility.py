"""What is found in text: lines, errors, numbers and pictures, whatever a tool has put around them."""

import base64
import sys
from pathlib import Path
from types import ModuleType

import pytest

from bench.scenarios import find, load

NONCE = "0123456789ab"
PICTURE = base64.b64encode(bytes(range(90))).decode()
SHOWN = f'<img src="data:image/png;base64,{PICTURE}">'


@pytest.fixture(scope="module")
def looking() -> ModuleType:
    """Load the module as the scenario does."""
    _ = load(find("visibility")).scenario
    return sys.modules["_bench_scenario_visibility.looking"]


def test_a_line_is_found_behind_whatever_stands_before_it(looking: ModuleType) -> None:
    """Each once, in the order of the text, and none of another run."""
    text = (
        f"2026-11-24 [task 3] fit-print-2-{NONCE}\nWARNING fit-logging-1-{NONCE}\n"
        f"fit-print-2-{NONCE}\nfit-print-1-ba9876543210\nfit-native-1-{NONCE[:6]}\n{NONCE[6:]}\n"
    )
    assert looking.told(text, NONCE) == ["fit-print-2", "fit-logging-1"]


def test_lines_of_another_stream_do_not_count_for_the_order(looking: ModuleType) -> None:
    """Nobody can say which of two streams came first."""
    expected = looking.spoken(["fit"])
    assert looking.ordered({"stdout": ["fit-print-1", "fit-print-2"], "stderr": ["fit-native-1"]}, expected)
    assert not looking.ordered({"stdout": ["fit-print-2", "fit-print-1"]}, expected)


@pytest.mark.parametrize(
    "said",
    [
        'File "/a/b/stages.py", line 12, in fit\n    raise ValueError(\nValueError: refused-1',
        "│ /a/very/long/path/b/sta │\n│ ges.py:12 in fit         │\nValueError: refused-1",
    ],
)
def test_the_users_line_is_found_in_a_traceback_and_in_a_frame(looking: ModuleType, said: str) -> None:
    """Tools wrap paths, and draw frames around them."""
    found = looking.shows(said, "fit", "refused-1", [("stages.py", 12)], "raise ValueError(")
    assert all(found[name] for name in ("stage", "type", "text", "line"))


def test_the_line_of_another_place_is_not_the_users(looking: ModuleType) -> None:
    """Line 120 is not line 12, and a copy of the file has another name."""
    said = 'File "/a/stages.py", line 120\nFile "/tmp/ephemeral.py", line 12\n  raise ValueError(x)'
    found = looking.shows(said, "fit", "refused-1", [("stages.py", 12)], "raise ValueError(x")
    assert (found["line"], found["line's text"]) == (False, True)


def test_a_numbered_line_counts_only_as_a_whole(looking: ModuleType) -> None:
    """One that is cut has begun."""
    line = f"{NONCE} 0000001 ".ljust(55, ".") + " end."
    assert looking.numbered(f"{line}\n{line[:40]}", NONCE, 60) == {"whole": 1, "begun": 1}
    assert looking.numbered(line.replace("0000001", "0000002")[:40], NONCE, 60) == {"whole": 0, "begun": 1}
    assert looking.numbered(line.replace("....", "..", 1), NONCE, 60) == {"whole": 0, "begun": 1}


def test_a_page_is_one_that_shows_the_picture(looking: ModuleType, tmp_path: Path) -> None:
    """Plain, or carried encoded by the page itself; the same text as a value in JSON is none."""
    (tmp_path / "page.html").write_text(SHOWN)
    (tmp_path / "value.json").write_text(SHOWN.replace('"', '\\"'))
    carried = base64.b64encode(f"{SHOWN}{'x' * 200}".encode()).decode()
    (tmp_path / "card.html").write_text(f"<script>{carried}</script>")
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "page.html").write_text(SHOWN)
    found = list(looking.places(tmp_path, PICTURE, [tmp_path / "results"]))
    assert found == ["card.html", "page.html"]


def test_a_page_of_another_run_holds_neither_nonce_nor_picture(looking: ModuleType) -> None:
    """And where no picture was delivered, none is found."""
    assert looking.holds(f"{NONCE} {SHOWN}", NONCE, PICTURE) == {"nonce": True, "picture": True}
    assert looking.holds("another", NONCE, PICTURE) == {"nonce": False, "picture": False}
    assert looking.holds(SHOWN, NONCE, "") == {"nonce": False, "picture": False}
