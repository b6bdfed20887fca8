"""A tool that shows all that can be looked for; each option plants one fault."""

import json
from collections.abc import Mapping
from pathlib import Path

from bench.adapters import Adapter, Command, Sandbox, Server, SourceMap, Span, Value
from bench.pipeline import Pipeline


class Shower(Adapter):
    """Writes the user's modules verbatim, the graph, and a main program that shows what it runs."""

    def render(self, pipeline: Pipeline, project: Path, options: frozenset[str]) -> SourceMap:
        """Write the project."""
        for module, text in pipeline.modules.items():
            (project / f"{module}.py").write_text(text)
        flow = {**pipeline.as_json(), "fault": next(iter(options), "none")}
        (project / "flow.json").write_text(json.dumps(flow))
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
        """Return ``python main.py STORE PARAMETERS``."""
        argv = (str(sandbox.python), "main.py", str(sandbox.state), json.dumps(dict(parameters)))
        return Command(argv=argv, cwd=str(sandbox.project), time_limit=60.0)

    def viewer(self, sandbox: Sandbox, port: int) -> Server:
        """Return a server of the store's files."""
        files = ("--bind", "127.0.0.1", "--directory", str(sandbox.state), str(port))
        command = Command(
            argv=(str(sandbox.python), "-u", "-m", "http.server", *files), cwd=str(sandbox.state)
        )
        return Server(command, "Serving HTTP on", {"SHOWN_AT": f"http://127.0.0.1:{port}"})

    def state(self, sandbox: Sandbox) -> tuple[Path, ...]:
        """Return the store."""
        return (sandbox.state,)
