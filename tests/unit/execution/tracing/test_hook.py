"""The hook: what the processes of a run write down."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.contract.source_map import SourceMap, Span
from bench.errors import TraceError
from bench.execution.tracing.prepare import HOOK_FOLDER, prepare
from bench.execution.tracing.reader import read
from tests.unit.execution.tracing.traced_project import TracedProject

DOUBLE = """
    def double(number):
        return number * 2
    """


@pytest.fixture
def project(tmp_path: Path) -> TracedProject:
    """Return a project with nothing in it."""
    return TracedProject(tmp_path)


def test_a_stage_that_ran_has_a_start_and_an_end(project: TracedProject) -> None:
    """A body leaves a pair of events, and its value reaches the caller."""
    project.write(DOUBLE)
    project.span("double", "number")
    assert project.run("import stages; print(stages.double(4))").stdout == "8\n"
    (body,) = project.bodies()
    assert body.stage == "double"
    assert body.end_ns is not None
    assert body.end_ns >= body.start_ns
    assert body.error is None


def test_each_call_is_told_apart(project: TracedProject) -> None:
    """Two calls of one stage are two bodies."""
    project.write(DOUBLE)
    project.span("double", "number")
    project.run("import stages; stages.double(1); stages.double(2)")
    assert len({body.call for body in project.bodies()}) == 2


def test_a_project_file_is_announced_when_it_is_compiled(project: TracedProject) -> None:
    """The first import of the project's code is a mark, whether or not it holds a stage."""
    project.write("VALUE = 1", "package/helper.py")
    project.run("import package.helper, json")
    assert [event.file for event in project.events("module")] == ["package/helper.py"]


def test_a_file_outside_the_project_is_traced_by_its_name(project: TracedProject, tmp_path: Path) -> None:
    """User code that a tool writes elsewhere is found by the bare name of the file."""
    project.write(DOUBLE, "../elsewhere/ephemeral.py")
    project.traced_files = ("ephemeral.py",)
    project.spans.append(Span("double", "ephemeral.py", "double", ("number",)))
    done = project.run(
        f"""
        from importlib.util import module_from_spec, spec_from_file_location
        spec = spec_from_file_location("anything", {str(tmp_path / "elsewhere" / "ephemeral.py")!r})
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        module.double(1)
        """
    )
    assert done.returncode == 0, done.stderr
    assert [body.stage for body in project.bodies()] == ["double"]


def test_a_file_outside_the_project_may_hold_one_stage_of_many(
    project: TracedProject, tmp_path: Path
) -> None:
    """A tool that writes each stage to a file of the same name is not taken for a wrong source map."""
    project.write(DOUBLE, "../elsewhere/ephemeral.py")
    project.traced_files = ("ephemeral.py",)
    project.spans += [Span(name, "ephemeral.py", name, ("number",)) for name in ("double", "treble")]
    project.run(
        f"""
        from importlib.util import module_from_spec, spec_from_file_location
        spec = spec_from_file_location("anything", {str(tmp_path / "elsewhere" / "ephemeral.py")!r})
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        module.double(1)
        """
    )
    assert [body.stage for body in project.bodies()] == ["double"]
    assert project.events("missing") == []


@pytest.mark.parametrize("name", ["project", "project/../link", "link/./"])
def test_a_project_is_traced_by_whichever_name_it_is_reached(
    project: TracedProject, tmp_path: Path, name: str
) -> None:
    """A project that was given as a link is known by the link and by where it leads."""
    project.write(DOUBLE)
    project.span("double", "number")
    (tmp_path / "link").symlink_to(project.project)
    environment = prepare(tmp_path / "trace", tmp_path / "link", SourceMap.of(project.spans), ())
    project.environment = environment
    project.run(f"import sys; sys.path[0] = {str(project.root / name)!r}; import stages; stages.double(1)")
    assert len(project.bodies()) == 1


def test_an_edit_of_the_same_size_within_a_second_runs_the_new_body(project: TracedProject) -> None:
    """No bytecode file stands between the source and what runs."""
    path = project.write("def value(): return 1\n")
    project.span("value")
    first = project.run("import stages; print(stages.value())")
    stat = path.stat()
    path.write_text("def value(): return 2\n")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    second = project.run("import stages; print(stages.value())")
    assert (first.stdout, second.stdout) == ("1\n", "2\n")


def test_bytecode_of_an_untraced_run_hides_nothing(project: TracedProject) -> None:
    """A compiled file left by a run without the tracer is not used."""
    project.write(DOUBLE)
    project.span("double", "number")
    project.run("import stages", traced=False)
    assert list(project.project.glob("__pycache__/stages.*.pyc"))
    project.run("import stages; stages.double(1)")
    assert len(project.bodies()) == 1


def test_no_bytecode_with_spans_is_left_behind(project: TracedProject) -> None:
    """A later run without the tracer never meets code with spans in it."""
    project.write(DOUBLE)
    project.span("double", "number")
    project.run("import stages")
    assert not (project.project / "__pycache__").exists()


def test_a_fork_announces_itself(project: TracedProject) -> None:
    """A forked process is known although no new Python came up."""
    project.run("import os\nif os.fork() == 0: os._exit(0)\nos.wait()")
    loaded, forked = project.events("loaded", "forked")
    assert forked.ppid == loaded.pid
    assert forked.pid != loaded.pid


def test_a_process_says_how_it_was_started(project: TracedProject) -> None:
    """The announcement holds the parent and the command line, with any characters in it."""
    code = 'pass  # "quoted" \\ é \U0001f600 \udcff\n'
    process = project.start(code)
    process.communicate()
    (loaded,) = project.events("loaded")
    assert loaded.argv == (sys.executable, "-c", code)
    assert loaded.ppid == os.getpid()


@pytest.mark.parametrize(
    ("way", "code"),
    [
        ("fork_exec", "import subprocess; subprocess.run(['true', 'x'])"),
        ("posix_spawn", "import os; os.waitpid(os.posix_spawnp('true', ['true', 'x'], {}), 0)"),
        ("exec", "import os; os.execvp('true', ['true', 'x'])"),
        ("exec", "import os; os.spawnlp(os.P_WAIT, 'true', 'true', 'x')"),
        (
            "fork_exec",
            "from multiprocessing.util import spawnv_passfds as s; s(b'/bin/true', ['true', 'x'], ())",
        ),
    ],
)
def test_a_started_program_is_recorded(project: TracedProject, way: str, code: str) -> None:
    """Whichever way a program is started, its command line is kept."""
    project.run(code)
    event = project.events("spawned")[-1]
    assert (event.detail, event.argv) == (way, ("true", "x"))


def test_a_daemon_that_closes_all_descriptors_goes_on_writing(project: TracedProject) -> None:
    """Events reach the trace, and not a file that got the same number."""
    project.write(DOUBLE)
    project.span("double", "number")
    project.run(
        """
        import os, stages
        os.closerange(3, 100)
        others = [open("other", "w") for _ in range(5)]
        stages.double(1)
        """
    )
    assert len(project.bodies()) == 1
    assert (project.project / "other").read_text() == ""


def test_a_trace_that_cannot_be_written_does_no_harm_and_is_refused(project: TracedProject) -> None:
    """The user's code goes on; the reader says that the trace is not complete."""
    project.write(DOUBLE)
    project.span("double", "number")
    done = project.run(
        """
        import resource, signal, stages
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))
        print(stages.double(4))
        """
    )
    assert (done.stdout, done.stderr) == ("8\n", "")
    with pytest.raises(TraceError, match="not complete"):
        read(project.trace)


def test_a_span_that_is_not_there_is_said(project: TracedProject) -> None:
    """A source map that does not fit the project is seen in the trace."""
    project.write(DOUBLE)
    project.span("tripple")
    project.span("double", first=3)
    project.run("import stages")
    details = sorted(event.detail or "" for event in project.events("missing"))
    assert details == ["no function tripple", "no statements 3..-1 in double"]


def test_without_a_trace_folder_the_hook_does_nothing(project: TracedProject) -> None:
    """An empty variable means no trace."""
    project.write(DOUBLE)
    project.span("double", "number")
    done = project.run(
        "import sys, stages; print('orchestrator_bench_trace' in sys.modules)", ORCHESTRATOR_BENCH_TRACE=""
    )
    assert done.stdout == "False\n"
    assert read(project.trace) == []


def run_with_path(project: TracedProject, *folders: Path, code: str) -> "subprocess.CompletedProcess[str]":
    """Run code with folders after the hook's on PYTHONPATH, or on their own for comparison."""
    path = os.pathsep.join(map(str, folders))
    environment = project.traced_environment(PYTHONPATH=path)
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_an_existing_sitecustomize_is_called_on(project: TracedProject, tmp_path: Path) -> None:
    """The environment's own sitecustomize runs, under its name and from its file."""
    other = tmp_path / "site"
    other.mkdir()
    (other / "sitecustomize.py").write_text("import sys; sys.found = (__name__, __file__)\n")
    code = "import sys, sitecustomize; print(sys.found, sitecustomize.__file__)"
    done = run_with_path(project, HOOK_FOLDER, other, code=code)
    assert done.stdout == run_with_path(project, other, code=code).stdout
    assert "found" not in done.stderr
    assert len(project.events("loaded")) == 1


@pytest.mark.parametrize(
    "line", ["raise ValueError('mine')", "import nothing_of_this_name", "syntax error"]
)
def test_an_error_in_an_existing_sitecustomize_is_printed_as_ever(
    project: TracedProject, tmp_path: Path, line: str
) -> None:
    """Python's own message about it is the same with the hook before it."""
    other = tmp_path / "site"
    other.mkdir()
    (other / "sitecustomize.py").write_text(line + "\n")
    done = run_with_path(project, HOOK_FOLDER, other, code="print('on')")
    alone = run_with_path(project, other, code="print('on')")
    assert (done.stdout, done.stderr) == (alone.stdout, alone.stderr)
    assert "Error in sitecustomize" in done.stderr


def test_without_another_sitecustomize_there_is_none(project: TracedProject, tmp_path: Path) -> None:
    """Code that asks for sitecustomize meets what it would meet without the hook."""
    empty = tmp_path / "empty"
    empty.mkdir()
    code = "import sys; print('sitecustomize' in sys.modules)\ntry: import sitecustomize\nexcept ImportError as e: print(e)"
    done = run_with_path(project, HOOK_FOLDER, empty, code=code)
    alone = run_with_path(project, empty, code=code)
    assert (done.stdout, done.stderr) == (alone.stdout, alone.stderr)


def test_the_hook_imports_only_what_is_loaded_already(project: TracedProject) -> None:
    """No process pays for a module that only the hook needs."""
    code = "import sys; print(*sorted(sys.modules))"
    added = set(project.run(code).stdout.split()) - set(project.run(code, traced=False).stdout.split())
    assert added <= {"orchestrator_bench_trace"}
