"""A tool that goes on after a failure, and whose truth is known: perfect, or with one planted fault."""

import json
from collections.abc import Mapping
from pathlib import Path

from bench.adapters import Adapter, Command, Sandbox, SourceMap, Span, Value
from bench.pipeline import Pipeline


class Keeper(Adapter):
    """Runs the stages in order, and keeps the result of each call, and a record of the run."""

    def render(self, pipeline: Pipeline, project: Path, options: frozenset[str]) -> SourceMap:
        """Write the stages verbatim, the graph, and the main program."""
        for module, text in pipeline.modules.items():
            (project / f"{module}.py").write_text(text)
        (project / "graph.json").write_text(json.dumps({**pipeline.as_json(), "modules": []}))
        (project / "main.py").write_text(self.fill("main.py.j2"))
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
        """Return ``python main.py FAULT PARAMETERS STATE``."""
        fault = next(iter(options), "none")
        argv = (str(sandbox.python), "main.py", fault, json.dumps(dict(parameters)), str(sandbox.state))
        return Command(argv=argv, cwd=str(sandbox.project))
