"""A pipeline's graph is got out of a user's file, whatever that file does."""

import sys
from pathlib import Path

import pytest

from bench.environments.pipeline_extraction import extract
from bench.errors import PipelineError

STAGES = """\
import helper

def write(results: str) -> None:
    helper.write(results)
"""

PIPELINE = """\
from bench.pipeline import File, Pipeline
import stages

def pipeline() -> Pipeline:
    flow = Pipeline("tiny")
    results = flow.parameter("results", File)
    flow.stage(stages.write, results=results)
    return flow
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Hold a pipeline that is as it should be."""
    (tmp_path / "helper.py").write_text("def write(results): ...\n")
    (tmp_path / "stages.py").write_text(STAGES)
    (tmp_path / "pipeline.py").write_text(PIPELINE)
    (tmp_path / "unused.py").write_text("raise RuntimeError\n")
    return tmp_path


def extracted(folder: Path, text: str | None = None) -> str:
    """Return the one line of the error."""
    if text is not None:
        (folder / "pipeline.py").write_text(text)
    with pytest.raises(PipelineError) as caught:
        extract(folder / "pipeline.py", Path(sys.executable))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_pipeline_comes_with_the_modules_that_its_stages_need(folder: Path) -> None:
    """Those imported from its folder, also by another module; not its own file, nor what nobody imports."""
    flow = extract(folder / "pipeline.py", Path(sys.executable))
    assert list(flow.stages) == ["write"]
    assert flow.stages["write"].module == "stages"
    assert sorted(flow.modules) == ["helper", "stages"]
    assert flow.modules["stages"] == STAGES


def test_a_module_that_builds_graphs_is_not_one_that_the_stages_need(folder: Path) -> None:
    """Pipelines that share a graph import it, and no tool has bench."""
    (folder / "graph.py").write_text(PIPELINE.replace("def pipeline()", "def graph()"))
    (folder / "pipeline.py").write_text("import graph\n\ndef pipeline():\n    return graph.graph()\n")
    flow = extract(folder / "pipeline.py", Path(sys.executable))
    assert sorted(flow.modules) == ["helper", "stages"]


def test_a_pipeline_may_be_one_that_was_installed(folder: Path, tmp_path: Path) -> None:
    """As those that come with bench are in a wheel."""
    installed = tmp_path / "lib" / "site-packages" / "mine"
    installed.mkdir(parents=True)
    for name in ("helper.py", "stages.py", "pipeline.py"):
        (installed / name).write_text((folder / name).read_text())
    flow = extract(installed / "pipeline.py", Path(sys.executable))
    assert sorted(flow.modules) == ["helper", "stages"]


def test_nothing_is_written_to_the_users_folder(folder: Path) -> None:
    """No compiled files, or the digest of the folder would change."""
    before = sorted(folder.rglob("*"))
    extract(folder / "pipeline.py", Path(sys.executable))
    assert sorted(folder.rglob("*")) == before


def test_what_the_users_code_prints_does_no_harm(folder: Path) -> None:
    """Neither by print, nor from below Python, nor at exit."""
    noise = "import atexit, os\nprint('{')\nos.write(1, b'{}')\natexit.register(print, 'bye')\n"
    (folder / "pipeline.py").write_text(noise + PIPELINE)
    assert extract(folder / "pipeline.py", Path(sys.executable)).name == "tiny"


def test_a_thread_that_never_ends_does_no_harm(folder: Path) -> None:
    """Some libraries start one when they are imported."""
    noise = "import threading, time\nthreading.Thread(target=time.sleep, args=(500,)).start()\n"
    (folder / "pipeline.py").write_text(noise + PIPELINE)
    assert extract(folder / "pipeline.py", Path(sys.executable)).name == "tiny"


def test_the_users_imports_do_not_find_bench_own_modules(folder: Path) -> None:
    """Some are named as the standard library's."""
    noise = "import statistics\nstatistics.fmean([1.0])\nimport importlib.util\n"
    noise += "assert importlib.util.find_spec('records') is None\n"
    (folder / "pipeline.py").write_text(noise + PIPELINE)
    assert extract(folder / "pipeline.py", Path(sys.executable)).name == "tiny"


def test_variables_for_python_do_not_reach_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PYTHONPATH of the harness's user must not lend it modules."""
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "lent.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(folder / "elsewhere"))
    assert "No module named 'lent'" in extracted(folder, "import lent\n" + PIPELINE)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With its whole path."""
    with pytest.raises(PipelineError, match=f"no pipeline file {tmp_path}/pipeline.py"):
        extract(tmp_path / "pipeline.py", Path(sys.executable))


def test_a_file_without_the_function_is_told(folder: Path) -> None:
    """With what to write."""
    assert "defines no function pipeline()" in extracted(folder, "import stages\n")


def test_a_function_that_returns_nothing_is_told(folder: Path) -> None:
    """The return is easily forgotten."""
    said = extracted(folder, PIPELINE.replace("return flow", "pass"))
    assert "returned a NoneType, expected a Pipeline" in said


def test_a_syntax_error_is_told_with_its_line(folder: Path) -> None:
    """In the pipeline's file."""
    assert extracted(folder, "import stages\ndef pipeline(:\n").startswith(f"{folder}/pipeline.py:2: ")


def test_a_syntax_error_in_a_module_is_told_with_its_file(folder: Path) -> None:
    """Not with the line that imports it."""
    (folder / "stages.py").write_text("\n\nx = = 1\n")
    assert extracted(folder).startswith(f"{folder}/stages.py:3: ")


def test_an_exception_is_told_with_its_line(folder: Path) -> None:
    """The last line of the user's own that led to it."""
    said = extracted(folder, PIPELINE.replace("    return flow", "    return int('x')"))
    assert said.startswith(f"{folder}/pipeline.py:8: ValueError: invalid literal")


def test_an_error_of_the_graph_is_told_with_the_line_that_made_it(folder: Path) -> None:
    """The line of the user's, not that in bench."""
    said = extracted(folder, PIPELINE.replace("results=results)", "wrong=results)"))
    assert said.startswith(f"{folder}/pipeline.py:7: stage 'write' of pipeline 'tiny'")


def test_a_graph_that_does_not_validate_is_told(folder: Path) -> None:
    """validate() is called where the user forgot to."""
    assert "has no stage" in extracted(folder, PIPELINE.replace("    flow.stage", "    # flow.stage"))


def test_a_missing_module_is_told_with_where_it_should_be(folder: Path) -> None:
    """Beside the file, or installed for that interpreter."""
    said = extracted(folder, PIPELINE.replace("import stages", "import stage"))
    assert said.startswith(f"{folder}/pipeline.py:2: ModuleNotFoundError: No module named 'stage'")
    assert f"must lie in {folder}, or stand in requirements.in beside the pipeline" in said


def test_a_stage_in_the_pipelines_own_file_is_refused(folder: Path) -> None:
    """An adapter cannot take it from there."""
    text = "def write(results: str) -> None: ...\n" + PIPELINE.replace("stages.write", "write")
    assert "move it to a module beside it" in extracted(folder, text)


def test_a_stage_from_elsewhere_is_refused(folder: Path) -> None:
    """Its text is not the user's."""
    site = folder / "site-packages"
    site.mkdir()
    (site / "installed.py").write_text("def write(results: str) -> None: ...\n")
    text = f"import sys\nsys.path.append({str(site)!r})\n" + PIPELINE.replace("stages", "installed")
    assert "the module 'installed', which is not beside" in extracted(folder, text)


def test_a_module_in_a_package_is_refused(folder: Path) -> None:
    """The rendered projects are flat."""
    (folder / "package").mkdir()
    (folder / "package" / "deep.py").touch()
    assert "lies in a package" in extracted(folder, "import package.deep\n" + PIPELINE)


@pytest.mark.parametrize(
    ("line", "said"),
    [("raise SystemExit(3)", "SystemExit: 3"), ("import os; os._exit(4)", "ended early, with code 4")],
)
def test_a_file_that_ends_the_process_is_told(folder: Path, line: str, said: str) -> None:
    """It does not look as if nothing was there."""
    assert said in extracted(folder, line + "\n" + PIPELINE)


def test_an_endless_file_is_ended(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipeline's function only builds the graph."""
    monkeypatch.setattr("bench.environments.pipeline_extraction.TIME_LIMIT", 0.5)
    assert "was not done after" in extracted(folder, "while True: pass\n")


def test_an_interpreter_that_is_not_there_is_told(folder: Path) -> None:
    """With its path."""
    with pytest.raises(PipelineError, match="/nowhere/python cannot be run"):
        extract(folder / "pipeline.py", Path("/nowhere/python"))


def test_a_process_that_a_pipeline_starts_is_not_waited_for_and_not_left(folder: Path) -> None:
    """Also where it has a session of its own and holds the output open."""
    start = (
        "import subprocess, sys\n"
        "done = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True)\n"
        "open('pid', 'w').write(str(done.pid))\n"
    )
    (folder / "pipeline.py").write_text(start + PIPELINE)
    assert list(extract(folder / "pipeline.py", Path(sys.executable)).stages) == ["write"]
    assert not Path("/proc", (folder / "pid").read_text()).exists()


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("pipeline.py", b"x = '\xff'\n", "pipeline.py"),
        ("pipeline.py", b"x = 1\0\n", "pipeline.py"),
        ("stages.py", b"x = '\xff'\n", "stages.py"),
        ("stages.py", b"x = 1\0\n", "pipeline.py:2"),
        ("pipeline.py", b"raise SystemExit(0)\n", "pipeline.py:1: SystemExit: 0"),
        ("pipeline.py", b"raise KeyboardInterrupt\n", "pipeline.py:1: KeyboardInterrupt"),
        ("pipeline.py", b"class Odd(BaseException): ...\nraise Odd('so')\n", "pipeline.py:2: Odd: so"),
        ("pipeline.py", b"import os\nos._exit(0)\n", "ended early, with code 0"),
    ],
)
def test_a_file_that_cannot_be_read_or_ends_bench_is_told_with_its_name(
    folder: Path, file: str, text: bytes, told: str
) -> None:
    """Never as "None:None", whatever it raises."""
    (folder / file).write_bytes(text)
    said = extracted(folder)
    assert told in said
    assert "None" not in said
