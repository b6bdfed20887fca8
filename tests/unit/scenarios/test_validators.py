"""What published schemas refuse, each with a file that is no artefact of its kind."""

import io
import json
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from bench.environments import environment

SCENARIO = Path(__file__).parents[3] / "scenarios" / "deployment"
TEMPLATE = {"apiVersion": "argoproj.io/v1alpha1", "kind": "WorkflowTemplate", "metadata": {"name": "one"}}
NODE = {"name": "one", "container": {"image": "python", "command": ["python"]}}


def refused(kind: str, path: Path) -> str:
    """Return what is said to be wrong."""
    python = environment.helpers(SCENARIO / "validators", "hera").python
    command = [str(python), str(SCENARIO / "_validate.py"), kind, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"templates": [NODE]}, ""),
        ({"templates": []}, "it has no templates"),
        ({"templates": [{**NODE, "container": {"command": "python"}}]}, "validation error"),
    ],
)
def test_a_workflow_template_is_checked_by_the_models_of_argo(
    tmp_path: Path, spec: dict[str, object], said: str
) -> None:
    """A right one is not refused."""
    path = tmp_path / "template.json"
    path.write_text(json.dumps({**TEMPLATE, "spec": spec}))
    found = refused("argo", path)
    assert said in found
    assert bool(found) == bool(said), found


def test_a_package_of_flyte_without_a_workflow_is_refused(tmp_path: Path) -> None:
    """And so is a member that is no protocol buffer."""
    path = tmp_path / "package.tgz"
    with tarfile.open(path, "w:gz") as archive:
        member = tarfile.TarInfo("0_one_1.pb")
        member.size = 4
        archive.addfile(member, io.BytesIO(b"\xff\xff\xff\xff"))
    found = refused("flyte", path)
    assert "0_one_1.pb" in found
    assert "no WorkflowSpec in it" in found


@pytest.mark.parametrize(("metadata", "fine"), [("Version: 1.0\n", True), ("", False)])
def test_a_wheel_without_a_version_is_refused(tmp_path: Path, metadata: str, fine: bool) -> None:
    """That nobody described it is only warned of."""
    path = tmp_path / "one-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: one\n{metadata}")
        archive.writestr("one-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\n")
    assert (refused("wheel", path) == "") == fine
