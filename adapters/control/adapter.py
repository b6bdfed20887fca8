"""The control: the same stages, called in order by plain Python."""

from collections.abc import Mapping
from pathlib import Path

from bench.adapters import Adapter, Command, Sandbox, SourceMap, Span, Value
from bench.pipeline import Pipeline


class Control(Adapter):
    """Writes the user's modules verbatim and a ``main.py`` that calls them."""

    def render(self, pipeline: Pipeline, project: Path) -> SourceMap:
        """Write the project; the whole body of every stage is the user's."""
        for module, text in pipeline.modules.items():
            (project / f"{module}.py").write_text(text)
        (project / "main.py").write_text(self.fill("main.py.j2", pipeline=pipeline))
        return SourceMap.of(
            Span(stage.name, f"{stage.module}.py", stage.function, tuple(stage.inputs))
            for stage in pipeline.stages.values()
        )

    def run(
        self,
        pipeline: Pipeline,  # noqa: ARG002 - the contract's
        sandbox: Sandbox,
        parameters: Mapping[str, Value],
        options: frozenset[str],  # noqa: ARG002 - the contract's
    ) -> Command:
        """Return ``python main.py --name value ...``."""
        flags = [part for name, value in parameters.items() for part in (f"--{name}", str(value))]
        return Command(argv=(str(sandbox.python), "main.py", *flags), cwd=str(sandbox.project))
