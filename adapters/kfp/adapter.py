"""Kubeflow Pipelines: lightweight components, run on this machine by ``kfp.local``."""

import ast
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.adapters import Adapter, Command, Package, Sandbox, SourceMap, Span, Store, Value
from bench.contract.codegen.format import bracketed
from bench.contract.codegen.literals import literal, option
from bench.contract.codegen.names import Names, lower_ascii
from bench.contract.codegen.source import parse
from bench.contract.launchpad import Launchpad, parser, workflows
from bench.errors import PipelineError
from bench.pipeline import Kind, Pipeline

from . import rebuild, wiring
from .embedding import imported_names
from .export import launchpad
from .helpers import RESERVED, helper
from .layout import import_sections, member
from .module import Import, Module
from .rebuild import Component
from .storage import listed, stored

EPHEMERAL = "ephemeral_component.py"
"""The file to which KFP writes a component's source, in a new temporary folder for each task."""
BASE = '"python:3.11"'
TYPING = frozenset(("List", "NamedTuple", "Optional"))
"""What components take from ``typing``."""
EMBEDDED = "shared"
"""The folder of the user's other modules, which KFP embeds in the components that import them."""


class Kfp(Adapter):
    """Writes ``components.py``, ``pipeline.py``, ``run.py`` and, where needed, a folder of modules."""

    def render(self, pipeline: Pipeline, project: Path, options: frozenset[str]) -> SourceMap:  # noqa: ARG002 - the contract's
        """Write the project; the user's statements stand inside the components."""
        components = self._write_components(pipeline, project, project / "components.py")
        title = f"The pipeline {pipeline.name}: which component gets what from which"
        names = wiring.flow_names(pipeline, (pipeline,))
        text = self._pipelines((pipeline,), components, names, title, "import components")
        _write(project / "pipeline.py", text)
        cached = any(stage.cached for stage in pipeline.stages.values())
        run = self.fill(
            "run.py.j2",
            pipeline=pipeline,
            function=names.of("flow", pipeline.name),
            flags=_flags(pipeline, names),
            json=any(parameter.kind == "json" for parameter in pipeline.parameters.values()),
            helped="help" not in pipeline.parameters,
            cached=cached,
        )
        _write(project / "run.py", run)
        return SourceMap.of(
            Span(
                stage=stage.name,
                file=EPHEMERAL,
                function=_function(components[stage.name]),
                inputs=tuple(stage.inputs),
                first=components[stage.name].first,
                last=components[stage.name].last,
                result=components[stage.name].result,
            )
            for stage in pipeline.stages.values()
        )

    def launchpad(self, pipeline: Pipeline, project: Path) -> Launchpad:
        """Write the pipeline ``full``, and one for each stage; components run in the launchpad's image."""
        flows = workflows(pipeline)
        source = project / "src"
        (source / "tasks").mkdir(parents=True)
        _write(source / "tasks" / "__init__.py", "")
        components = self._write_components(
            flows.union,
            project,
            source / "tasks" / "components.py",
            image="IMAGE",
            embedded=f"src/{EMBEDDED}",
        )
        title = "The pipelines: each stage alone, and all"
        names = wiring.flow_names(flows.union, flows.all)
        text = self._pipelines(flows.all, components, names, title, "from tasks import components")
        _write(source / "workflows.py", text)
        cached = any(stage.cached for stage in pipeline.stages.values())
        for name in ("local", "remote"):
            text = self.fill_launchpad(f"{name}.py.j2", parser=parser(flows), cached=cached)
            _write(source / f"run_{name}.py", text)
        (project / "tests").mkdir()
        _write(
            project / "tests" / "test_pipelines.py",
            self.fill_launchpad("test_pipelines.py.j2", flows=flows),
        )
        return launchpad(flows)

    def _write_components(
        self, tasks: Pipeline, project: Path, path: Path, image: str | None = None, embedded: str = EMBEDDED
    ) -> dict[str, Component]:
        """Write the components and the modules that they embed. image: name of a variable that holds it."""
        modules = _modules(tasks)
        tasks = stored(tasks, modules)
        components = _components(tasks, modules)
        helpers, imports = _helpers(modules, components, tasks)
        names = sorted({name for component in components.values() for name in component.artifacts})
        context = {
            "pipeline": tasks,
            "image": image,
            "typing": sorted(({"TYPE_CHECKING"} if imports else set()) | (TYPING & set(names)), key=member),
            "artifacts": [name for name in names if name not in TYPING],
            "type_imports": import_sections(imports),
            "helpers": helpers,
            "components": [
                f"{component.above}{_decorator(component, image, embedded)}\n{component.text}"
                for component in components.values()
            ],
        }
        _write(path, self.fill("components.py.j2", **context))
        if any(component.modules for component in components.values()):
            (project / embedded).mkdir(exist_ok=True)
            for name, text in tasks.modules.items():
                if name not in modules or modules[name].imported:
                    _write(project / embedded / f"{name}.py", text)
        return components

    def _pipelines(
        self,
        flows: Sequence[Pipeline],
        components: Mapping[str, Component],
        names: Names,
        title: str,
        imported: str,
    ) -> str:
        return self.fill(
            "pipeline.py.j2",
            title=title,
            imported=imported,
            flows=[
                {
                    "name": _pipeline_name(flow.name),
                    "signature": wiring.signature(flow, names),
                    "tasks": wiring.tasks(flow, components, names),
                }
                for flow in flows
            ],
        )

    def run(
        self,
        pipeline: Pipeline,  # noqa: ARG002 - the contract's
        sandbox: Sandbox,
        parameters: Mapping[str, Value],
        options: frozenset[str],  # noqa: ARG002 - the contract's
    ) -> Command:
        """Return ``python run.py --name=value ...``."""
        flags = []
        for name, value in parameters.items():
            flag = name.replace("_", "-")
            if isinstance(value, bool):
                flags.append(f"--{flag}" if value else f"--no-{flag}")
            elif value is not None:
                flags.append(option(flag, value))
        return Command(argv=(str(sandbox.python), "run.py", *flags), cwd=str(sandbox.project))

    def package(
        self,
        pipeline: Pipeline,  # noqa: ARG002 - the contract's
        sandbox: Sandbox,
        setup: str,  # noqa: ARG002
        store: Store | None,  # noqa: ARG002
    ) -> Package:
        """Return ``kfp dsl compile``, which writes the pipeline as YAML."""
        argv = (sandbox.bin("kfp"), "dsl", "compile", "--py", "pipeline.py", "--output", "pipeline.yaml")
        return Package((Command(argv=argv, cwd=str(sandbox.project)),), "kfp", ("pipeline.yaml",))

    def state(self, sandbox: Sandbox) -> tuple[Path, ...]:
        """Return the default pipeline root of a local run."""
        return (sandbox.project / "local_outputs",)


def _function(component: Component) -> str:
    """Return the qualified name of the function that holds the user's statements."""
    return f"{component.name}.<locals>.{component.inner}" if component.inner else component.name


def _modules(pipeline: Pipeline) -> dict[str, Module]:
    """Return the modules that hold stages. Raises PipelineError where another module imports one."""
    names = {stage.module for stage in pipeline.stages.values()}
    functions = {stage.function for stage in pipeline.stages.values()} | set(pipeline.stages) | RESERVED
    modules = {
        name: Module(name, pipeline.modules[name], set(pipeline.modules) - names, functions)
        for name in sorted(names)
    }
    for name, text in pipeline.modules.items():
        for node in ast.walk(parse(text, name)):
            if isinstance(node, ast.Import):
                imported = {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported = {node.module or ""}
            else:
                continue
            if imported & names:
                raise PipelineError(
                    f"{name}.py:{node.lineno}: imports '{min(imported & names)}', whose stages become KFP "
                    "components; move what is shared to a module without stages"
                )
    return modules


def _components(pipeline: Pipeline, modules: Mapping[str, Module]) -> dict[str, Component]:
    kinds: dict[str, Kind] = {name: parameter.kind for name, parameter in pipeline.parameters.items()}
    kinds |= {output.name: output.kind for stage in pipeline.stages.values() for output in stage.outputs}
    kinds |= {
        choice.name: pipeline.stages[choice.then].outputs[0].kind for choice in pipeline.choices.values()
    }
    known = {
        name: parameter.annotation if parameter.optional else wiring.parameter_type(parameter)
        for name, parameter in pipeline.parameters.items()
        if parameter.optional or parameter.kind == "json"
    }
    lists = listed(pipeline)
    components: dict[str, Component] = {}
    for name, module in modules.items():
        stages = [stage for stage in pipeline.stages.values() if stage.module == name]
        module.imported = imported_names(module, stages, kinds)
    own = {(stage.module, stage.function) for stage in pipeline.stages.values()}
    helpers = {
        function
        for name, module in modules.items()
        for function in module.functions
        if (name, function) not in own
    }
    names = Names((*RESERVED, "os", *helpers))
    for stage in pipeline.stages.values():
        name = names.of("component", stage.name)
        component = rebuild.build(name, modules[stage.module], stage, kinds, known, lists)
        known |= component.types
        components[stage.name] = component
        for choice in pipeline.choices.values():
            # What a choice gives is what its first stage returns.
            if choice.then == stage.name:
                known |= {choice.name: type_ for type_ in component.types.values()}  # noqa: B035 - it is one
    return components


def _helpers(
    modules: Mapping[str, Module], components: Mapping[str, Component], pipeline: Pipeline
) -> tuple[list[str], set[Import]]:
    """Return the helper functions in the user's order, and the imports of their annotations."""
    texts: dict[str, str] = {}
    imports: set[Import] = set()
    for name, module in modules.items():
        used = {
            function
            for stage in pipeline.stages.values()
            if stage.module == name
            for function in components[stage.name].helpers
        }
        for function in (one for one in module.functions if one in used):
            text, needed = helper(module, function)
            if texts.setdefault(function, text) != text:
                raise PipelineError(
                    f"{name}.py: another module of stages has a helper '{function}' too; rename one"
                )
            imports |= needed
    return list(texts.values()), imports


def _decorator(component: Component, image: str | None, embedded: str) -> str:
    arguments = [f"base_image={image or BASE}", "install_kfp_package=False"]
    if component.helpers:
        arguments.append(f"additional_funcs=[{', '.join(component.helpers)}]")
    if component.modules:
        arguments.append(f'embedded_artifact_path="{embedded}"')
    return bracketed("@dsl.component(", arguments, ")", indent="")


def _pipeline_name(name: str) -> str:
    """Return a name as KFP takes it for a pipeline: lower-case letters, digits and dashes."""
    return lower_ascii(name).replace("_", "-").strip("-") or "pipeline"


def _flags(pipeline: Pipeline, names: Names) -> list[str]:
    lines = []
    for parameter in pipeline.parameters.values():
        flag, name = parameter.name.replace("_", "-"), names.of("data", parameter.name)
        arguments = [literal(f"--{flag}")]
        if name != flag.replace("-", "_"):
            arguments.append(f"dest={literal(name)}")
        if parameter.kind in ("int", "float"):
            arguments.append(f"type={parameter.kind}")
        elif parameter.kind == "bool":
            arguments.append("action=argparse.BooleanOptionalAction")
        elif parameter.kind == "json":
            arguments.append("type=json.loads")
        if parameter.required:
            arguments.append("required=True")
        else:
            arguments.append(f"default={literal(parameter.default)}")
        lines.append(bracketed("parser.add_argument(", arguments, ")", "    "))
    return lines


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
