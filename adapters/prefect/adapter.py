"""Prefect: tasks in a package, a flow that calls them, run as a script with the ephemeral server."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from bench.adapters import Adapter, Command, Package, Sandbox, Server, SourceMap, Span, Store, Value
from bench.contract.codegen.decorators import Decoration, arrange
from bench.contract.codegen.format import assigned, bracketed, used
from bench.contract.codegen.literals import json_text, literal, option
from bench.contract.codegen.names import Names
from bench.contract.codegen.source import function_node
from bench.contract.codegen.workflows import arguments, import_lines, names_of, signature
from bench.contract.launchpad import Launchpad, parser, workflows
from bench.errors import UnsupportedError
from bench.pipeline import Choice, Parameter, Pipeline, Stage

from .export import launchpad

OWN = ("argparse", "create_markdown_artifact", "flow", "json", "parser", "tasks", "unmapped")
"""Names that ``workflows.py`` uses itself."""
RESERVED = ("return_state", "wait_for")
"""Arguments that Prefect adds to every call of a task and of a flow."""


class Prefect(Adapter):
    """Writes ``src/workflows.py``, and the user's modules with ``@task`` to ``src/tasks``."""

    def render(self, pipeline: Pipeline, project: Path, options: frozenset[str]) -> SourceMap:
        """Write the project; the whole body of every stage is the user's."""
        _check_arguments(pipeline)
        names = _names(pipeline, (pipeline,))
        flags = [_flag(parameter, names) for parameter in pipeline.parameters.values()]
        helped = "help" not in pipeline.parameters
        main = self.fill("main.py.j2", flow=names.of("flow", pipeline.name), flags=flags, helped=helped)
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
        names = _names(tasks, flows)
        taken = used(tasks) | {name for flow in flows for name in used(flow)}
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
            bound=any(
                stage.over and len(stage.inputs) + len(stage.constants) > 1
                for stage in tasks.stages.values()
            ),
            json="json.loads" in main,
            imports=import_lines(tasks, names),
            reports=any(stage.report for stage in tasks.stages.values()),
            flows=[
                {
                    "name": flow.name if names.of("flow", flow.name) != flow.name else None,
                    "signature": signature(flow, names),
                    "statements": [
                        line for part in flow.in_order() for line in _statements(part, flow, names, taken)
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
            flag = _option(name)
            if isinstance(value, bool):
                flags.append(f"--{flag}" if value else f"--no-{flag}")
            elif value is not None:
                flags.append(option(flag, value))
        return Command(argv=(str(sandbox.python), "src/workflows.py", *flags), cwd=str(sandbox.project))

    def run_many(
        self,
        pipeline: Pipeline,
        sandbox: Sandbox,
        runs: Sequence[Mapping[str, Value]],
        options: frozenset[str],  # noqa: ARG002 - the contract's
    ) -> Command:
        """Return a Python program that calls the flow once for each line of its standard input."""
        names = _names(pipeline, (pipeline,))
        program = (
            "import json, sys; sys.path.insert(0, 'src'); "
            f"from workflows import {names.of('flow', pipeline.name)} as flow; "
            "[flow(**json.loads(line)) for line in sys.stdin]"
        )
        return Command(
            argv=(str(sandbox.python), "-c", program),
            cwd=str(sandbox.project),
            stdin="".join(
                f"{json_text({names.of('data', name): value for name, value in one.items()})}\n"
                for one in runs
            ),
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
    """Raise UnsupportedError for an argument of a stage whose name Prefect keeps for itself."""
    for stage in pipeline.stages.values():
        node = function_node(pipeline.modules[stage.module], stage.module, stage.function)
        for argument in node.args.args:
            if argument.arg in RESERVED:
                raise UnsupportedError(
                    f"{stage.module}.py:{argument.lineno}: Prefect keeps the name '{argument.arg}' for itself; "
                    f"give that argument of {stage.function}() another",
                    "prefect 3.8.8: ReservedArgumentError (prefect/exceptions.py)",
                )


def _names(tasks: Pipeline, flows: Sequence[Pipeline]) -> Names:
    return names_of(tasks, flows, (*OWN, *RESERVED), _wanted)


def _wanted(name: str) -> str:
    """Return what a parameter of a flow is called; pydantic, which checks them, refuses an underscore in front."""
    return name.lstrip("_") or "value"


def _flag(parameter: Parameter, names: Names) -> str:
    """Return the statement that declares a parameter on the command line; its default is the flow's."""
    name = names.of("data", parameter.name)
    said = [literal(f"--{_option(parameter.name)}")]
    if name != _option(parameter.name).replace("-", "_"):
        said.append(f"dest={literal(name)}")
    if parameter.kind in ("int", "float"):
        said.append(f"type={parameter.kind}")
    elif parameter.kind == "bool":
        said.append("action=argparse.BooleanOptionalAction")
    elif parameter.kind == "json":
        said.append("type=json.loads")
    if parameter.required:
        said.append("required=True")
    return bracketed("parser.add_argument(", said, ")")


def _option(name: str) -> str:
    return name.replace("_", "-")


def _statements(
    part: Stage | Choice, flow: Pipeline, names: Names, taken: Collection[str]
) -> Iterator[str]:
    """Yield the statements of a stage, or of a choice, which is a plain ``if``: a flow runs as Python."""
    if isinstance(part, Stage):
        yield from _call(part, names, taken)
        return
    chosen = names.of("data", part.name)
    yield f"    if {names.of('data', part.flag)}:"
    yield _chosen(chosen, flow.stages[part.then], names)
    yield "    else:"
    yield (
        _chosen(chosen, flow.stages[part.otherwise], names)
        if part.otherwise
        else f"        {chosen} = None"
    )


def _chosen(target: str, stage: Stage, names: Names) -> str:
    head = f"{target} = {names.of('module', stage.module)}.{stage.function}("
    return bracketed(head, arguments(stage, names), ")", indent="        ")


def _call(stage: Stage, names: Names, taken: Collection[str]) -> Iterator[str]:
    """Yield the statements that call a stage, name those of its outputs that are used, and show a report."""
    function = f"{names.of('module', stage.module)}.{stage.function}"
    target = assigned(stage, taken, names)
    if stage.report:
        page = names.of("data", stage.outputs[0].name)
        yield bracketed(f"{page} = {function}(", arguments(stage, names), ")")
        key = literal(stage.name.replace("_", "-").lower())
        yield bracketed("create_markdown_artifact(", [f"markdown={page}", f"key={key}"], ")")
    elif stage.over is None:
        yield bracketed(f"{target}{function}(", arguments(stage, names), ")")
    else:
        # The results, not the futures: a task that gets a failed future does not run, and the flow completes.
        given = arguments(stage, names, "unmapped({})")
        yield bracketed(f"{target}{function}.map(", given, ").result()")
