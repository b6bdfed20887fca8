"""A tool that packs a project rightly, and runs on with each version; each option plants one fault."""

import json
from collections.abc import Mapping
from pathlib import Path

from bench.adapters import Adapter, Command, Package, Sandbox, SourceMap, Span, Store, Value
from bench.contract.launchpad import BUILD, PUSH, Launchpad, Step, workflows
from bench.pipeline import Pipeline

LOCAL = Step("execute", "Run it.", "python main.py")


class Packer(Adapter):
    """Writes the user's modules verbatim, a program that packs, and one that runs."""

    index = 0
    """Port of its package index, which a test starts."""

    def render(self, pipeline: Pipeline, project: Path, options: frozenset[str]) -> SourceMap:
        """Write the project."""
        for module, text in pipeline.modules.items():
            (project / f"{module}.py").write_text(text)
        fault = next(iter(options), "none")
        (project / "fault").write_text(fault)
        for name in ("main.py", "pack.py"):
            stages = list(pipeline.stages)
            (project / name).write_text(
                self.fill(f"{name}.j2", fault=fault, index=self.index, stages=stages)
            )
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
        """Return ``python main.py STATE PARAMETERS``."""
        argv = (str(sandbox.python), "main.py", str(sandbox.state), json.dumps(dict(parameters)))
        return Command(argv=argv, cwd=str(sandbox.project), time_limit=60.0)

    def package(self, pipeline: Pipeline, sandbox: Sandbox, setup: str, store: Store | None) -> Package:
        """Return ``python pack.py``."""
        command = Command(argv=(str(sandbox.python), "pack.py"), cwd=str(sandbox.project), time_limit=60.0)
        fault = (sandbox.project / "fault").read_text()
        kinds = {"zips": "archive", "leaks_file": "archive", "registers": "registration"}
        return Package((command,), kinds.get(fault, "kfp"), ("made/*",))

    def launchpad(self, pipeline: Pipeline, project: Path) -> Launchpad:
        """Return a way of four commands over five files, two servers and two images."""
        return Launchpad(
            flows=workflows(pipeline),
            layout=(),
            stages="",
            local=LOCAL,
            package=LOCAL,
            remote=(
                BUILD,
                PUSH,
                Step("register", "", "", files=("src", "made"), servers=("ENDPOINT",), images=("IMAGE",)),
                Step("execute", "", "", servers=("ENDPOINT", "REGISTRY")),
            ),
            settings=(),
            kept="",
            parameters="",
            remotely="",
        )
