"""Metaflow: one flow, one step for each stage, artifacts on ``self``."""

from collections.abc import Mapping
from pathlib import Path

from bench.adapters import (
    Adapter,
    Before,
    Capability,
    Command,
    Package,
    Sandbox,
    SourceMap,
    Span,
    Store,
    Value,
)
from bench.contract.codegen.literals import json_text, literal, option
from bench.contract.codegen.names import free
from bench.contract.launchpad import Launchpad, workflows
from bench.pipeline import Parameter, Pipeline

from .export import launchpad, loading
from .names import FlowNames
from .steps import first_edited, steps

MOST_TASKS = 100_000
"""Tasks of one step, where a user means them."""

UNTRIED = {
    "step-functions create": Capability(
        scope="mode",
        reason="it asks AWS Step Functions for a state machine of the same name first, with --only-json too",
        source="observed with 2.19.39: it connects to https://states.REGION.amazonaws.com before it prints",
    )
}


class Metaflow(Adapter):
    """Writes the user's modules verbatim and a flow whose steps call them."""

    def render(self, pipeline: Pipeline, project: Path, options: frozenset[str]) -> SourceMap:  # noqa: ARG002 - the contract's
        """Write the project; the whole body of every stage is the user's."""
        for module, text in pipeline.modules.items():
            (project / f"{module}.py").write_text(text, encoding="utf-8")
        self._write_flow(pipeline, project / flow_file(pipeline))
        return SourceMap.of(
            Span(stage.name, f"{stage.module}.py", stage.function, tuple(stage.inputs))
            for stage in pipeline.stages.values()
        )

    def launchpad(self, pipeline: Pipeline, project: Path) -> Launchpad:
        """Write the flow of ``full``, and one for each stage, which loads from runs of those before."""
        flows = workflows(pipeline)
        loads = loading(flows.full, flow_class)
        past = self.fill_launchpad("past_runs.py.j2", imports=loads.imports, functions=loads.functions)
        flows = workflows(pipeline, past, "past_runs")
        source = project / "src"
        source.mkdir()
        for module, text in flows.union.modules.items():
            (source / f"{module}.py").write_text(text, encoding="utf-8")
        for flow in flows.all:
            self._write_flow(flow, source / f"{flow.name}_flow.py")
        return launchpad(flows)

    def _write_flow(self, pipeline: Pipeline, path: Path) -> None:
        names = FlowNames(pipeline)
        stages = pipeline.stages.values()
        rendered = self.fill(
            "flow.py.j2",
            title=f"The {pipeline.name} pipeline",
            file=path.name,
            asked=any(parameter.required for parameter in pipeline.parameters.values()),
            flow=flow_class(pipeline),
            cards=any(stage.report for stage in stages),
            imported=[
                *(["JSONType"] if any(one.kind == "json" for one in pipeline.parameters.values()) else []),
                *(["Parameter"] if pipeline.parameters else []),
                *(["card", "current"] if any(stage.report for stage in stages) else []),
                *(["retry"] if any(stage.retries for stage in stages) else []),
                "step",
                *(["timeout"] if any(stage.timeout is not None for stage in stages) else []),
            ],
            parameters=[
                _parameter(parameter, names[parameter.name]) for parameter in pipeline.parameters.values()
            ],
            steps=[step.text() for step in steps(pipeline, names)],
        )
        path.write_text(rendered, encoding="utf-8")

    def run(
        self,
        pipeline: Pipeline,
        sandbox: Sandbox,
        parameters: Mapping[str, Value],
        options: frozenset[str],
    ) -> Command:
        """Return ``python flow.py run --name=value ...``."""
        names = FlowNames(pipeline)
        flags = [option(names[name], value) for name, value in parameters.items() if value is not None]
        return Command(
            argv=(str(sandbox.python), flow_file(pipeline), "run", *_limits(pipeline, options), *flags),
            cwd=str(sandbox.project),
        )

    def resume(
        self,
        pipeline: Pipeline,
        sandbox: Sandbox,
        parameters: Mapping[str, Value],
        options: frozenset[str],
        before: Before,
    ) -> Command:
        """Return ``python flow.py resume [step]``, which goes on from the latest run of this flow.

        A resumed run takes the parameters of that run and no others: for others, a user runs anew. Of a
        step whose code was edited it clones the results all the same, so a user names the first of them.
        """
        if dict(parameters) != dict(before.parameters):
            return self.run(pipeline, sandbox, parameters, options)
        step = (first_edited(pipeline, before.pipeline, before.rerun),) if before.rerun else ()
        return Command(
            argv=(str(sandbox.python), flow_file(pipeline), "resume", *_limits(pipeline, options), *step),
            cwd=str(sandbox.project),
        )

    def package(
        self,
        pipeline: Pipeline,
        sandbox: Sandbox,
        setup: str,  # noqa: ARG002 - the contract's
        store: Store | None,
    ) -> Package:
        """Return ``argo-workflows create --only-json``, which prints a template and uploads the code."""
        create = ("argo-workflows", "create", "--only-json")
        if store is None:
            argv = (str(sandbox.python), flow_file(pipeline), *create)
            return Package((Command(argv=argv, cwd=str(sandbox.project)),), "argo", untried=UNTRIED)
        there = (str(sandbox.python), flow_file(pipeline), "--datastore=s3", *create)
        # As for any S3-compatible store: https://docs.metaflow.org/getting-started/infrastructure
        variables = {
            "METAFLOW_S3_ENDPOINT_URL": store.endpoint,
            "METAFLOW_DATASTORE_SYSROOT_S3": f"s3://{store.bucket}/metaflow",
            "AWS_ACCESS_KEY_ID": store.key,
            "AWS_SECRET_ACCESS_KEY": store.secret,
        }
        return Package(
            (Command(argv=there, cwd=str(sandbox.project), env=variables),), "argo", untried=UNTRIED
        )

    def state(self, sandbox: Sandbox) -> tuple[Path, ...]:
        """Return the local datastore, which is also the store of metadata, and the place of cards.

        METAFLOW_DATASTORE_SYSROOT_LOCAL does not move cards: they stay in ``.metaflow`` where the flow is run.
        """
        return (sandbox.state, sandbox.project / ".metaflow")


def _limits(pipeline: Pipeline, options: frozenset[str]) -> tuple[str, ...]:
    """Return the limits that are stated: of workers by an option, of tasks for each step where a step is mapped.

    Metaflow's own, 100, is there to catch mistakes, and its message names the flag:
    https://docs.metaflow.org/scaling/remote-tasks/controlling-parallelism
    """
    workers = ("--max-workers", "2") if "tuned" in options else ()
    mapped = any(stage.over is not None for stage in pipeline.stages.values())
    return (*workers, *(("--max-num-splits", str(MOST_TASKS)) if mapped else ()))


def flow_file(pipeline: Pipeline) -> str:
    """Return the name of the flow's file: flow.py, unless a module of the user's has it."""
    return f"{free('flow' if 'flow' not in pipeline.modules else f'{pipeline.name}_flow', pipeline.modules)}.py"


def flow_class(pipeline: Pipeline) -> str:
    """Return the name of the flow's class, which is also the flow's name."""
    return "".join(part[:1].upper() + part[1:] for part in pipeline.name.split("_")) + "Flow"


def _parameter(parameter: Parameter, name: str) -> str:
    """Return the statement that declares a parameter; its type is that of the default, where that says it."""
    kind = {"json": "JSONType", "file": "str"}.get(parameter.kind, parameter.kind)
    said = [f"type={kind}"] if parameter.kind == "json" or parameter.default is None else []
    if kind == "str" and parameter.required:
        said = []
    if parameter.required:
        said.append("required=True")
    else:
        default = parameter.default
        if parameter.kind == "json" and default is not None:
            default = json_text(default)
        said.append(f"default={literal(default)}")
    return f'{name} = Parameter("{name}", {", ".join(said)})'
