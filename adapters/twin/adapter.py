"""The twin: one planted tool measured under two names, to show what the machine's noise alone does."""

from collections.abc import Mapping
from pathlib import Path

from bench.adapters import Adapter, Command, Sandbox, SourceMap, Span, Value
from bench.errors import PipelineError
from bench.pipeline import Pipeline


class Twin(Adapter):
    """Burns half a second of CPU, about what a tool's imports cost, then runs one stage."""

    def render(self, pipeline: Pipeline, project: Path, options: frozenset[str]) -> SourceMap:  # noqa: ARG002 - the contract's
        """Write the project. Raises PipelineError for a pipeline of more than one stage."""
        if len(pipeline.stages) != 1:
            raise PipelineError(f"the twin runs pipelines of one stage, not '{pipeline.name}'")
        stage = pipeline.canary
        for module, text in pipeline.modules.items():
            (project / f"{module}.py").write_text(text)
        (project / "main.py").write_text(self.fill("main.py.j2", stage=stage))
        return SourceMap.of([Span(stage.name, f"{stage.module}.py", stage.function, tuple(stage.inputs))])

    def run(
        self,
        pipeline: Pipeline,
        sandbox: Sandbox,
        parameters: Mapping[str, Value],
        options: frozenset[str],  # noqa: ARG002 - the contract's
    ) -> Command:
        """Return ``python main.py VALUE ...`` with the stage's inputs in order."""
        values = [str(parameters[name]) for name in pipeline.canary.inputs.values()]
        return Command(argv=(str(sandbox.python), "main.py", *values), cwd=str(sandbox.project))
