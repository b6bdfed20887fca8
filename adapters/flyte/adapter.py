"""Flyte: tasks in a package, a workflow that connects them, run by ``pyflyte run`` without a backend."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench.adapters import Adapter, Command, Package, Sandbox, SourceMap, Span, Store, Value
from bench.contract.codegen.decorators import Decoration, arrange
from bench.contract.codegen.format import assigned, bracketed, free, literal
from bench.contract.launchpad import Launchpad, workflows
from bench.errors import PipelineError
from bench.pipeline import Pipeline, Stage

from .export import launchpad
from .hints import check

NEEDED = frozenset(("functools", "map_task"))
"""Names that the body of a workflow may use itself."""


class Flyte(Adapter):
    """Writes ``src/workflows.py``, and the user's modules with ``@task`` to ``src/tasks``."""

    def render(self, pipeline: Pipeline, project: Path, options: frozenset[str]) -> SourceMap:
        """Write the project; the whole body of every stage is the user's."""
        check(pipeline)
        self._write(pipeline, (pipeline,), f"The workflow {pipeline.name}", project, options)
        return SourceMap.of(
            Span(stage.name, f"src/tasks/{stage.module}.py", stage.function, tuple(stage.inputs))
            for stage in pipeline.stages.values()
        )

    def launchpad(self, pipeline: Pipeline, project: Path) -> Launchpad:
        """Write the workflow ``full``, and one for each stage."""
        flows = workflows(pipeline)
        for flow in flows.all:
            check(flow)
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
        modules = _modules(tasks, flows)
        source = project / "src"
        (source / "tasks").mkdir(parents=True, exist_ok=True)
        (source / "tasks" / "__init__.py").write_text("")
        strict = "strict" in options and any(stage.cached for stage in tasks.stages.values())
        reports = any(stage.report for stage in tasks.stages.values())
        taken = ("flytekit", "tasks", "workflows", *(["caching"] if strict else []))
        taken += ("reports",) if reports else ()
        for path, text in arrange(
            tasks, "flytekit", taken, lambda stage: _decoration(stage, strict=strict)
        ):
            (source / path).write_text(text, encoding="utf-8")
        if strict:
            (source / "caching.py").write_text(self.fill("caching.py.j2"), encoding="utf-8")
        if reports:
            (source / "reports.py").write_text(self.fill("reports.py.j2"), encoding="utf-8")
        text = self.fill(
            "workflows.py.j2",
            title=title,
            mapped=any(stage.over for stage in tasks.stages.values()),
            bound=any(stage.over and len(stage.inputs) > 1 for stage in tasks.stages.values()),
            imports=[
                f"from tasks import {module}{f' as {alias}' if alias != module else ''}"
                for module, alias in sorted(modules.items())
            ],
            flows=[
                {
                    "signature": _signature(flow),
                    "statements": [
                        line for stage in flow.stages.values() for line in _call(stage, flow, modules)
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
        """Return ``pyflyte run src/workflows.py <workflow> --name value ...``."""
        flags: list[str] = []
        for name, value in parameters.items():
            if isinstance(value, bool):
                flags.append(f"--{name}" if value else f"--no-{name}")
            else:
                flags += [f"--{name}", str(value)]
        return Command(
            argv=(sandbox.bin("pyflyte"), "run", "src/workflows.py", pipeline.name, *flags),
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


def _decoration(stage: Stage, *, strict: bool) -> Decoration:
    arguments = []
    names = []
    imports = []
    if stage.cached:
        arguments.append("cache=Cache(policies=SourcePolicy())" if strict else 'cache=Cache(version="1")')
        names.append("Cache")
        imports += ["from caching import SourcePolicy"] if strict else []
    if stage.retries:
        arguments.append(f"retries={stage.retries}")
    if stage.timeout is not None:
        arguments.append(f"timeout={stage.timeout}")
    if stage.report:
        arguments.append("enable_deck=True")
        imports.append("from reports import deck")
    return Decoration(
        tuple(arguments), tuple(names), tuple(imports), below=("deck",) if stage.report else ()
    )


def _modules(pipeline: Pipeline, flows: Sequence[Pipeline]) -> dict[str, str]:
    """Return the name by which ``workflows.py`` knows each module of stages.

    Raises PipelineError where a name of the pipeline is one that the file needs.
    """
    names = {*(flow.name for flow in flows), *_local_names(pipeline)}
    for name in sorted(NEEDED & names):
        raise PipelineError(
            f"pipeline '{pipeline.name}': Flyte projects use the name '{name}'; choose another"
        )
    modules = sorted({stage.module for stage in pipeline.stages.values()})
    return {module: free(module, {*names, *NEEDED, "workflow"}) for module in modules}


def _local_names(pipeline: Pipeline) -> set[str]:
    outputs = {output.name for stage in pipeline.stages.values() for output in stage.outputs}
    return outputs | set(pipeline.parameters)


def _signature(pipeline: Pipeline) -> str:
    """Return the workflow's ``def`` line, with the parameters that must be given first."""
    required, defaulted = [], []
    for parameter in pipeline.parameters.values():
        kind = "str" if parameter.kind == "file" else parameter.kind
        if parameter.default is None:
            required.append(f"{parameter.name}: {kind}")
        else:
            defaulted.append(f"{parameter.name}: {kind} = {literal(parameter.default)}")
    return bracketed(f"def {pipeline.name}(", [*required, *defaulted], ") -> None:", indent="")


def _call(stage: Stage, pipeline: Pipeline, modules: Mapping[str, str]) -> Iterator[str]:
    """Yield the statements that call a stage and name those of its outputs that are used."""
    function = f"{modules[stage.module]}.{stage.function}"
    inputs = dict(stage.inputs)
    if stage.over is not None:
        item = {stage.over: inputs.pop(stage.over)}
        if inputs:
            bound = free(stage.name, _local_names(pipeline) | set(modules.values()) | NEEDED)
            arguments = [function, *_arguments(inputs)]
            yield bracketed(f"{bound} = functools.partial(", arguments, ")")
            function = bound
        function, inputs = f"map_task({function})", item
    yield bracketed(f"{assigned(stage, pipeline)}{function}(", _arguments(inputs), ")")


def _arguments(inputs: Mapping[str, str]) -> list[str]:
    return [f"{argument}={name}" for argument, name in inputs.items()]
