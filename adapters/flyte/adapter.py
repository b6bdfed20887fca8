"""Flyte: tasks in a package, a workflow that connects them, run by ``pyflyte run`` without a backend."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from bench.adapters import Adapter, Command, Package, Sandbox, SourceMap, Span, Store, Value
from bench.contract.codegen.decorators import Decoration, arrange
from bench.contract.codegen.format import assigned, bracketed, used
from bench.contract.codegen.literals import literal, option
from bench.contract.codegen.names import Names
from bench.contract.codegen.workflows import arguments, import_lines, names_of, signature
from bench.contract.launchpad import Launchpad, workflows
from bench.errors import UnsupportedError
from bench.pipeline import Choice, Pipeline, Stage

from .export import launchpad
from .hints import check
from .pickled import IMPORT, retyped
from .types import Types

OWN = ("conditional", "functools", "help", "map_task", "tasks", "workflow")
"""Names that the module of workflows uses itself, and an option of every command."""


class Flyte(Adapter):
    """Writes ``src/workflows.py``, and the user's modules with ``@task`` to ``src/tasks``."""

    def render(self, pipeline: Pipeline, project: Path, options: frozenset[str]) -> SourceMap:
        """Write the project; the whole body of every stage is the user's."""
        check(pipeline, Types(pipeline))
        self._write(pipeline, (pipeline,), f"The workflow {pipeline.name}", project, options)
        return SourceMap.of(
            Span(stage.name, f"src/tasks/{stage.module}.py", stage.function, tuple(stage.inputs))
            for stage in pipeline.stages.values()
        )

    def launchpad(self, pipeline: Pipeline, project: Path) -> Launchpad:
        """Write the workflow ``full``, and one for each stage."""
        flows = workflows(pipeline)
        for flow in flows.all:
            check(flow, Types(flow))
        self._write(
            flows.union, flows.all, "The workflows: each stage alone, and all", project, frozenset()
        )
        return launchpad(flows)

    def _write(
        self,
        tasks: Pipeline,
        flows: Sequence[Pipeline],
        title: str,
        project: Path,
        options: frozenset[str],
    ) -> None:
        """Write the tasks of all flows, and the flows, each a workflow."""
        names = names_of(tasks, flows, OWN, _wanted)
        types = Types(tasks)
        taken = used(tasks) | {name for flow in flows for name in used(flow)}
        source = project / "src"
        (source / "tasks").mkdir(parents=True, exist_ok=True)
        (source / "tasks" / "__init__.py").write_text("")
        strict = "strict" in options and any(stage.cached for stage in tasks.stages.values())
        reports = any(stage.report for stage in tasks.stages.values())
        own = ("flytekit", "tasks", "workflows", *(["caching"] if strict else []))
        own += ("reports",) if reports else ()
        for path, text in arrange(
            tasks, "flytekit", own, lambda stage: _decoration(tasks, stage, types, strict=strict)
        ):
            (source / path).write_text(text, encoding="utf-8")
        if strict:
            (source / "caching.py").write_text(self.fill("caching.py.j2"), encoding="utf-8")
        if reports:
            (source / "reports.py").write_text(self.fill("reports.py.j2"), encoding="utf-8")
        text = self.fill(
            "workflows.py.j2",
            title=title,
            chosen=any(flow.choices for flow in flows),
            mapped=any(stage.over for stage in tasks.stages.values()),
            bound=any(
                stage.over and len(stage.inputs) + len(stage.constants) > 1
                for stage in tasks.stages.values()
            ),
            imports=import_lines(tasks, names),
            flows=[
                {
                    "signature": signature(flow, names, types.parameter),
                    "statements": [
                        line for part in flow.in_order() for line in _statements(part, flow, names, taken)
                    ],
                }
                for flow in flows
            ],
        )
        (source / "workflows.py").write_text(text, encoding="utf-8")

    def run(
        self,
        pipeline: Pipeline,
        sandbox: Sandbox,
        parameters: Mapping[str, Value],
        options: frozenset[str],  # noqa: ARG002 - the contract's
    ) -> Command:
        """Return ``pyflyte run src/workflows.py <workflow> --name=value ...``."""
        names = names_of(pipeline, (pipeline,), OWN, _wanted)
        flags: list[str] = []
        for parameter, value in parameters.items():
            name = names.of("data", parameter)
            if isinstance(value, bool):
                flags.append(f"--{name}" if value else f"--no-{name}")
            elif value is not None:
                flags.append(option(name, value))
        workflow = names.of("flow", pipeline.name)
        return Command(
            argv=(sandbox.bin("pyflyte"), "run", "src/workflows.py", workflow, *flags),
            cwd=str(sandbox.project),
        )

    def package(
        self,
        pipeline: Pipeline,  # noqa: ARG002 - the contract's
        sandbox: Sandbox,
        setup: str,  # noqa: ARG002
        store: Store | None,  # noqa: ARG002
    ) -> Package:
        """Return ``pyflyte package``, which writes an archive of protocol buffers for ``flytectl``."""
        argv = (sandbox.bin("pyflyte"), "--pkgs", "workflows", "package", "--source", ".", "--force")
        more = ("--image", "registry.example.org/project:1", "--output", "../flyte-package.tgz")
        command = Command(argv=(*argv, *more), cwd=str(sandbox.project / "src"))
        return Package((command,), "flyte", ("flyte-package.tgz",))


def _decoration(pipeline: Pipeline, stage: Stage, types: Types, *, strict: bool) -> Decoration:
    said = []
    names = []
    imports = []
    if stage.cached:
        said.append("cache=Cache(policies=SourcePolicy())" if strict else 'cache=Cache(version="1")')
        names.append("Cache")
        imports += ["from caching import SourcePolicy"] if strict else []
    if stage.retries:
        said.append(f"retries={stage.retries}")
    if stage.timeout is not None:
        said.append(f"timeout={stage.timeout}")
    if stage.report:
        said.append("enable_deck=True")
        imports.append("from reports import deck")
    pickled = retyped(pipeline, stage)
    if pickled:
        imports.append(IMPORT)
    return Decoration(
        tuple(said),
        tuple(names),
        tuple(imports),
        below=("deck",) if stage.report else (),
        retyped={**pickled, **types.of(stage)},
    )


def _wanted(name: str) -> str:
    """Return what an input of a workflow is called.

    ``pyflyte run`` refuses upper case (flytekit 1.16.31, clis/sdk_in_container/run.py).
    """
    return name.lower()


def _statements(
    part: Stage | Choice, flow: Pipeline, names: Names, taken: Collection[str]
) -> Iterator[str]:
    """Yield the statements of a stage, or of a choice. Raises UnsupportedError for one without an else."""
    if isinstance(part, Stage):
        yield from _call(part, names, taken)
        return
    if part.otherwise is None:
        raise UnsupportedError(
            f"choice '{part.name}' of pipeline '{flow.name}' has no otherwise; a conditional of Flyte "
            "needs an else, and each side of it a task",
            "https://docs.flyte.org/en/latest/user_guide/advanced_composition/conditionals.html",
        )
    yield f"    {names.of('data', part.name)} = ("
    yield f"        conditional({literal(part.name)})"
    yield f"        .if_({names.of('data', part.flag)}.is_true())"
    yield f"        .then({_inline(flow.stages[part.then], names)})"
    yield "        .else_()"
    yield f"        .then({_inline(flow.stages[part.otherwise], names)})"
    yield "    )"


def _inline(stage: Stage, names: Names) -> str:
    return f"{names.of('module', stage.module)}.{stage.function}({', '.join(arguments(stage, names))})"


def _call(stage: Stage, names: Names, taken: Collection[str]) -> Iterator[str]:
    """Yield the statements that call a stage and name those of its outputs that are used."""
    function = f"{names.of('module', stage.module)}.{stage.function}"
    given = arguments(stage, names)
    if stage.over is not None:
        bound = arguments(stage, names, over=False)
        if bound:
            name = names.new(stage.name)
            yield bracketed(f"{name} = functools.partial(", [function, *bound], ")")
            function = name
        function = f"map_task({function})"
        given = [f"{stage.over}={names.of('data', stage.inputs[stage.over])}"]
    yield bracketed(f"{assigned(stage, taken, names)}{function}(", given, ")")
