"""What a launchpad is made of: the workflows of a pipeline, and the steps from an edited line to a run.

A launchpad is a project of one tool that a user keeps (``bench export``). Its workflow ``full`` is the
whole pipeline. Each stage is also a separate workflow, which loads the outputs of earlier stages from the
layers of ``data/`` and saves its own. The pipelines here are neutral: an adapter renders them with
the same code and templates as any other pipeline.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bench.contract.codegen.literals import literal
from bench.contract.launchpad_workflows import (
    FULL,
    LAYERS,
    RAW,
    RESULTS,
    Workflows,
    annotated,
    file_of,
    workflows,
)
from bench.contract.pipeline import Parameter

__all__ = [
    "BUILD",
    "FULL",
    "LAYERS",
    "PUSH",
    "RAW",
    "RESULTS",
    "SAVE",
    "Launchpad",
    "Setting",
    "Step",
    "Workflows",
    "annotated",
    "file_of",
    "listed",
    "parser",
    "workflows",
]


@dataclass(frozen=True)
class Setting:
    """A line of ``settings.env``. what: comment above it, for the person who fills it in."""

    name: str
    value: str
    what: str


@dataclass(frozen=True)
class Step:
    """One step on the way from an edited line to a run.

    name: a POSIX shell name. what: one sentence for people. command: a line of POSIX shell that names
    settings as ``$NAME``; ``"$@"`` stands for the user's parameters, ``$workflow`` for the workflow.
    files: of the project that it reads. servers: settings with the addresses of servers that it uses.
    images: settings with the container images that it builds or moves.
    output: shell word of the file for the command's output; empty for the terminal.
    """

    name: str
    what: str
    command: str
    files: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    output: str = ""


@dataclass(frozen=True)
class Launchpad:
    """What a tool says about its launchpad; its adapter writes the files that only this tool has.

    layout: rows of the README's table of files, path and what it is. stages: README text, the file or
    files whose functions are the stages. local: how a workflow is run here.
    package: makes the artefact that a platform would take. remote: the steps to a remote run, in order.
    settings: that only this tool needs. sources: files and folders that go into the image, beside the
    lock and the raw data. remote_data: shell words by which a remote run of a single workflow is told
    where the layers are; empty where the tool keeps them itself. kept: README text, where single
    workflows find what others left. parameters: README text, how a parameter is given. remotely: README
    text, what else is to be known of remote runs, with its source. unregistered: why there is no step
    ``register``. body: expression by which a test gets at a stage's plain function, ``{}`` being the
    stage; None where the tool has tests of its own. tasks: package that holds the modules with stages,
    for tests. pyproject: text that goes above the shared one. ignored: lines of ``.gitignore``, which are
    kept out of the image too. outside: README text, what is written outside of the project.
    """

    flows: "Workflows"
    layout: tuple[tuple[str, str], ...]
    stages: str
    local: Step
    package: Step
    remote: tuple[Step, ...]
    settings: tuple[Setting, ...]
    kept: str
    parameters: str
    remotely: str
    sources: tuple[str, ...] = ("src",)
    remote_data: str = '--data "$REMOTE_DATA"'
    unregistered: str = ""
    body: str | None = "{}"
    tasks: Mapping[str, tuple[str, str]] | None = None
    pyproject: str = ""
    ignored: tuple[str, ...] = ()
    outside: str = ""

    def steps(self) -> tuple[Step, ...]:
        """Return the remote steps; the one that builds reads all that goes into the image."""
        return tuple(
            replace(step, files=(*step.files, *self.sources, RAW)) if step.name == "build" else step
            for step in self.remote
        )


BUILD = Step(
    "build",
    "Build the image that holds the environment and the code.",
    '"$DOCKER" build --build-arg "BASE=$BASE_IMAGE" --tag "$IMAGE" .',
    files=("Dockerfile", "requirements.txt"),
    images=("BASE_IMAGE", "IMAGE"),
)
"""The first step of every remote run with an image; the files that go into the image are added to its files."""
PUSH = Step(
    "push",
    "Push the image, under its new tag, to the registry.",
    '"$DOCKER" push "$IMAGE"',
    servers=("REGISTRY",),
    images=("IMAGE",),
)
SAVE = Step(
    "package",
    "Save the built image to `build/image.tar`, which is all that is deployed.",
    '"$DOCKER" save --output build/image.tar "$IMAGE"',
    images=("IMAGE",),
)


def listed(paths: Iterable[str]) -> str:
    """Return paths as a list for a sentence of the README."""
    return " or ".join(f"`{path}`" for path in paths)


def parser(flows: Workflows) -> str:
    """Return the source of a function ``arguments()``, which reads the name of a workflow and its parameters."""
    lines = [
        "def arguments() -> argparse.Namespace:",
        '    """Read the name of a workflow and its parameters from the command line."""',
        "    parser = argparse.ArgumentParser(description=__doc__)",
        '    commands = parser.add_subparsers(dest="workflow", required=True, metavar="WORKFLOW")',
    ]
    for flow in flows.all:
        lines.append(f'    command = commands.add_parser("{flow.name}")')
        lines += [f"    command.add_argument({_flag(one)})" for one in flow.parameters.values()]
    return "\n".join([*lines, "    return parser.parse_args()"])


def _flag(parameter: Parameter) -> str:
    parts = [f'"--{parameter.name.replace("_", "-")}"']
    if parameter.kind in ("int", "float"):
        parts.append(f"type={parameter.kind}")
    elif parameter.kind == "bool":
        parts.append("action=argparse.BooleanOptionalAction")
    default = "required=True" if parameter.required else f"default={literal(parameter.default)}"
    return ", ".join([*parts, default])
