"""A tool whose truth is known: each option plants one fault; without options it is the A/A check without."""

from collections.abc import Mapping
from pathlib import Path

from bench.adapters import Adapter, Command, Sandbox, SourceMap, Span, Value
from bench.pipeline import Pipeline

SHORT_LIMIT = 1.5


class Planted(Adapter):
    """Runs the chain of three stages, with the fault that its option names."""

    def render(self, pipeline: Pipeline, project: Path, options: frozenset[str]) -> SourceMap:
        """Write the stages verbatim, a component around the first, and the main program."""
        for module, text in pipeline.modules.items():
            (project / f"{module}.py").write_text(text)
        (project / "component.py").write_text(self.fill("component.py.j2"))
        (project / "main.py").write_text(self.fill("main.py.j2"))
        spans = [
            Span(stage.name, f"{stage.module}.py", stage.function, tuple(stage.inputs))
            for stage in list(pipeline.stages.values())[1:]
        ]
        first = next(iter(pipeline.stages.values()))
        around = Span(
            first.name, "component.py", "begin", tuple(first.inputs), first=2, last=2, result="result"
        )
        return SourceMap.of([around, *spans])

    def run(
        self,
        pipeline: Pipeline,
        sandbox: Sandbox,
        parameters: Mapping[str, Value],
        options: frozenset[str],
    ) -> Command:
        """Return ``python main.py FAULT SEED RESULTS STATE``."""
        fault = next(iter(options), "none")
        argv = (str(sandbox.python), "main.py", fault, str(parameters["seed"]), str(parameters["results"]))
        limit = SHORT_LIMIT if fault in ("hangs", "ignores_term") else 60.0
        return Command(argv=(*argv, str(sandbox.state)), cwd=str(sandbox.project), time_limit=limit)
