"""A tool whose settings stand in one file, and whose truth is known: they all work, or one of them does not."""

import json
from collections.abc import Mapping
from pathlib import Path

from bench.adapters import Adapter, Command, Sandbox, SourceMap, Span, Value
from bench.pipeline import Pipeline

DEFAULTS = {"retries": 0, "timeout": 0, "fan_out": False, "workers": 0, "threshold": 0, "tidy": False}


class Tunable(Adapter):
    """Runs the stages of the pipeline ``adapting`` as ``settings.json`` says."""

    def render(self, pipeline: Pipeline, project: Path, options: frozenset[str]) -> SourceMap:
        """Write the stages verbatim, the settings, and the main program."""
        for module, text in pipeline.modules.items():
            (project / f"{module}.py").write_text(text)
        (project / "settings.json").write_text(json.dumps(DEFAULTS, indent=1) + "\n")
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
        """Return ``python main.py FAULT DAY RESULTS``."""
        fault = next(iter(options), "none")
        argv = (str(sandbox.python), "main.py", fault, str(parameters["day"]), str(parameters["results"]))
        return Command(argv=argv, cwd=str(sandbox.project))
