"""A tool that caches, and whose truth is known: perfect without options, each option plants one fault."""

import json
from collections.abc import Mapping
from pathlib import Path

from bench.adapters import Adapter, Before, Command, Sandbox, SourceMap, Span, Value
from bench.pipeline import Pipeline


class Cacher(Adapter):
    """Runs the stages in order, and keeps their results in the state folder."""

    def render(self, pipeline: Pipeline, project: Path, options: frozenset[str]) -> SourceMap:
        """Write the stages verbatim, the graph, and the main program."""
        for module, text in pipeline.modules.items():
            (project / f"{module}.py").write_text(text)
        graph = {**pipeline.as_json(), "modules": sorted(pipeline.modules)}
        (project / "graph.json").write_text(json.dumps(graph))
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
        return Command(argv=argv, cwd=str(sandbox.project), time_limit=60.0)

    def resume(
        self,
        pipeline: Pipeline,
        sandbox: Sandbox,
        parameters: Mapping[str, Value],
        options: frozenset[str],
        before: Before,
    ) -> Command:
        """Return the command of a run, with the stage from which on all is to run again."""
        command = self.run(pipeline, sandbox, parameters, options)
        named = (before.rerun,) if "named" in options and before.rerun else ()
        return Command(argv=(*command.argv, *named), cwd=command.cwd, time_limit=command.time_limit)
