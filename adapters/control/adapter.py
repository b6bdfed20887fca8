"""The control: the same stages, called in order by plain Python."""

from collections.abc import Mapping
from pathlib import Path

from bench.adapters import Adapter, Command, Sandbox, SourceMap, Span, Value
from bench.contract.launchpad import Launchpad, parser, workflows
from bench.pipeline import Parameter, Pipeline, Stage

from .export import launchpad


class Control(Adapter):
    """Writes the user's modules verbatim and a ``main.py`` that calls them."""

    def render(self, pipeline: Pipeline, project: Path, options: frozenset[str]) -> SourceMap:  # noqa: ARG002 - the contract's
        """Write the project; the whole body of every stage is the user's."""
        for module, text in pipeline.modules.items():
            (project / f"{module}.py").write_text(text)
        flags = [_flag(parameter) for parameter in pipeline.parameters.values()]
        calls = [_call(stage, pipeline, "args.") for stage in pipeline.stages.values()]
        main = self.fill("main.py.j2", pipeline=pipeline, flags=flags, calls=calls)
        (project / "main.py").write_text(main)
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
            (folder / f"{module}.py").write_text(text)
        text = self.fill_launchpad(
            "workflows.py.j2",
            modules=sorted(with_stages),
            parser=parser(flows),
            flows=[
                {
                    "name": flow.name,
                    "parameters": [_argument(one) for one in flow.parameters.values()],
                    "calls": [_call(stage, flow, "") for stage in flow.stages.values()],
                }
                for flow in flows.all
            ],
        )
        (source / "workflows.py").write_text(text)
        return launchpad(flows)

    def run(
        self,
        pipeline: Pipeline,  # noqa: ARG002 - the contract's
        sandbox: Sandbox,
        parameters: Mapping[str, Value],
        options: frozenset[str],  # noqa: ARG002 - the contract's
    ) -> Command:
        """Return ``python main.py --name value ...``."""
        flags = [part for name, value in parameters.items() for part in (f"--{name}", str(value))]
        return Command(argv=(str(sandbox.python), "main.py", *flags), cwd=str(sandbox.project))


def _flag(parameter: Parameter) -> str:
    """Return the arguments of ``add_argument`` for a parameter."""
    parts = [f'"--{parameter.name}"']
    if parameter.kind in ("int", "float"):
        parts.append(f"type={parameter.kind}")
    elif parameter.kind == "bool":
        parts.append('type=lambda text: text == "True"')
    parts.append("required=True" if parameter.default is None else f"default={parameter.default!r}")
    return ", ".join(parts)


def _argument(parameter: Parameter) -> str:
    """Return a parameter as that of a function that takes all by name."""
    kind = "str" if parameter.kind == "file" else parameter.kind
    return f"{parameter.name}: {kind}" + ("" if parameter.default is None else f" = {parameter.default!r}")


def _call(stage: Stage, pipeline: Pipeline, given: str) -> str:
    """Return the statement that calls a stage and names what it returns. given: before a parameter."""
    arguments = []
    for argument, name in stage.inputs.items():
        value = f"{given}{name}" if name in pipeline.parameters else name
        arguments.append(f"{argument}={'item' if argument == stage.over else value}")
    call = f"{stage.module}.{stage.function}({', '.join(arguments)})"
    if stage.over is not None:
        call = f"[{call} for item in {stage.inputs[stage.over]}]"
    names = ", ".join(output.name for output in stage.outputs)
    if stage.several and len(stage.outputs) == 1:
        names += ","
    return f"{names} = {call}" if names else call
