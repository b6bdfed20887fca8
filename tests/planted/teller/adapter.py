"""A tool whose messages are known: exemplary, or with one planted fault."""

import json
from collections.abc import Mapping
from pathlib import Path

from bench.adapters import Adapter, Command, Sandbox, SourceMap, Span, Value
from bench.contract.launchpad import Launchpad, Step, workflows
from bench.pipeline import Pipeline

WRAPPER = """

class Wrapped:
    def __init__(self, body):
        self.body = body


for _name in {names}:
    globals()[_name] = Wrapped(globals()[_name])
"""


class Teller(Adapter):
    """Runs the stages of a table in order, after it has checked the table."""

    def render(self, pipeline: Pipeline, project: Path, options: frozenset[str]) -> SourceMap:
        """Write the stages verbatim, and the table of what each is given."""
        functions = [stage.function for stage in pipeline.stages.values()]
        for module, text in pipeline.modules.items():
            more = WRAPPER.format(names=functions) if "wrapped" in options and module == "stages" else ""
            (project / f"{module}.py").write_text(text + more)
        context = {
            "pipeline": pipeline,
            "stages": list(pipeline.stages.values()),
            "fault": next(iter(options), "none"),
        }
        (project / "main.py").write_text(self.fill("main.py.j2", **context))
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
        """Return ``python main.py FAULT NAME=VALUE ...``."""
        flags = [f"{name}={json.dumps(value)}" for name, value in parameters.items()]
        fault = next(iter(options), "none")
        return Command(argv=(str(sandbox.python), "main.py", fault, *flags), cwd=str(sandbox.project))

    def launchpad(self, pipeline: Pipeline, project: Path) -> Launchpad:
        """Return one command here and two for a remote run, whose words are counted by hand in the tests."""
        return Launchpad(
            flows=workflows(pipeline),
            layout=(),
            stages="",
            local=Step("execute", "Run it.", 'python main.py none "$@"'),
            package=Step("package", "Pack it.", "pack main.py"),
            remote=(
                Step("push", "Send it.", "teller push main.py"),
                Step("execute", "Run it there.", 'teller start "$ENDPOINT" "$@"'),
            ),
            settings=(),
            kept="",
            parameters="",
            remotely="",
        )
