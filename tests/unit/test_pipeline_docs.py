"""The pipelines of docs/pipelines.md work as they stand."""

import re
import sys
from pathlib import Path

import pytest

from bench.contract.adapter_loading import discover, find, load
from bench.environments import pipeline_catalog, requirements
from bench.execution import plain_run
from tests.command_line import ROOT

TEXT = (ROOT / "docs" / "pipelines.md").read_text()
BLOCK = re.compile(r"```(?:python|text)\n# ([\w.]+)\n(.*?)```", re.DOTALL)
SECTIONS = [part for part in re.split(r"(?m)^##+ ", TEXT) if "# pipeline.py\n" in part]


@pytest.mark.parametrize("section", SECTIONS, ids=[part.partition("\n")[0] for part in SECTIONS])
def test_an_example_works_in_plain_python(section: str, tmp_path: Path) -> None:
    """A reader copies its files into one folder."""
    for name, text in BLOCK.findall(section):
        (tmp_path / name).write_text(text)
    definition = pipeline_catalog.load(str(tmp_path / "pipeline.py"), Path(sys.executable))
    done = plain_run.run(definition, load(find("control", discover())), tmp_path / "cache", 120)
    assert done.files


def test_the_block_of_requirements_is_read(tmp_path: Path) -> None:
    """As the page says it."""
    (text,) = re.findall(r"```python\n(# /// script\n.*?)```", TEXT, re.DOTALL)
    (tmp_path / "pipeline.py").write_text(text)
    found = requirements.asked(tmp_path / "pipeline.py")
    assert found is not None
    assert found.names == ["python-slugify", "tabulate"]
