"""What every launchpad must hold to, whatever its tool."""

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bench import adapters
from bench.adapters import Adapter
from bench.commands import _launchpad_writer as export
from bench.contract.driver import Definition
from bench.contract.launchpad import workflows
from bench.errors import AdapterError, PipelineError, UsageError
from bench.pipeline import Pipeline
from tests import docker_base, shared

NAMES = ("flyte", "metaflow", "kfp", "prefect", "kedro", "control")
STAGES = [
    "process_raw_data",
    "generate_model_input",
    "train_model",
    "generate_model_output",
    "evaluate",
    "reporting",
]
IN_AN_IMAGE = {
    "control": "python src/workflows.py full",
    "flyte": "pyflyte run src/workflows.py full",
    "kedro": "kedro run --pipeline full",
    "kfp": "python src/run_local.py full",
    "metaflow": "env USERNAME=somebody python src/full_flow.py run",
    "prefect": "python src/workflows.py full",
}
"""What runs the whole inside the image, with nothing beside it. Metaflow wants to know who runs it."""
FILES = (
    *("Dockerfile", "Makefile", "README.md", "pyproject.toml", "run", "settings.env", "tests/test_run.py"),
    *("requirements.in", "requirements.txt", "requirements-dev.in", "requirements-dev.txt"),
    *("data/01_raw/flights.csv", "data/08_reporting/.gitkeep", ".gitignore", ".dockerignore"),
)
TARGETS = ["info", "init", "build", "push", "package", "register", "runcmd", "test", "code_style"]
SAME = {
    "flyte": {
        "src/tasks/stages.py": "src/tasks/stages.py",
        "src/tasks/__init__.py": "src/tasks/__init__.py",
    },
    "prefect": {
        "src/tasks/stages.py": "src/tasks/stages.py",
        "src/tasks/__init__.py": "src/tasks/__init__.py",
    },
    "metaflow": {"stages.py": "src/stages.py"},
    "control": {"stages.py": "src/tasks/stages.py"},
    "kfp": {},
    "kedro": {
        f"src/reference_project/{name}": f"src/reference_project/{name.replace('reference', 'full')}"
        for name in ("pipelines/__init__.py", "pipelines/reference/nodes.py", "settings.py")
    },
}
"""Measured file to exported file, of those that do not wire stages together."""
WIRING = {
    "flyte": ("src/workflows.py", "src/workflows.py", "full"),
    "prefect": ("src/workflows.py", "src/workflows.py", "full"),
    "kfp": ("pipeline.py", "src/workflows.py", "full"),
    "metaflow": ("flow.py", "src/full_flow.py", "FullFlow"),
    "kedro": (
        "src/full_project/pipelines/full/pipeline.py",
        "src/reference_project/pipelines/full/pipeline.py",
        "create_pipeline",
    ),
}
"""File of the rendered whole, of the launchpad, and what in them connects the stages."""


@pytest.fixture(scope="module")
def definition() -> Definition:
    return shared.definition("reference")


@pytest.fixture(scope="module", params=NAMES)
def tool(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def adapter(tool: str) -> Adapter:
    return adapters.load(adapters.find(tool, adapters.discover()))


@pytest.fixture(scope="module")
def project(adapter: Adapter, definition: Definition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the launchpad of a tool, made once. Treat it as read-only."""
    folder = tmp_path_factory.mktemp("launchpad") / adapter.manifest.name
    export.write(adapter, definition, folder, tmp_path_factory.mktemp("data"))
    return folder


def run(project: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the launchpad's own command, with nothing of this test's environment but what finds packages."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "LANG", "DOCKER_HOST") or name.startswith(("PIP_", "UV_", "SSL_", "REQUESTS_"))
    }
    home = {"HOME": str(project.parent), "PYTHON": sys.executable}
    return subprocess.run(
        [project / "run", *words],
        env={**kept, **home, **variables},
        cwd=project.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def dry(project: Path, *words: str, **variables: str) -> list[list[str]]:
    """Return the commands of a dry run, as words, without those that make the environment."""
    done = run(project, "--dry-run", *words, **variables)
    assert done.returncode == 0, done.stderr
    lines = [shlex.split(line[2:]) for line in done.stderr.splitlines() if line.startswith("+ ")]
    return [line for line in lines if ".venv" not in line and "requirements.txt" not in line]


def test_a_launchpad_has_all_that_a_project_needs(project: Path) -> None:
    """The files that the launchpads share, ``run`` being a command."""
    assert [path for path in FILES if not (project / path).is_file()] == []
    assert os.access(project / "run", os.X_OK)


def test_nothing_of_the_benchmark_is_left(project: Path) -> None:
    """No word of it, no tracer, no package index by name."""
    unwanted = re.compile(
        r"\bbench|tracing|sitecustomize|measured|--(extra-)?index-url|find-links", re.IGNORECASE
    )
    found = [
        f"{path.relative_to(project)}: {line}"
        for path in sorted(project.rglob("*"))
        if path.is_file() and path.suffix != ".csv"
        for line in path.read_text().splitlines()
        if unwanted.search(line)
    ]
    assert found == []


def test_it_passes_the_formatter_and_the_linter_that_it_ships(project: Path) -> None:
    """By its own settings."""
    for words in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *words, "--no-cache", "."],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


def test_each_stage_and_the_whole_are_workflows(project: Path) -> None:
    """And no other name is."""
    for name in (*STAGES, "full"):
        commands = dry(project, "src/workflows.py", name)
        assert any(name in word for word in commands[-1])
    done = run(project, "src/workflows.py", "trainmodel")
    assert done.returncode == 2
    assert done.stderr == f"run: no workflow 'trainmodel'; there are: {' '.join([*STAGES, 'full'])}\n"


def test_the_makefile_has_the_targets_of_the_template(project: Path) -> None:
    """Each is a step of ``run``, but the one that tells of the others."""
    for target in TARGETS:
        done = subprocess.run(
            ["make", "-n", target], cwd=project, capture_output=True, text=True, check=True
        )
        assert done.stdout.startswith("./run " if target != "info" else "sed ")


def test_addresses_and_names_come_from_the_settings(project: Path, tmp_path: Path) -> None:
    """With other settings, nothing of the examples is left in the commands."""
    lines = (project / "settings.env").read_text()
    other = tmp_path / "other.env"
    other.write_text(lines.replace("example.com", "other.test").replace("eu-central-1", "us-east-2"))
    words = [
        word
        for command in dry(project, "--remote", "src/workflows.py", STAGES[2], SETTINGS=str(other))
        for word in command
    ]
    assert any("registry.other.test/team" in word for word in words)
    assert not any("example.com" in word or "eu-central-1" in word for word in words)


def test_a_remote_run_is_refused_while_settings_are_examples(project: Path) -> None:
    """Before anything is built."""
    done = run(project, "--remote", "src/workflows.py", "full")
    assert done.returncode == 2
    assert done.stderr == (
        "run: settings.env: REGISTRY is still the example 'registry.example.com/team'; set it\n"
    )


def test_a_step_that_talks_to_a_server_is_refused_while_its_address_is_the_example(
    adapter: Adapter, definition: Definition, project: Path, tmp_path: Path
) -> None:
    """Else it would wait for a server that nobody has."""
    steps = export.steps(adapter, definition.pipeline)
    pad = adapter.launchpad(definition.pipeline, tmp_path)
    package = {"name": "package", "servers": pad.package.servers}
    talking = [one["name"] for one in (*steps, package) if one["servers"]]
    assert "push" in talking
    for name in talking:
        done = run(project, "--step", str(name), "src/workflows.py", "full")
        assert (done.returncode, "is still the example" in done.stderr) == (2, True)


def test_the_steps_as_data_are_those_of_the_dry_run(
    adapter: Adapter, definition: Definition, project: Path
) -> None:
    """Each command, its settings filled in, is a line that ``--dry-run --remote`` prints."""
    steps = export.steps(adapter, definition.pipeline)
    printed = run(project, "--dry-run", "--remote", "src/workflows.py", "full").stderr.splitlines()
    printed = [line for line in printed if line.startswith("+ ")][-len(steps) :]
    image = shlex.split(printed[1])[-1]
    given = f"IMAGE={image}; VERSION={image.rpartition(':')[2]}; workflow=full; . ./settings.env"
    for step, line in zip(steps, printed, strict=True):
        done = subprocess.run(
            ["sh", "-c", f'{given}; printf "%s\\n" {step["command"]}'],
            cwd=project,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.splitlines() == shlex.split(line[2:])
        assert all(name in (project / "settings.env").read_text() for name in step["servers"])
        assert all((project / path).exists() for path in step["files"] if path != "build")


def test_an_edited_line_is_another_version(project: Path, tmp_path: Path) -> None:
    """The tag of the image follows the content, without git; the same content has the same tag."""
    copy = tmp_path / "copy"
    shutil.copytree(project, copy)
    before = dry(copy, "--remote", "src/workflows.py", "full")[1][-1]
    assert dry(project, "--remote", "src/workflows.py", "full")[1][-1] == before
    edited = next(copy.joinpath("src").rglob("*.py"))
    edited.write_text(edited.read_text() + "\n# edited\n")
    assert dry(copy, "--remote", "src/workflows.py", "full")[1][-1] != before


def test_what_packaging_leaves_and_what_is_only_yours_is_no_new_version(
    project: Path, tmp_path: Path
) -> None:
    """Neither is in the image: metadata of a built wheel, compiled modules, local configuration of Kedro."""
    copy = tmp_path / "copy"
    shutil.copytree(project, copy)
    before = dry(copy, "--remote", "src/workflows.py", "full")[1][-1]
    left = ["src/own.egg-info/PKG-INFO", "src/__pycache__/own.pyc"]
    if (copy / "conf").is_dir():
        left.append("conf/local/credentials.yml")
        assert "conf/local/*" in (copy / ".dockerignore").read_text().splitlines()
    for path in left:
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_text("left")
    assert dry(copy, "--remote", "src/workflows.py", "full")[1][-1] == before
    assert "**/*.egg-info" in (copy / ".dockerignore").read_text().splitlines()


def test_the_step_that_executes_is_the_one_of_the_whole_way(project: Path) -> None:
    """Also for a single workflow, which is told where its data is."""
    whole = dry(project, "--remote", "src/workflows.py", STAGES[2])
    assert dry(project, "--step", "execute", "src/workflows.py", STAGES[2]) == [whole[-1]]


def test_wrong_usage_is_answered_in_one_line(project: Path, tmp_path: Path) -> None:
    """What is wrong, and what to do: an option that comes too late, no settings, no Docker."""
    own = tmp_path / "own"
    shutil.copytree(project, own)
    locks = b"".join((own / f"requirements{name}.txt").read_bytes() for name in ("", "-dev"))
    stamp = subprocess.run(["cksum"], input=locks, capture_output=True, check=True).stdout
    (own / ".venv").mkdir()
    (own / ".venv" / "stamp").write_bytes(stamp)
    settings = own / "settings.env"
    settings.write_text(settings.read_text().replace("DOCKER=docker", "DOCKER=no-such-engine"))
    late = run(own, "src/workflows.py", "--remote", "full")
    lost = run(own, "src/workflows.py", "full", SETTINGS="no-such.env")
    build = run(own, "--step", "build")
    assert late.stderr == "run: '--remote' is no workflow; options of ./run stand before src/workflows.py\n"
    assert lost.stderr == (
        "run: no file no-such.env; bring it back, or name another one with SETTINGS=other.env\n"
    )
    assert build.stderr.splitlines()[1:] == [
        "run: no command 'no-such-engine' here; install it, or set DOCKER in settings.env to what builds images"
    ]
    assert [done.returncode for done in (late, lost, build)] == [2, 2, 2]


def test_the_readme_of_a_pipeline_names_only_what_it_has(adapter: Adapter, tmp_path: Path) -> None:
    """Its own parameters and stages as examples, and no sample of data where there is none."""
    paged = shared.definition("pipelines/visibility/paged.py")
    pad = tmp_path / "pad"
    export.write(adapter, paged, pad, tmp_path / "cache")
    for name in ("README.md", "Makefile", "run"):
        assert not re.search(r"train_model|seed|holds a sample|on the sample", (pad / name).read_text())
    assert re.search(r"full --(params? )?nonce[ =]0{12}`", (pad / "README.md").read_text())
    assert "\n\n\n" not in (pad / "README.md").read_text()
    assert dry(pad, "src/workflows.py", "draw")


def test_what_is_no_wiring_is_as_measured(
    tool: str, adapter: Adapter, definition: Definition, project: Path, tmp_path: Path
) -> None:
    """Byte for byte, after the formatter and the sorter of imports that the launchpad ships."""
    adapter.render(definition.pipeline, tmp_path, frozenset())
    shutil.copyfile(project / "pyproject.toml", tmp_path / "pyproject.toml")
    export.tidy(tmp_path)
    for measured, exported in SAME[tool].items():
        assert (project / exported).read_text() == (tmp_path / measured).read_text()


def test_the_components_of_kfp_are_as_measured_but_for_their_image(
    definition: Definition, tmp_path: Path
) -> None:
    """They run in the image that the launchpad builds, so it stands in their decorators."""
    kfp = adapters.load(adapters.find("kfp", adapters.discover()))
    kfp.render(definition.pipeline, tmp_path, frozenset())
    kfp.launchpad(definition.pipeline, tmp_path / "pad")
    measured = _definitions((tmp_path / "components.py").read_text())
    text = (tmp_path / "pad" / "src" / "tasks" / "components.py").read_text()
    exported = _definitions(text.replace("base_image=IMAGE", 'base_image="python:3.11"'))
    assert set(STAGES) <= set(measured)
    assert {name: exported[name] for name in measured} == measured


@pytest.mark.parametrize("tool", WIRING, scope="module")
def test_the_whole_is_what_is_rendered(
    tool: str, adapter: Adapter, definition: Definition, project: Path, tmp_path: Path
) -> None:
    """The same pipeline under the name ``full``, its files in the layers of ``data``, gives the same code."""
    adapter.render(workflows(definition.pipeline).full, tmp_path, frozenset())
    measured, exported, name = WIRING[tool]
    assert (
        _definitions((project / exported).read_text())[name]
        == _definitions((tmp_path / measured).read_text())[name]
    )


def test_the_whole_of_the_control_makes_the_measured_calls(definition: Definition, tmp_path: Path) -> None:
    """There the parameters are those of a function, here of the command line."""
    control = adapters.load(adapters.find("control", adapters.discover()))
    control.render(definition.pipeline, tmp_path, frozenset())
    control.launchpad(definition.pipeline, tmp_path / "pad")
    measured = (tmp_path / "main.py").read_text().partition("args = ")[2].partition("\n\n")[0]
    calls = measured.replace("args.", "").splitlines()[1:]
    assert "\n".join(calls) in (tmp_path / "pad" / "src" / "workflows.py").read_text()


def _definitions(text: str) -> dict[str, str]:
    """Return the syntax of each function and class at the top of a module, by name."""
    return {
        node.name: ast.unparse(node)
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }


def test_the_whole_differs_from_the_measured_pipeline_only_in_its_name_and_files(
    definition: Definition,
) -> None:
    """Stages and their graph are the same; defaults of files lie in ``data``, ``results`` has one."""
    measured, whole = definition.pipeline, workflows(definition.pipeline).full
    assert whole.stages == measured.stages
    assert whole.modules == measured.modules
    assert {name: one.default for name, one in whole.parameters.items()} == {
        "flights": "data/01_raw/flights.csv",
        "weather": "data/01_raw/weather.csv",
        "planes": "data/01_raw/planes.csv",
        "airports": "data/01_raw/airports.csv",
        "seed": 42,
        "results": "data/08_reporting/results",
    }


def test_an_export_gives_the_same_bytes_again(
    adapter: Adapter, definition: Definition, project: Path, tmp_path: Path
) -> None:
    """In another folder, too."""
    export.write(adapter, definition, tmp_path / "again", tmp_path / "cache")
    assert _bytes(tmp_path / "again") == _bytes(project)


def _bytes(folder: Path) -> Mapping[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("name", ["fanout", "hello"])
def test_other_pipelines_make_launchpads_too(adapter: Adapter, name: str, tmp_path: Path) -> None:
    """Also those with a list known only at run time; what is written is Python."""
    other = shared.definition(name)
    export.write(adapter, other, tmp_path / "pad", tmp_path / "cache")
    for path in (tmp_path / "pad").rglob("*.py"):
        ast.parse(path.read_text())
    assert dry(tmp_path / "pad", "src/workflows.py", list(other.pipeline.stages)[-1])


def test_a_folder_with_something_in_it_is_left_alone(definition: Definition, tmp_path: Path) -> None:
    """In one line."""
    control = adapters.load(adapters.find("control", adapters.discover()))
    (tmp_path / "kept").write_text("mine")
    with pytest.raises(UsageError, match="is not empty; give a new folder"):
        export.write(control, definition, tmp_path, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_a_pipeline_that_cannot_be_exported_leaves_nothing(definition: Definition, tmp_path: Path) -> None:
    """Not even half a project: here a stage has the name that the whole needs."""
    text = definition.pipeline.as_json()
    text["stages"][-1]["name"] = "full"
    control = adapters.load(adapters.find("control", adapters.discover()))
    taken = Definition(Pipeline.from_json(text), definition.file, "", definition.interpreter)
    with pytest.raises(PipelineError, match="a launchpad needs the name 'full'; rename that stage"):
        export.write(control, taken, tmp_path / "pad", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_tool_without_a_launchpad_is_refused(definition: Definition, tmp_path: Path) -> None:
    """As the A/A check, which is no tool."""
    aa_check = adapters.load(adapters.find("aa", adapters.discover()))
    with pytest.raises(AdapterError, match="'aa' has no launchpad to export"):
        export.write(aa_check, definition, tmp_path / "pad", tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_newcomer_runs_tests_and_workflows_in_a_fresh_environment(project: Path, tmp_path: Path) -> None:
    """Its tests, the whole, and then a stage alone after those before it; without git."""
    own = tmp_path / "own"
    shutil.copytree(project, own)
    done = run(own, "--step", "test")
    assert done.returncode == 0, done.stdout + done.stderr
    done = run(own, "src/workflows.py", "full")
    assert done.returncode == 0, done.stdout + done.stderr
    results = own / "data" / "08_reporting" / "results"
    assert sorted(path.name for path in results.iterdir()) == ["metrics.json", "report.html"]
    for name in STAGES[:2]:
        done = run(own, "src/workflows.py", name)
        assert done.returncode == 0, done.stdout + done.stderr
    assert run(own, "--step", "code_style").returncode == 0


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(bool(docker_base.missing()), reason=docker_base.missing())
@pytest.mark.parametrize(("tool", "command"), IN_AN_IMAGE.items(), ids=IN_AN_IMAGE, scope="module")
def test_the_image_is_built_and_runs_the_whole(
    tool: str, command: str, project: Path, tmp_path: Path
) -> None:
    """On a base that holds what the lock names, so that no index and no registry is asked."""
    own = tmp_path / "own"
    shutil.copytree(project, own)
    assert run(own, "--step", "init").returncode == 0
    base = f"launchpad-base-{tool}:test"
    docker_base.load(base, next(own.glob(".venv/lib/python3.*/site-packages")))
    settings = own / "settings.env"
    settings.write_text(settings.read_text().replace("python:3.11-slim", base))
    done = run(own, "--step", "build")
    assert done.returncode == 0, done.stdout + done.stderr
    image = dry(own, "--remote", "src/workflows.py", "full")[0][-2]
    subprocess.run(
        ["docker", "run", "--rm", "--network", "none", image, *command.split()], check=True, timeout=300
    )
