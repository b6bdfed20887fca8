"""The findings that stand in the adapters' folders hold: scripts of the tools' own commands."""

import subprocess
from pathlib import Path

import pytest

from bench.adapters import discover
from bench.contract.adapter_manifest import read_manifest
from bench.environments.environment import ensure

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

FINDINGS = {
    f"{folder.name}/{script.stem}": (folder, script)
    for folder in discover().values()
    for script in sorted(folder.glob("findings/*.sh"))
}


@pytest.mark.parametrize("finding", FINDINGS)
def test_a_finding_holds(finding: str) -> None:
    """Its script ends with 0; with 1, the tool does something else now, and the finding is to be dropped."""
    folder, script = FINDINGS[finding]
    environment = ensure(folder, read_manifest(folder))
    done = subprocess.run(
        ["sh", str(script), str(environment.folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "the finding holds" in done.stdout


def test_every_tool_has_a_finding_that_names_its_trial() -> None:
    """The head of a script says which trial it shows, and what was seen."""
    tools = {folder.name for folder in discover().values() if read_manifest(folder).role == "tool"}
    assert {name.partition("/")[0] for name in FINDINGS} == tools
    for _, script in FINDINGS.values():
        head = Path(script).read_text().splitlines()[:4]
        assert any(
            f", caching/{script.stem}" in line or f", recovery/{script.stem}" in line for line in head
        )
