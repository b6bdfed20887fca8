"""A tool whose start-up and cost of a task are known: it sleeps for them."""

from collections.abc import Mapping
from pathlib import Path

from bench.adapters import Adapter, Command, Sandbox, SourceMap, Span, Value
from bench.pipeline import Pipeline


class Sleeper(Adapter):
    """Runs a chain, each stage of which takes what the one before it returned."""

    def render(self, pipeline: Pipeline, project: Path, options: frozenset[str]) -> SourceMap:
        """Write the stages verbatim, and the main program."""
        for module, text in pipeline.modules.items():
            (project / f"{module}.py").write_text(text)
        *steps, last = pipeline.stages.values()
        (project / "main.py").write_text(self.fill("main.py.j2", steps=steps, last=last))
        return SourceMap.of(
            Span(stage.name, f"{stage.module}.py", stage.function, tuple(stage.inputs))
            for stage in pipeline.stages.values()
        )

    def run(
        self,
        pipeline: Pipeline,
        sandbox: Sandbox,
        parameters: Mapping[str, Value],
        options: frozenset[str],
    ) -> Command:
        """Return ``python main.py COUNT RESULTS OPTION``."""
        option = next(iter(options), "none")
        argv = (
            str(sandbox.python),
            "main.py",
            str(parameters["count"]),
            str(parameters["results"]),
            option,
        )
        return Command(argv=argv, cwd=str(sandbox.project))
