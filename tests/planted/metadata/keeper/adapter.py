"""A tool that keeps all that can be asked of a run; each option plants one fault."""

import json
from collections.abc import Mapping
from pathlib import Path

from bench.adapters import Adapter, Command, Sandbox, SourceMap, Span, Value
from bench.pipeline import Pipeline


class Keeper(Adapter):
    """Writes the user's modules verbatim, the graph, and a main program that records what it runs."""

    def render(self, pipeline: Pipeline, project: Path, options: frozenset[str]) -> SourceMap:
        """Write the project."""
        for module, text in pipeline.modules.items():
            (project / f"{module}.py").write_text(text)
        (project / "graph.json").write_text(json.dumps(pipeline.as_json()))
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
        """Return ``python main.py FAULT STORE PARAMETERS``."""
        fault = next(iter(options), "none")
        store = sandbox.project / ".keeper" if fault == "in_project" else sandbox.state
        argv = (str(sandbox.python), "main.py", fault, str(store), json.dumps(dict(parameters)))
        return Command(argv=argv, cwd=str(sandbox.project), time_limit=60.0)

    def state(self, sandbox: Sandbox) -> tuple[Path, ...]:
        """Return the store."""
        return (sandbox.state,)
