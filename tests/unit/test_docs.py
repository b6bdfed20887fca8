"""The examples in the documentation work as they stand."""

import re
from pathlib import Path

from bench.report.glossary import words
from bench.scoring.criteria_files import load
from tests.command_line import ROOT


def test_the_criteria_file_in_the_documentation_loads(tmp_path: Path) -> None:
    """With all that it says: weights, what is dropped and added, and requirements."""
    (text,) = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "scoring.md").read_text(), re.DOTALL)
    file = tmp_path / "ours.toml"
    file.write_text(text)
    criteria = load(str(file))
    assert criteria.weights["caching"] == 6.0
    assert criteria.weights["deployment"] == 4.0
    assert "user administration" not in criteria.weights
    assert [requirement.metric for requirement in criteria.requirement] == [
        "recovery/run-killed/state",
        "startup/hello/first_body",
    ]
    (startup,) = (one for one in criteria.criteria if one.name == "startup time")
    assert "memory" not in [one.id for one in startup.indicators]


def test_the_page_shows_every_word_of_the_glossary() -> None:
    """With its meaning, and without marks of Markdown."""
    lines = (ROOT / "docs" / "glossary.md").read_text().splitlines()
    found = dict(words())
    assert len(found) == sum(line.startswith("| ") for line in lines) - 1
    assert found["A/A check"].startswith("one planted program")
    assert not any("`" in text or "*" in text for text in (*found, *found.values()))


def test_every_file_that_the_documentation_names_is_there() -> None:
    """In the README, in CONTRIBUTING and below docs."""
    texts = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    named = {
        name
        for text in texts
        for name in re.findall(
            r"(?:bench|tests|docs|scenarios|criteria)/[\w/-]+\.(?:py|md|toml|js|json|svg)\b",
            text.read_text(),
        )
    }
    assert len(named) > 40
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []
