"""The A/A check: one planted tool measured under two names, to show what the machine's noise alone does."""

from collections.abc import Mapping
from pathlib import Path

from bench.adapters import Adapter, Command, Sandbox, SourceMap, Span, Value
from bench.errors import PipelineError
from bench.pipeline import Pipeline, Stage

KINDS = {"int": "int", "float": "float", "str": "str", "file": "str"}
"""How a value of the command line is read, by the kind of its parameter."""


class AACheck(Adapter):
    """Burns half a second of CPU, about what a tool's imports cost, then calls the stages in order."""

    def render(self, pipeline: Pipeline, project: Path, options: frozenset[str]) -> SourceMap:  # noqa: ARG002 - the contract's
        """Write the project. Raises PipelineError for a pipeline that is more than a few plain calls."""
        stages = list(pipeline.stages.values())
        calls = not any(stage.over or stage.several or len(stage.outputs) > 1 for stage in stages)
        if (
            pipeline.choices
            or not calls
            or any(one.kind not in KINDS for one in pipeline.parameters.values())
        ):
            raise PipelineError(
                "the A/A check calls stages that are not mapped and return one value, with text and numbers; "
                f"'{pipeline.name}' has others"
            )
        for module, text in pipeline.modules.items():
            (project / f"{module}.py").write_text(text)
        main = self.fill(
            "main.py.j2",
            modules=sorted({stage.module for stage in stages}),
            parameters=[(one.name, KINDS[one.kind]) for one in pipeline.parameters.values()],
            calls=[_call(stage) for stage in stages],
        )
        (project / "main.py").write_text(main)
        return SourceMap.of(
            Span(stage.name, f"{stage.module}.py", stage.function, tuple(stage.inputs)) for stage in stages
        )

    def run(
        self,
        pipeline: Pipeline,
        sandbox: Sandbox,
        parameters: Mapping[str, Value],
        options: frozenset[str],  # noqa: ARG002 - the contract's
    ) -> Command:
        """Return ``python main.py VALUE ...`` with the values of the parameters in order."""
        values = [str(parameters[name]) for name in pipeline.parameters]
        return Command(argv=(str(sandbox.python), "main.py", *values), cwd=str(sandbox.project))


def _call(stage: Stage) -> str:
    """Return the statement that calls a stage and names what it returns."""
    call = f"{stage.module}.{stage.function}({', '.join(f'{one}={name}' for one, name in stage.inputs.items())})"
    return f"{stage.outputs[0].name} = {call}" if stage.outputs else call
