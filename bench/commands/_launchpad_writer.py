"""Writes a launchpad: a project of one tool that a user keeps. Nothing of bench is left in it."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import takewhile
from pathlib import Path
from typing import Any

from bench.commands._new_folder import must_be_empty
from bench.contract.adapter import Adapter, fill
from bench.contract.driver import Definition
from bench.contract.launchpad import LAYERS, RESULTS, Launchpad, Setting, Step, file_of
from bench.contract.pipeline import Pipeline, Stage
from bench.environments import _uv, pipeline_catalog, requirements
from bench.environments.requirements import Requirements
from bench.errors import AdapterError, PipelineError

__all__ = ["steps", "tidy", "write"]

SKELETON = Path(__file__).parent / "skeleton"
"""Templates of the files that all launchpads have."""
SIZE = "small"
"""Size of the sample in ``data/01_raw``."""


def write(
    adapter: Adapter, definition: Definition, folder: Path, cache: Path, *, with_data: bool = False
) -> tuple[str, ...]:
    """Write the launchpad of a pipeline to a new or empty folder, completely or not at all.

    Returns the input files of the user that were left out. cache: where input data is kept. with_data: whether a
    user's own files are copied, too. Raises UsageError for a folder that is not empty, AdapterError for a
    tool without a launchpad, PipelineError for a pipeline that the tool does not support.
    """
    must_be_empty(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Written beside the target folder, so that a failure leaves no partial launchpad there.
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        pad = adapter.launchpad(definition.pipeline, made)
        left = () if with_data else pipeline_catalog.users_files(definition)
        _place_data(definition, made, cache, with_data=not left)
        for path, text in _files(adapter, pad, left, requirements.asked(definition.file)).items():
            (made / path).parent.mkdir(parents=True, exist_ok=True)
            (made / path).write_text(text, encoding="utf-8")
        (made / "run").chmod(0o755)
        tidy(made)
        made.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return left


def steps(adapter: Adapter, pipeline: Pipeline) -> list[dict[str, Any]]:
    """Return the steps from an edited line to the remote run, as JSON values.

    The launchpad's ``run`` and ``--dry-run`` come from the same records: name, what, command (POSIX shell,
    settings by name), files, servers, images, output.
    """
    with tempfile.TemporaryDirectory(prefix="bench-steps-") as folder:
        pad = adapter.launchpad(pipeline, Path(folder))
    return [asdict(step) for step in pad.steps()]


def tidy(project: Path) -> None:
    """Sort the imports and format the Python files, with the settings of the project itself.

    Raises PipelineError for a file that is not valid Python.
    """
    for words in (["check", "--select", "I", "--fix", "--exit-zero"], ["format"]):
        command = [
            sys.executable,
            "-m",
            "ruff",
            *words,
            "--quiet",
            "--no-cache",
            "--config",
            "pyproject.toml",
            ".",
        ]
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise PipelineError(f"the launchpad cannot be formatted: {done.stderr.strip()}")


def _place_data(definition: Definition, project: Path, cache: Path, *, with_data: bool) -> None:
    for layer in LAYERS:
        (project / "data" / layer).mkdir(parents=True, exist_ok=True)
        (project / "data" / layer / ".gitkeep").write_text("")
    if with_data:
        pipeline_catalog.place_data(definition, SIZE, cache, project / "data" / LAYERS[0])


def _files(
    adapter: Adapter, pad: Launchpad, left: tuple[str, ...], asked: Requirements | None
) -> dict[str, str]:
    """Return the text of each file that all launchpads have, by its path.

    left: input files that it lacks. asked: what the pipeline requires of third parties.
    """
    settings = _settings(pad)
    addresses = [one.name for one in settings if "example.com" in one.value and one.name != "REMOTE_DATA"]
    is_tool = adapter.manifest.role == "tool"
    context: dict[str, Any] = {
        "pad": pad,
        "flows": pad.flows,
        "title": pad.flows.project,
        "display": f"{adapter.manifest.display} {_version(adapter)}" if is_tool else "plain Python",
        "sources": pad.sources,
        "layers": [*(f"data/{layer}" for layer in LAYERS[:-1]), RESULTS],
        "results": RESULTS,
        "example": pad.flows.example,
        "left": ", ".join(f"`{name}`" for name in left),
    }
    files = {
        "README.md": _readme(context, pad),
        "run": _run(context, pad, addresses),
        "Makefile": fill(SKELETON, "Makefile.j2", **context),
        "settings.env": fill(SKELETON, "settings.env.j2", settings=settings),
        "Dockerfile": fill(SKELETON, "Dockerfile.j2", **context),
        ".dockerignore": fill(SKELETON, "dockerignore.j2", **context, ignored=pad.ignored),
        ".gitignore": fill(SKELETON, "gitignore.j2", ignored=pad.ignored),
        "pyproject.toml": fill(SKELETON, "pyproject.toml.j2", above=pad.pyproject),
        "tests/test_run.py": fill(
            SKELETON, "test_run.py.j2", addresses=addresses, single=next(iter(_with_data(pad)), None)
        ),
        **_requirements(adapter, asked),
    }
    if pad.body is not None:
        files["tests/test_stages.py"] = _tests(pad)
    return files


def _settings(pad: Launchpad) -> list[Setting]:
    """Return the shared settings, then those of the tool, without repetition."""
    name = pad.flows.project.replace("_", "-")
    shared = [
        Setting("REGISTRY", "registry.example.com/team", "Registry for the images, with the path in it."),
        Setting("IMAGE_NAME", name, "Name of the image; its tag is made from its content."),
        Setting("BASE_IMAGE", "python:3.11-slim", "Base image."),
        Setting("DOCKER", "docker", "Command that builds and pushes images, such as docker or podman."),
        Setting("REGION", "eu-central-1", "AWS region, for commands that use AWS."),
    ]
    if pad.remote_data:
        shared.append(
            Setting(
                "REMOTE_DATA",
                f"s3://data.example.com/{name}",
                "Folder with the layers of the data, for remote runs of single workflows.",
            )
        )
    return [*shared, *pad.settings]


def _version(adapter: Adapter) -> str:
    """Return the tool's version in the shipped lock."""
    package = adapter.manifest.package.lower()
    for line in (adapter.folder / "locks" / _uv.LAUNCHPAD).read_text().splitlines():
        name, equals, version = line.partition("==")
        if equals and name.lower() == package:
            return version.split()[0]
    return ""


def _run(context: Mapping[str, Any], pad: Launchpad, addresses: list[str]) -> str:
    named = {step.name: step for step in (*pad.remote, pad.package)}
    if pad.unregistered:
        named["register"] = Step("register", pad.unregistered, "")
    return fill(
        SKELETON,
        "run.j2",
        **context,
        remote=pad.remote,
        steps=list(named.values()),
        local=pad.local,
        remote_data=pad.remote_data,
        with_data=_with_data(pad),
        contents=[*pad.sources, "data/01_raw"],
        addresses=addresses,
        kept_out=[
            line for line in pad.ignored if line.startswith(tuple(f"{source}/" for source in pad.sources))
        ],
    )


def _with_data(pad: Launchpad) -> list[str]:
    """Return the workflows that need the place of the layers in a remote run."""
    if not pad.remote_data:
        return []
    return [flow.name for flow in pad.flows.singles if "data" in flow.parameters]


def _readme(context: Mapping[str, Any], pad: Launchpad) -> str:
    whole = pad.flows.full
    paths = {path for path, _ in pad.layout}
    files = [f"`{one.name}`" for one in whole.parameters.values() if one.kind == "file"]
    return fill(
        SKELETON,
        "README.md.j2",
        **context,
        rows=[_row(stage, whole) for stage in whole.stages.values()],
        has_workflows_file="src/workflows.py" in paths,
        files_in=", ".join(name for name in files if name != "`results`"),
        files_out="`results`" in files,
        before_register=" ".join(
            step.name for step in takewhile(lambda one: one.name != "register", pad.remote)
        ),
    )


def _row(stage: Stage, whole: Pipeline) -> dict[str, str]:
    """Return a stage's line in the README's table of workflows."""
    kept = {one.name: file_of(made, one) for made in whole.stages.values() for one in made.outputs}
    reads = []
    for name in dict.fromkeys(stage.inputs.values()):
        if name in kept:
            reads.append(f"`{name}`")
        elif whole.parameters[name].kind == "file" and name != "results":
            reads.append(f"`{whole.parameters[name].default}`")
    makes = [f"`{one.name}` ({kept[one.name].partition('/')[0]})" for one in stage.outputs]
    if "results" in stage.inputs.values():
        makes.append(f"files in `results`, which is `{RESULTS}/`")
    return {"name": stage.name, "reads": ", ".join(reads) or "parameters only", "makes": ", ".join(makes)}


def _requirements(adapter: Adapter, asked: Requirements | None) -> dict[str, str]:
    """Return the dependency files and their locks, as ``bench lock`` has made them, with what the pipeline requires."""
    locks = {}
    for target, lock in (("requirements.txt", _uv.LAUNCHPAD), ("requirements-dev.txt", _uv.LAUNCHPAD_DEV)):
        path = adapter.folder / "locks" / lock
        if not path.is_file():
            raise AdapterError(
                f"adapter '{adapter.manifest.name}' has no {path.name}; make it with: "
                f"bench lock {adapter.manifest.name}"
            )
        lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
        source = target.replace(".txt", ".in")
        locks[target] = "\n".join([f"# The lock of {source}; README.md says how to update it.", *lines, ""])
    more = adapter.folder / "launchpad" / "requirements.in"
    stated = (adapter.folder / "requirements.in").read_text() + (more.read_text() if more.is_file() else "")
    if asked is not None:
        head, _, lock = locks["requirements.txt"].partition("\n")
        stated, lock = requirements.relocked(asked, stated, lock)
        locks["requirements.txt"] = f"{head}\n{lock}"
    return {
        "requirements.in": stated,
        "requirements-dev.in": (SKELETON / "requirements-dev.in").read_text(),
        **locks,
    }


def _tests(pad: Launchpad) -> str:
    whole = pad.flows.full
    modules = dict.fromkeys(stage.module for stage in whole.stages.values())
    tasks = pad.tasks or {name: (f"from tasks import {name}", name) for name in modules}
    return fill(
        SKELETON,
        "test_stages.py.j2",
        imports=[tasks[name][0] for name in modules],
        stages=[_test(stage, pad, tasks[stage.module][1]) for stage in whole.stages.values()],
    )


def _test(stage: Stage, pad: Launchpad, module: str) -> dict[str, Any]:
    """Return the parts of a stage's test: the fixture that calls the stage, and the assertions."""
    whole = pad.flows.full
    arguments = []
    takes = []
    for argument, name in stage.inputs.items():
        producer = whole.producer(name)
        if name == "results":
            value = "str(results)"
            takes.append("results")
        elif producer is None:
            value = repr(whole.parameters[name].default)
        else:
            field = next(one.field or one.name for one in producer.outputs if one.name == name)
            value = f"{producer.name}.{field}" if producer.several else producer.name
            takes.append(producer.name)
        arguments.append((argument, value))
    arguments += [(argument, repr(value)) for argument, value in stage.constants.items()]
    given = [f"{argument}={'item' if argument == stage.over else value}" for argument, value in arguments]
    call = f"{(pad.body or '{}').format(f'{module}.{stage.function}')}({', '.join(given)})"
    if stage.over is not None:
        call = f"[{call} for item in {dict(arguments)[stage.over]}]"
    writes = "results" in stage.inputs.values()
    return {
        "name": stage.name,
        "takes": list(dict.fromkeys(takes)),
        "call": call,
        "writes": writes,
        "asserts": list(_asserts(stage, writes=writes)),
    }


def _asserts(stage: Stage, *, writes: bool) -> Iterator[str]:
    for output in stage.outputs:
        value = f"{stage.name}.{output.field or output.name}" if stage.several else stage.name
        if output.kind in ("table", "json"):
            yield f"len({value})"
        else:
            yield f"{value} is not None"
    if writes:
        yield "any(results.iterdir())"
    elif not stage.outputs:
        yield f"{stage.name} is None"
