"""The control: the same stages, called in order by plain Python."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.adapters import Adapter, Command, Sandbox, SourceMap, Span, Value
from bench.contract.codegen.literals import literal, option
from bench.contract.codegen.names import Names, free
from bench.contract.launchpad import Launchpad, parser, workflows
from bench.pipeline import Choice, Parameter, Pipeline, Stage

from .export import launchpad

OWN = (
    "Copying",
    "argparse",
    "args",
    "copy",
    "inspect",
    "json",
    "laid_out",
    "main",
    "os",
    "own",
    "parser",
    "pickle",
)
"""Names that the template uses."""


class Control(Adapter):
    """Writes the user's modules verbatim and a ``main.py`` that calls them."""

    def render(self, pipeline: Pipeline, project: Path, options: frozenset[str]) -> SourceMap:  # noqa: ARG002 - the contract's
        """Write the project; the whole body of every stage is the user's."""
        for module, text in pipeline.modules.items():
            (project / f"{module}.py").write_text(text, encoding="utf-8")
        names = _names(pipeline, OWN)
        main = self.fill(
            "main.py.j2",
            pipeline=pipeline,
            imports=_imports(pipeline, names),
            json=any(parameter.kind == "json" for parameter in pipeline.parameters.values()),
            helped="help" not in pipeline.parameters,
            flags=[_flag(parameter) for parameter in pipeline.parameters.values()],
            modules=dict.fromkeys(names.of("module", stage.module) for stage in pipeline.stages.values()),
            calls=[line for part in pipeline.in_order() for line in _lines(part, pipeline, names)],
        )
        (project / _main(pipeline)).write_text(main, encoding="utf-8")
        return SourceMap.of(
            Span(stage.name, f"{stage.module}.py", stage.function, tuple(stage.inputs))
            for stage in pipeline.stages.values()
        )

    def launchpad(self, pipeline: Pipeline, project: Path) -> Launchpad:
        """Write a function for each stage alone, and one for all."""
        flows = workflows(pipeline)
        tasks = flows.union
        source = project / "src"
        (source / "tasks").mkdir(parents=True)
        (source / "tasks" / "__init__.py").write_text("")
        with_stages = {stage.module for stage in tasks.stages.values()}
        for module, text in tasks.modules.items():
            folder = source / "tasks" if module in with_stages else source
            (folder / f"{module}.py").write_text(text, encoding="utf-8")
        # The module that stands for a name is imported under it: nothing else may have it.
        names = Names(("argparse", "arguments", "tasks", *(flow.name for flow in flows.all)))
        names.add("module", sorted(with_stages))
        text = self.fill_launchpad(
            "workflows.py.j2",
            modules=[_renamed(module, names) for module in sorted(with_stages)],
            parser=parser(flows),
            flows=[
                {
                    "name": flow.name,
                    "parameters": [_argument(one) for one in flow.parameters.values()],
                    "calls": [_call(stage, flow, names, "") for stage in flow.stages.values()],
                }
                for flow in flows.all
            ],
        )
        (source / "workflows.py").write_text(text, encoding="utf-8")
        return launchpad(flows)

    def run(
        self,
        pipeline: Pipeline,
        sandbox: Sandbox,
        parameters: Mapping[str, Value],
        options: frozenset[str],  # noqa: ARG002 - the contract's
    ) -> Command:
        """Return ``python main.py --name=value ...``; who gives no value for None leaves it out."""
        flags = [option(name, value) for name, value in parameters.items() if value is not None]
        return Command(argv=(str(sandbox.python), _main(pipeline), *flags), cwd=str(sandbox.project))


def _main(pipeline: Pipeline) -> str:
    """Return the name of the file to be run: main.py, unless a module of the user's has it."""
    return f"{free('main', pipeline.modules)}.py"


def _names(pipeline: Pipeline, own: tuple[str, ...]) -> Names:
    """Return the names of the file: the user's modules come first, then the data."""
    names = Names(own)
    names.add("module", dict.fromkeys(stage.module for stage in pipeline.stages.values()))
    names.add("data", (output.name for stage in pipeline.stages.values() for output in stage.outputs))
    names.add("data", pipeline.choices)
    return names


def _imports(pipeline: Pipeline, names: Names) -> list[str]:
    modules = dict.fromkeys(stage.module for stage in pipeline.stages.values())
    return [f"import {_renamed(module, names)}" for module in modules]


def _renamed(module: str, names: Names) -> str:
    """Return a module as an import statement names it."""
    alias = names.of("module", module)
    return module if alias == module else f"{module} as {alias}"


def _flag(parameter: Parameter) -> str:
    """Return the arguments of ``add_argument`` for a parameter."""
    parts = [f'"--{parameter.name}"', f'dest="{parameter.name}"']
    if parameter.kind in ("int", "float"):
        parts.append(f"type={parameter.kind}")
    elif parameter.kind == "bool":
        parts.append('type=lambda text: text == "True"')
    elif parameter.kind == "json":
        parts.append("type=json.loads")
    parts.append("required=True" if parameter.required else f"default={literal(parameter.default)}")
    return ", ".join(parts)


def _argument(parameter: Parameter) -> str:
    """Return a parameter as that of a function that takes all by name."""
    default = "" if parameter.required else f" = {literal(parameter.default)}"
    return f"{parameter.name}: {parameter.annotation}{default}"


def _lines(part: Stage | Choice, pipeline: Pipeline, names: Names) -> Iterator[str]:
    """Yield the statements of a stage, or of a choice between two."""
    if isinstance(part, Stage):
        yield _call(part, pipeline, names, "args.")
        return
    flag = f"args.{part.flag}" if part.flag in pipeline.parameters else names.of("data", part.flag)
    chosen = names.of("data", part.name)
    ways = []
    for name in (part.then, part.otherwise):
        value = "None"
        if name is not None:
            value = _call(pipeline.stages[name], pipeline, names, "args.").partition(" = ")[2]
        ways.append(f"    {chosen} = {value}")
    yield from (f"if {flag}:", ways[0], "else:", ways[1])


def _call(stage: Stage, pipeline: Pipeline, names: Names, given: str) -> str:
    """Return the statement that calls a stage and names what it returns. given: before a parameter."""
    item = names.new("item") if stage.over is not None else ""
    arguments = []
    for argument, name in stage.inputs.items():
        value = f"{given}{name}" if name in pipeline.parameters else names.of("data", name)
        value = item if argument == stage.over else value
        arguments.append(f"{argument}={value}")
    arguments += [f"{argument}={literal(value)}" for argument, value in stage.constants.items()]
    call = f"{names.of('module', stage.module)}.{stage.function}({', '.join(arguments)})"
    if stage.over is not None:
        items = stage.inputs[stage.over]
        listed = f"{given}{items}" if items in pipeline.parameters else names.of("data", items)
        call = f"[{call} for {item} in {listed}]"
    called = ", ".join(names.of("data", output.name) for output in stage.outputs)
    if stage.several and len(stage.outputs) == 1:
        called += ","
    return f"{called} = {call}" if called else call
