"""The examples in the documentation work as they stand."""

import re
from pathlib import Path

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
