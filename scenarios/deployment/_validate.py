"""Run by an interpreter with the published schemas: ``_validate.py KIND FILE...`` prints what is wrong, by lines."""

import json
import subprocess
import sys
import tarfile
from pathlib import Path


def flyte(path: Path) -> list[str]:
    """Check each protocol buffer of a package against flyteidl; its kind is the last figure of its name."""
    from flyteidl.admin import launch_plan_pb2, task_pb2, workflow_pb2

    kinds = {"1": (task_pb2.TaskSpec, "template"), "2": (workflow_pb2.WorkflowSpec, "template"),
             "3": (launch_plan_pb2.LaunchPlan, "id")}  # fmt: skip
    wrong, seen = [], set()
    with tarfile.open(path) as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is None or not member.name.endswith(".pb"):
                continue
            number = member.name.removesuffix(".pb")[-1]
            kind, field = kinds[number]
            found = kind()
            try:
                found.ParseFromString(file.read())
            except Exception as error:  # noqa: BLE001 - the library's own DecodeError has no fixed place
                wrong.append(f"{member.name}: {error}")
                continue
            seen.add(number)
            if not found.HasField(field):
                wrong.append(f"{member.name}: no {field}")
    wrong += [f"no {kinds[number][0].__name__} in it" for number in sorted(set(kinds) - seen)]
    return wrong


def kfp(path: Path) -> list[str]:
    """Check the first document of a compiled pipeline against kfp-pipeline-spec."""
    import yaml
    from google.protobuf import json_format
    from kfp.pipeline_spec import pipeline_spec_pb2

    document = next(iter(yaml.safe_load_all(path.read_text())))
    try:
        spec = json_format.ParseDict(document, pipeline_spec_pb2.PipelineSpec())
    except json_format.ParseError as error:
        return [str(error)]
    return [] if spec.root.dag.tasks else ["its root has no tasks"]


def argo(path: Path) -> list[str]:
    """Check a workflow template against Argo's own models, as Hera publishes them."""
    from hera.workflows.models import WorkflowTemplate

    try:
        document = json.loads(path.read_text())
        found = WorkflowTemplate.model_validate(document)
    except ValueError as error:
        return str(error).splitlines()[:5]
    return [] if found.spec.templates else ["it has no templates"]


def wheel(path: Path) -> list[str]:
    """Let twine check the metadata; what is beside the wheel has no schema.

    Not strictly: a wheel without a long description is one that nobody publishes, and valid all the same.
    """
    if path.suffix != ".whl":
        return []
    command = [sys.executable, "-m", "twine", "--no-color", "check", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [] if done.returncode == 0 else (done.stdout + done.stderr).strip().splitlines()[-3:]


CHECKS = {"argo": argo, "flyte": flyte, "kfp": kfp, "wheel": wheel}

if __name__ == "__main__":
    check = CHECKS[sys.argv[1]]
    for name in sys.argv[2:]:
        for line in check(Path(name)):
            sys.stdout.write(f"{Path(name).name}: {line}\n")
