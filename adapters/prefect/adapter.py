"""Prefect: tasks in a package, a flow that calls them, run as a script with the ephemeral server."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench.adapters import Adapter, Command, Package, Sandbox, Server, SourceMap, Span, Store, Value
from bench.contract.codegen.decorators import Decoration, arrange
from bench.contract.codegen.format import assigned, bracketed, free, literal
from bench.contract.codegen.source import function_node
from bench.contract.launchpad import Launchpad, parser, workflows
from bench.errors import PipelineError
from bench.pipeline import Parameter, Pipeline, Stage

from .export import launchpad

NEEDED = frozenset(("argparse", "create_markdown_artifact", "parser", "unmapped"))
"""Names that ``workflows.py`` uses itself; in the flow ``unmapped`` and the artifact's, the others below it."""
RESERVED = ("return_state", "wait_for")
"""Arguments that Prefect adds to every call of a task and of a flow."""


class Prefect(Adapter):
    """Writes ``src/workflows.py``, and the user's modules with ``@task`` to ``src/tasks``."""

    def render(self, pipeline: Pipeline, project: Path, options: frozenset[str]) -> SourceMap:
        """Write the project; the whole body of every stage is the user's."""
        _check_arguments(pipeline)
        flags = [_flag(parameter) for parameter in pipeline.parameters.values()]
        main = self.fill("main.py.j2", pipeline=pipeline, flags=flags)
        self._write(pipeline, (pipeline,), f"The flow {pipeline.name}", main, project, options)
        return SourceMap.of(
            Span(stage.name, f"src/tasks/{stage.module}.py", stage.function, tuple(stage.inputs))
            for stage in pipeline.stages.values()
        )

    def launchpad(self, pipeline: Pipeline, project: Path) -> Launchpad:
        """Write the flow ``full``, and one for each stage."""
        flows = workflows(pipeline)
        _check_arguments(flows.union)
        main = self.fill_launchpad("main.py.j2", parser=parser(flows))
        title = "The flows: each stage alone, and all"
        self._write(flows.union, flows.all, title, main, project, frozenset())
        (project / "prefect.yaml").write_text(self.fill_launchpad("prefect.yaml.j2", flows=flows))
        return launchpad(flows)

    def _write(
        self,
        tasks: Pipeline,
        flows: Sequence[Pipeline],
        title: str,
        main: str,
        project: Path,
        options: frozenset[str],
    ) -> None:
        """Write the tasks of all flows, and the flows; main: how they are started."""
        modules = _modules(tasks, flows)
        source = project / "src"
        (source / "tasks").mkdir(parents=True, exist_ok=True)
        (source / "tasks" / "__init__.py").write_text("")
        for path, text in arrange(
            tasks,
            "prefect",
            ("prefect", "tasks", "workflows"),
            lambda stage: _decoration(stage, strict="strict" in options),
        ):
            (source / path).write_text(text, encoding="utf-8")
        text = self.fill(
            "workflows.py.j2",
            title=title,
            bound=any(stage.over and len(stage.inputs) > 1 for stage in tasks.stages.values()),
            imports=[
                f"from tasks import {module}{f' as {alias}' if alias != module else ''}"
                for module, alias in modules.items()
            ],
            reports=any(stage.report for stage in tasks.stages.values()),
            flows=[
                {
                    "signature": _signature(flow),
                    "statements": [
                        line for stage in flow.stages.values() for line in _call(stage, flow, modules)
                    ],
                }
                for flow in flows
            ],
            main=main.rstrip("\n"),
        )
        (source / "workflows.py").write_text(text, encoding="utf-8")

    def run(
        self,
        pipeline: Pipeline,  # noqa: ARG002 - the contract's
        sandbox: Sandbox,
        parameters: Mapping[str, Value],
        options: frozenset[str],  # noqa: ARG002 - the contract's
    ) -> Command:
        """Return ``python src/workflows.py --name=value ...``."""
        flags = []
        for name, value in parameters.items():
            flag = name.replace("_", "-")
            if isinstance(value, bool):
                flags.append(f"--{flag}" if value else f"--no-{flag}")
            else:
                # In one word, so that a value may begin with a dash.
                flags.append(f"--{flag}={value}")
        return Command(argv=(str(sandbox.python), "src/workflows.py", *flags), cwd=str(sandbox.project))

    def run_many(
        self,
        pipeline: Pipeline,
        sandbox: Sandbox,
        runs: Sequence[Mapping[str, Value]],
        options: frozenset[str],  # noqa: ARG002 - the contract's
    ) -> Command:
        """Return a Python program that calls the flow once for each line of its standard input."""
        program = (
            f"import json, sys; sys.path.insert(0, 'src'); from workflows import {pipeline.name} as flow; "
            "[flow(**json.loads(line)) for line in sys.stdin]"
        )
        return Command(
            argv=(str(sandbox.python), "-c", program),
            cwd=str(sandbox.project),
            stdin="".join(f"{json.dumps(dict(one))}\n" for one in runs),
            time_limit=3600.0,
        )

    def server(self, setup: str, sandbox: Sandbox, folder: Path, port: int) -> Server | None:
        """Return ``prefect server start``, with a database of its own."""
        if setup != "server":
            return None
        command = Command(
            argv=(sandbox.bin("prefect"), "server", "start", "--host", "127.0.0.1", "--port", str(port)),
            cwd=str(folder),
            # At this level it says when it is ready; nothing else of it is changed.
            # On another port than the default, its pages have to be told where they ask.
            env={
                "PREFECT_HOME": str(folder),
                "PREFECT_LOGGING_SERVER_LEVEL": "INFO",
                "PREFECT_SERVER_UI_API_URL": f"http://127.0.0.1:{port}/api",
            },
        )
        return Server(command, "Uvicorn running on", {"PREFECT_API_URL": f"http://127.0.0.1:{port}/api"})

    def package(
        self,
        pipeline: Pipeline,
        sandbox: Sandbox,
        setup: str,
        store: Store | None,  # noqa: ARG002 - the contract's
    ) -> Package | None:
        """Return ``prefect deploy`` to the server of the setup; without one there is none."""
        if setup != "server":
            return None
        prefect, project = sandbox.bin("prefect"), str(sandbox.project)
        entry = f"src/workflows.py:{pipeline.name}"
        steps = (
            ("--no-prompt", "work-pool", "create", "machines", "--type", "process", "--overwrite"),
            ("--no-prompt", "deploy", entry, "--name", "production", "--pool", "machines"),
            ("deployment", "inspect", f"{pipeline.name.replace('_', '-')}/production"),
        )
        return Package(
            tuple(Command(argv=(prefect, *words), cwd=project) for words in steps), "registration"
        )

    def state(self, sandbox: Sandbox) -> tuple[Path, ...]:
        """Return PREFECT_HOME: persisted results, and the database of a server that a script starts.

        And its default: 3.7 keeps results there whatever PREFECT_HOME says.
        """
        return (sandbox.state / "prefect", sandbox.home / ".prefect")


def _decoration(stage: Stage, *, strict: bool) -> Decoration:
    arguments = []
    imports = []
    if stage.cached:
        arguments += [f"cache_policy=INPUTS{' + TASK_SOURCE' if strict else ''}", "persist_result=True"]
        imports.append(f"from prefect.cache_policies import INPUTS{', TASK_SOURCE' if strict else ''}")
    if stage.cached_for is not None:
        arguments.append(f"cache_expiration=timedelta(seconds={stage.cached_for})")
        imports.append("from datetime import timedelta")
    if stage.retries:
        arguments.append(f"retries={stage.retries}")
    if stage.retry_delay:
        arguments.append(f"retry_delay_seconds={stage.retry_delay}")
    if stage.timeout is not None:
        arguments.append(f"timeout_seconds={stage.timeout}")
    return Decoration(tuple(arguments), imports=tuple(imports))


def _check_arguments(pipeline: Pipeline) -> None:
    """Raise PipelineError for an argument of a stage whose name Prefect keeps for itself."""
    for stage in pipeline.stages.values():
        node = function_node(pipeline.modules[stage.module], stage.module, stage.function)
        for argument in node.args.args:
            if argument.arg in RESERVED:
                raise PipelineError(
                    f"{stage.module}.py:{argument.lineno}: Prefect keeps the name '{argument.arg}' for itself; "
                    f"give that argument of {stage.function}() another"
                )


def _modules(pipeline: Pipeline, flows: Sequence[Pipeline]) -> dict[str, str]:
    """Return the name by which ``workflows.py`` knows each module of stages.

    Raises PipelineError where a name of the pipeline is one that the file or Prefect needs.
    """
    outputs = {output.name for stage in pipeline.stages.values() for output in stage.outputs}
    parameters = set(pipeline.parameters)
    names = {flow.name for flow in flows}
    taken = NEEDED & names | {"create_markdown_artifact", "unmapped"} & (parameters | outputs)
    # The parser has a --help of its own.
    for name in sorted(taken | {*RESERVED, "help"} & parameters):
        raise PipelineError(
            f"pipeline '{pipeline.name}': Prefect projects use the name '{name}'; choose another"
        )
    modules = sorted({stage.module for stage in pipeline.stages.values()})
    return {module: free(module, {*names, *parameters, *outputs, *NEEDED, "flow"}) for module in modules}


def _signature(pipeline: Pipeline) -> str:
    """Return the flow's ``def`` line, with the parameters that must be given first."""
    required, defaulted = [], []
    for parameter in pipeline.parameters.values():
        if parameter.default is None:
            required.append(f"{parameter.name}: {_type(parameter)}")
        else:
            defaulted.append(f"{parameter.name}: {_type(parameter)} = {literal(parameter.default)}")
    return bracketed(f"def {pipeline.name}(", [*required, *defaulted], ") -> None:", indent="")


def _flag(parameter: Parameter) -> str:
    """Return the statement that declares a parameter on the command line; its default is the flow's."""
    arguments = [literal(f"--{parameter.name.replace('_', '-')}")]
    if parameter.kind in ("int", "float"):
        arguments.append(f"type={parameter.kind}")
    elif parameter.kind == "bool":
        arguments.append("action=argparse.BooleanOptionalAction")
    if parameter.default is None:
        arguments.append("required=True")
    return bracketed("parser.add_argument(", arguments, ")")


def _type(parameter: Parameter) -> str:
    return "str" if parameter.kind == "file" else parameter.kind


def _call(stage: Stage, pipeline: Pipeline, modules: Mapping[str, str]) -> Iterator[str]:
    """Yield the statements that call a stage, name those of its outputs that are used, and show a report."""
    function = f"{modules[stage.module]}.{stage.function}"
    target = assigned(stage, pipeline)
    if stage.over is None:
        arguments = [f"{argument}={name}" for argument, name in stage.inputs.items()]
        if stage.report:
            page = stage.outputs[0].name
            yield bracketed(f"{page} = {function}(", arguments, ")")
            key = literal(stage.name.replace("_", "-"))
            yield bracketed("create_markdown_artifact(", [f"markdown={page}", f"key={key}"], ")")
            return
        yield bracketed(f"{target}{function}(", arguments, ")")
        return
    arguments = [
        f"{argument}={name if argument == stage.over else f'unmapped({name})'}"
        for argument, name in stage.inputs.items()
    ]
    # The results, not the futures: a task that gets a failed future does not run, and the flow completes.
    yield bracketed(f"{target}{function}.map(", arguments, ").result()")
