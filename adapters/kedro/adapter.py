"""Kedro: one node for each stage, one catalog entry for each output."""

from collections.abc import Mapping
from pathlib import Path

from bench.adapters import Adapter, Before, Command, Package, Sandbox, Server, SourceMap, Span, Store, Value
from bench.contract.launchpad import FULL, Launchpad, workflows
from bench.errors import UnsupportedError
from bench.pipeline import Pipeline

from .export import launchpad
from .layout import Layout
from .nodes import Functions
from .values import data_names, runtime_value, yaml_key, yaml_value


class Kedro(Adapter):
    """Writes a project in Kedro's own layout, with the user's module as its nodes."""

    def render(self, pipeline: Pipeline, project: Path, options: frozenset[str]) -> SourceMap:  # noqa: ARG002 - the contract's
        """Write the project; the whole body of every stage is the user's."""
        layout = self._write(pipeline, project)
        return SourceMap.of(
            Span(stage.name, layout.file(stage.module), stage.function, tuple(stage.inputs))
            for stage in pipeline.stages.values()
        )

    def launchpad(self, pipeline: Pipeline, project: Path) -> Launchpad:
        """Write the pipeline ``full``, of whose nodes each is a registered pipeline besides."""
        flows = workflows(pipeline)
        layout = self._write(flows.full, project, package=f"{pipeline.name}_project")
        registry = self.fill_launchpad("pipeline_registry.py.j2", whole=FULL)
        (project / layout.source / "pipeline_registry.py").write_text(registry, encoding="utf-8")
        pyproject = (project / "pyproject.toml").read_text()
        return launchpad(flows, layout, pyproject)

    def _write(self, pipeline: Pipeline, project: Path, package: str | None = None) -> Layout:
        for choice in pipeline.choices.values():
            raise UnsupportedError(
                f"choice '{choice.name}' of pipeline '{pipeline.name}': the graph of Kedro is fixed when "
                "the project is loaded; a condition on a value stands inside a node",
                "https://docs.kedro.org/en/stable/build/nodes/",
            )
        layout = Layout(pipeline, package)
        for stage in pipeline.stages.values():
            if not stage.inputs and not stage.constants and not stage.outputs:
                raise UnsupportedError(
                    f"{stage.module}.py: stage '{stage.name}' takes and returns nothing; a node of Kedro "
                    "needs an input or an output",
                    "kedro 1.7.0, kedro/pipeline/node.py: it must have some 'inputs' or 'outputs'",
                )
        for path, text in self._files(pipeline, layout).items():
            (project / path).parent.mkdir(parents=True, exist_ok=True)
            (project / path).write_text(text, encoding="utf-8")
        return layout

    def run(
        self,
        pipeline: Pipeline,
        sandbox: Sandbox,
        parameters: Mapping[str, Value],
        options: frozenset[str],  # noqa: ARG002 - it has none
    ) -> Command:
        """Return ``kedro run --params name=value,...`` with what differs from the project's parameters."""
        names = data_names(pipeline)
        params = [
            f"{names.of('data', name)}={runtime_value(value)}"
            for name, value in parameters.items()
            if name in pipeline.parameters
            and (
                value != pipeline.parameters[name].default
                or type(value) is not type(pipeline.parameters[name].default)
            )
        ]
        return Command(
            argv=(sandbox.bin("kedro"), "run", "--params", ",".join(params)), cwd=str(sandbox.project)
        )

    def resume(
        self,
        pipeline: Pipeline,
        sandbox: Sandbox,
        parameters: Mapping[str, Value],
        options: frozenset[str],
        before: Before,
    ) -> Command:
        """Return ``kedro run --from-nodes NODE``, or ``kedro run --only-missing-outputs``.

        The second also where the last node is named: without an output it runs each time, and what is
        missing before it is made again. Together, the two flags skip the named node, whose outputs exist.
        """
        command = self.run(pipeline, sandbox, parameters, options)
        named = before.rerun not in (None, pipeline.sentinel.name)
        flags = ("--from-nodes", str(before.rerun)) if named else ("--only-missing-outputs",)
        return Command(argv=(*command.argv, *flags), cwd=command.cwd)

    def viewer(self, sandbox: Sandbox, port: int) -> Server:
        """Return ``kedro viz run``; it needs Kedro-Viz, which is no part of Kedro."""
        command = Command(
            argv=(sandbox.bin("kedro"), "viz", "run", "--no-browser", "--port", str(port)),
            cwd=str(sandbox.project),
        )
        return Server(command, "Kedro Viz is running at", {"VIEWER": f"http://127.0.0.1:{port}"})

    def package(
        self,
        pipeline: Pipeline,  # noqa: ARG002 - the contract's
        sandbox: Sandbox,
        setup: str,  # noqa: ARG002
        store: Store | None,  # noqa: ARG002
    ) -> Package:
        """Return ``kedro package``, which writes a wheel, and the configuration beside it."""
        command = Command(argv=(sandbox.bin("kedro"), "package"), cwd=str(sandbox.project))
        return Package((command,), "wheel", ("dist/*.whl", "dist/*.tar.gz"))

    def state(self, sandbox: Sandbox) -> tuple[Path, ...]:
        """Return the catalog and the data that it names; there is no record of runs."""
        return (sandbox.project / "conf", sandbox.project / "data")

    def _files(self, pipeline: Pipeline, layout: Layout) -> dict[str, str]:
        """Return the text of each file by its path in the project."""
        source, folder = layout.source, layout.pipeline_folder
        names = data_names(pipeline)
        functions = Functions(pipeline, names, layout)
        mapped = [stage for stage in pipeline.stages.values() if stage.over is not None]
        return {
            **{layout.file(module): text for module, text in pipeline.modules.items()},
            "pyproject.toml": self.fill(
                "pyproject.toml.j2",
                package=layout.package,
                paged=any(stage.report for stage in pipeline.stages.values()),
            ),
            "conf/base/catalog.yml": self.fill("catalog.yml.j2", datasets=layout.datasets(names)),
            "conf/base/parameters.yml": self.fill(
                "parameters.yml.j2",
                given={
                    yaml_key(names.of("data", parameter.name)): yaml_value(parameter.default)
                    for parameter in pipeline.parameters.values()
                    if not parameter.required
                },
                asked=[
                    names.of("data", parameter.name)
                    for parameter in pipeline.parameters.values()
                    if parameter.required
                ],
                constants={
                    yaml_key(names.of("constants", stage.name)): {
                        yaml_key(argument): yaml_value(value) for argument, value in stage.constants.items()
                    }
                    for stage in pipeline.stages.values()
                    if stage.constants
                },
            ),
            "conf/local/.gitkeep": "",
            f"{source}/__init__.py": f'"""The project of the pipeline {pipeline.name}."""\n',
            f"{source}/settings.py": self.fill("settings.py.j2"),
            f"{source}/pipeline_registry.py": self.fill("pipeline_registry.py.j2"),
            f"{source}/pipelines/__init__.py": "",
            f"{folder}/__init__.py": self.fill("pipeline_init.py.j2", pipeline=pipeline),
            f"{folder}/pipeline.py": self.fill(
                "pipeline.py.j2",
                pipeline=pipeline,
                siblings=layout.siblings,
                shared=[module for module in layout.shared if layout.has_stages(module)],
                functions=[functions.mapping(stage) for stage in mapped],
                nodes=[functions.node(stage) for stage in pipeline.stages.values()],
            ),
        }
