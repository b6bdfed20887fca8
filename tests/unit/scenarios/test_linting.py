"""What a linter shows of a planted mistake."""

import sys
from pathlib import Path

from bench import scenarios
from tests.command_line import ROOT

_ = scenarios.load(ROOT / "scenarios" / "development").scenario
linting = sys.modules["_bench_scenario_development.linting"]


def test_only_what_is_new_at_the_wrong_line_counts(tmp_path: Path) -> None:
    """What the project shows anyway, and what the edit moved, is no finding of the mistake."""
    file = tmp_path / "flow.py"
    file.write_text("import os\nvalue = 1\nprint(value)\n")
    before = linting.findings(tmp_path)
    assert [one.what for one in before] == ["F401 `os` imported but unused"]
    file.write_text("value = 1\nimport os\nprint(valeu)\nprint(vaule)\n")
    after = linting.findings(tmp_path)
    assert linting.new_at(before, after, [("flow.py", 2), ("flow.py", 3)]) == [
        "F821 Undefined name `valeu`"
    ]


def test_settings_of_the_project_change_nothing(tmp_path: Path) -> None:
    """Every tool is looked at with the same rules."""
    (tmp_path / "pyproject.toml").write_text('[tool.ruff.lint]\nignore = ["F821"]\n')
    (tmp_path / "flow.py").write_text("print(valeu)\n")
    assert [one.what for one in linting.findings(tmp_path)] == ["F821 Undefined name `valeu`"]


def test_a_file_that_does_not_parse_is_no_fault(tmp_path: Path) -> None:
    """It is reported like the rest."""
    (tmp_path / "flow.py").write_text("def broken(:\n")
    (found, *_) = linting.findings(tmp_path)
    assert (found.file, found.line) == ("flow.py", 1)
