"""What every adapter must hold to when it renders, whatever its tool."""

import ast
import functools
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench import adapters
from bench.adapters import Adapter, SourceMap, Span
from bench.contract.adapter_manifest import read_manifest
from bench.environments import pipeline_catalog
from bench.pipeline import Pipeline
from tests import shared

FOLDERS = {
    name: folder for name, folder in adapters.discover().items() if (folder / "adapter.toml").is_file()
}
TOOLS = [name for name in FOLDERS if read_manifest(FOLDERS[name]).role != "aa check"]
Rendered = tuple[SourceMap, Path]
RENDER = """
import hashlib, json, sys
from pathlib import Path
from bench import adapters
from bench.pipeline import Pipeline
adapter = adapters.load(Path(sys.argv[1]))
for text in sys.stdin:
    pipeline = Pipeline.from_json(json.loads(text))
    project = Path(sys.argv[2], pipeline.name)
    project.mkdir(parents=True)
    print(hashlib.sha256(adapter.render(pipeline, project, frozenset()).as_json().encode()).hexdigest())
    for path in sorted(project.rglob("*")):
        if path.is_file():
            print(path.relative_to(project), hashlib.sha256(path.read_bytes()).hexdigest())
"""


@pytest.fixture(scope="session")
def pipelines() -> dict[str, Pipeline]:
    return {name: shared.definition(name).pipeline for name in pipeline_catalog.names()}


@pytest.fixture(params=pipeline_catalog.names())
def pipeline(request: pytest.FixtureRequest, pipelines: dict[str, Pipeline]) -> Pipeline:
    return pipelines[request.param]


@functools.cache
def loaded(tool: str) -> Adapter:
    return adapters.load(FOLDERS[tool])


@pytest.fixture(params=TOOLS)
def adapter(request: pytest.FixtureRequest) -> Adapter:
    return loaded(request.param)


@pytest.fixture(scope="session")
def render(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Adapter, Pipeline], Rendered]:
    """Give a function that renders a pipeline once for all tests."""

    @functools.cache
    def rendered(adapter: Adapter, pipeline: Pipeline) -> Rendered:
        project = tmp_path_factory.mktemp("project")
        return adapter.render(pipeline, project, frozenset()), project

    return rendered


@pytest.fixture
def rendered(
    adapter: Adapter, pipeline: Pipeline, render: Callable[[Adapter, Pipeline], Rendered]
) -> Rendered:
    """Give where the stages went, and the project. Treat it as read-only."""
    return render(adapter, pipeline)


def test_rendering_in_another_process_and_folder_gives_the_same_bytes(
    adapter: Adapter, pipelines: dict[str, Pipeline], tmp_path: Path
) -> None:
    """Nothing depends on the order of a set, on the folder's name or on the moment."""
    lines = "\n".join(json.dumps(pipeline.as_json()) for pipeline in pipelines.values())
    first, second = (
        subprocess.run(
            [sys.executable, "-c", RENDER, str(adapter.folder), str(tmp_path / seed)],
            input=lines,
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    )
    assert first == second


def test_rendering_over_a_project_gives_the_same_bytes(
    adapter: Adapter, pipeline: Pipeline, rendered: Rendered
) -> None:
    """A project that is there already is written anew, not added to."""
    source_map, project = rendered
    before = {path: path.read_bytes() for path in _files(project)}
    assert adapter.render(pipeline, project, frozenset()) == source_map
    assert {path: path.read_bytes() for path in _files(project)} == before


def test_every_stage_has_a_span(pipeline: Pipeline, rendered: Rendered) -> None:
    """No stage runs unseen, and none is seen that the pipeline does not have."""
    source_map, _ = rendered
    assert {span.stage for span in source_map.spans} == set(pipeline.stages)


def test_spans_lie_in_functions_that_know_the_inputs(
    adapter: Adapter, pipeline: Pipeline, rendered: Rendered
) -> None:
    """The file is there, the function is in it, and the inputs are its arguments or locals."""
    source_map, project = rendered
    for span in source_map.spans:
        assert set(span.inputs) == set(pipeline.stages[span.stage].inputs)
        if span.file in adapter.manifest.traced_files:
            continue
        function = _function(project / span.file, span)
        assert set(span.inputs) <= _locals(function), span
        assert span.result is None or span.result in _locals(function), span


def test_python_files_compile(rendered: Rendered) -> None:
    """What is rendered is Python."""
    for path in _python_files(rendered[1]):
        compile(path.read_bytes(), str(path), "exec", dont_inherit=True)


def test_python_files_have_no_unknown_or_unused_names(
    adapter: Adapter,
    pipelines: dict[str, Pipeline],
    render: Callable[[Adapter, Pipeline], Rendered],
) -> None:
    """In no project of any pipeline: nothing is imported for nothing, and nothing is used that is not there."""
    projects = [str(render(adapter, pipeline)[1]) for pipeline in pipelines.values()]
    checked = ruff("check", "--select=E9,F", *projects)
    assert checked.returncode == 0, checked.stdout


def test_python_files_are_laid_out_as_a_formatter_does(
    adapter: Adapter,
    pipelines: dict[str, Pipeline],
    render: Callable[[Adapter, Pipeline], Rendered],
) -> None:
    """Where there is no function of the user's; those stay as they were. The control stands for no tool's users."""
    if adapter.manifest.role == "control":
        return
    own = [
        str(path)
        for pipeline in pipelines.values()
        for path in _python_files(render(adapter, pipeline)[1])
        if path.stat().st_size and _is_the_adapters_own(path, pipeline)
    ]
    # Each file of Metaflow holds a function of the user's.
    assert bool(own) == (adapter.manifest.name != "metaflow")
    if own:
        formatted = ruff("format", "--diff", *own)
        assert formatted.returncode == 0, formatted.stdout


def _is_the_adapters_own(path: Path, pipeline: Pipeline) -> bool:
    theirs = {name for text in pipeline.modules.values() for name in _defined(ast.parse(text))}
    return theirs.isdisjoint(_defined(ast.parse(path.read_text(encoding="utf-8"))))


def ruff(verb: str, *argv: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ruff", verb, "--isolated", "--no-cache", "--quiet", *argv]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_project_knows_nothing_of_bench(rendered: Rendered) -> None:
    """A rendered project stands alone: it imports neither the harness nor its tracer."""
    for path in _files(rendered[1]):
        text = path.read_text(encoding="utf-8")
        assert "orchestrator_bench" not in text.lower(), path
        if path.suffix == ".py":
            assert "bench" not in set(_imported(ast.parse(text))), path


def test_what_differs_from_the_default_has_a_reason(adapter: Adapter) -> None:
    """Settings, variables and options say why; what is absent says where that is known from."""
    manifest = adapter.manifest
    setups = manifest.setups.values()
    settings = [*manifest.settings, *(setting for setup in setups for setting in setup.settings)]
    layers = [manifest.environment, *(setup.environment for setup in setups)]
    layers += [option.environment for option in manifest.options.values()]
    reasons = [setting.reason for setting in settings]
    reasons += [variable.reason for layer in layers for variable in layer.values()]
    reasons += [option.reason for option in manifest.options.values()]
    reasons += [absent.reason for absent in manifest.absent.values()]
    assert all(len(reason.split()) > 2 for reason in reasons)
    assert all(setting.value != setting.default for setting in settings)
    assert all(absent.source for absent in manifest.absent.values())


def test_what_is_absent_is_absent_from_setups_that_are_there(adapter: Adapter) -> None:
    """A capability that only some setups lack names them rightly."""
    for capability, absent in adapter.manifest.absent.items():
        assert set(absent.setups) <= set(adapter.manifest.setups), capability


def test_the_lock_has_hashes_and_names_no_host(adapter: Adapter) -> None:
    """The same packages come from wherever the user's installer looks for them."""
    text = (adapter.folder / "locks" / "requirements.txt").read_text()
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    requirements = "\n".join(lines).replace("\\\n", " ").splitlines()
    assert requirements
    for requirement in requirements:
        assert re.match(r"[A-Za-z0-9][\w.\-]*(\[[\w,.\-]+\])?==\S+ ", requirement), requirement
        assert "--hash=sha256:" in requirement, requirement
    assert "://" not in text


def _files(project: Path) -> list[Path]:
    return sorted(path for path in project.rglob("*") if path.is_file())


def _python_files(project: Path) -> list[Path]:
    return [path for path in _files(project) if path.suffix == ".py"]


def _function(path: Path, span: Span) -> ast.FunctionDef | ast.AsyncFunctionDef:
    """Return the function of a span, through classes and functions around it."""
    body: list[ast.stmt] = ast.parse(path.read_text(encoding="utf-8")).body
    found: ast.stmt | None = None
    for name in span.function.replace("<locals>.", "").split("."):
        named = [node for node in body if getattr(node, "name", None) == name]
        assert named, f"{span.file} has no {span.function}"
        found = named[-1]
        body = getattr(found, "body", [])
    assert isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef)
    return found


def _locals(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    names = {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}
    stored = (node for node in ast.walk(function) if isinstance(node, ast.Name))
    return names | {node.id for node in stored if isinstance(node.ctx, ast.Store)}


def _defined(tree: ast.Module) -> set[str]:
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").partition(".")[0]


STRICTER = [
    (name, option)
    for name in TOOLS
    for option, about in read_manifest(FOLDERS[name]).options.items()
    if about.stricter
]


@pytest.mark.parametrize(("tool", "option"), STRICTER)
def test_a_stricter_option_changes_what_is_said_of_cached_stages(
    tool: str, option: str, pipelines: dict[str, Pipeline], tmp_path: Path
) -> None:
    """And what it writes is Python without unknown or unused names."""
    adapter = adapters.load(FOLDERS[tool])
    texts = {}
    for name, options in (("plain", frozenset[str]()), ("strict", frozenset((option,)))):
        (tmp_path / name).mkdir()
        adapter.render(pipelines["reuse"], tmp_path / name, options)
        texts[name] = "".join(path.read_text() for path in _python_files(tmp_path / name))
    assert texts["plain"] != texts["strict"]
    checked = ruff("check", "--select=E9,F", str(tmp_path / "strict"))
    assert checked.returncode == 0, checked.stdout


def test_a_stage_that_is_not_cached_is_rendered_as_ever(
    adapter: Adapter, pipelines: dict[str, Pipeline], tmp_path: Path
) -> None:
    """Caches stay as the tool has them unless the pipeline asks for one."""
    adapter.render(pipelines["hello"], tmp_path, frozenset())
    text = "".join(path.read_text() for path in _python_files(tmp_path))
    assert "cach" not in text.lower()
