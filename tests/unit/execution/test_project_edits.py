"""Named edits of a rendered project: read, checked, measured and made."""

from pathlib import Path

import pytest

from bench.adapters import Sandbox, SourceMap, Span
from bench.contract import native_edit
from bench.contract.records import Command
from bench.errors import AdapterError
from bench.execution import project_edits

RETRIES = """
source = "https://example.org/retries"

[[edits]]
file = "src/flow.py"
old = "@task\\ndef assess"
new = "@task(retries=2)\\ndef assess"
"""


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    (tmp_path / "mytool" / "changes").mkdir(parents=True)
    return tmp_path / "mytool"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "project" / "src").mkdir(parents=True)
    (tmp_path / "project" / "src" / "flow.py").write_text(
        "@task\ndef assess(): ...\n\n\n@task\ndef end(): ...\n"
    )
    return tmp_path / "project"


def written(adapter: Path, text: str, name: str = "retries", folder: str = "changes") -> Path:
    (adapter / folder).mkdir(exist_ok=True)
    (adapter / folder / f"{name}.toml").write_text(text)
    return adapter


def refused(adapter: Path, project: Path, text: str) -> str:
    written(adapter, text)
    with pytest.raises(AdapterError) as caught:
        project_edits.fitting(adapter, "retries", project)
    message = str(caught.value)
    assert message.startswith("adapter 'mytool': ")
    assert "changes/retries.toml" in message
    assert "\n" not in message
    return message


def test_an_edit_replaces_its_text_and_touches_no_other_file(adapter: Path, project: Path) -> None:
    """Inode and time of modification of the others stay."""
    other = project / "README"
    other.write_text("as it was")
    before = other.stat()
    _, texts = project_edits.fitting(written(adapter, RETRIES), "retries", project)
    project_edits.apply(project, texts)
    assert (project / "src" / "flow.py").read_text().startswith("@task(retries=2)\ndef assess")
    assert (other.stat().st_ino, other.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_edits_of_one_file_follow_each_other(adapter: Path, project: Path) -> None:
    """The second sees what the first has written."""
    more = '[[edits]]\nfile = "src/flow.py"\nold = "retries=2"\nnew = "retries=3"\n'
    _, texts = project_edits.fitting(written(adapter, RETRIES + more), "retries", project)
    assert "retries=3" in texts["src/flow.py"]


def test_an_added_file_is_written_with_its_folders(adapter: Path, project: Path) -> None:
    """Wherever it stands in the project."""
    text = 'source = "x"\n[[files]]\npath = "conf/prod/a.yml"\ntext = "day: 1\\n"\n'
    _, texts = project_edits.fitting(written(adapter, text), "retries", project)
    project_edits.apply(project, texts)
    assert (project / "conf" / "prod" / "a.yml").read_text() == "day: 1\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (RETRIES + "[settings]\nx = 1\n", "unknown field"),
        (
            RETRIES.replace("src/flow.py", "src/flows.py"),
            "is no file of the project; did you mean 'src/flow.py'?",
        ),
        (RETRIES.replace("def assess", "def asses_"), "has 0 places that read '@task'"),
        (RETRIES.replace('"@task\\ndef assess"', '"@task"'), "has 2 places that read '@task'"),
        (RETRIES.replace("src/flow.py", "../flow.py"), "is not inside the project"),
        (RETRIES.replace("https://example.org/retries", ""), "names no source"),
        ('source = "x"\n', "changes nothing"),
        ('source = "x"\narguments = ["a"]\ncommand = ["b"]\n', "has a command and arguments"),
        ('source = "x"\nbefore = "a"\ncommand = ["b"]\n', "says before, but has no arguments"),
        ('source = "x"\narguments = ["a"]\ntold = "("\n', "told is no pattern"),
        (
            RETRIES + '[unsupported]\nscope = "tool"\nreason = "r"\nsource = "s"\n',
            "says [unsupported] without setups",
        ),
        (
            'source = "x"\n[[files]]\npath = "src/flow.py"\ntext = ""\n',
            "is to be added, but the project has it",
        ),
    ],
)
def test_what_does_not_fit_is_said_in_one_line_with_its_place(
    adapter: Path, project: Path, text: str, says: str
) -> None:
    """Before anything is written."""
    before = (project / "src" / "flow.py").read_bytes()
    assert says in refused(adapter, project, text)
    assert (project / "src" / "flow.py").read_bytes() == before


def test_a_folder_has_just_the_known_names(adapter: Path) -> None:
    """A misspelt one is told with the nearest, a missing one by its place."""
    written(adapter, RETRIES, "retry", "mistakes")
    with pytest.raises(
        AdapterError, match=r"mistakes/retry\.toml is of no known name; did you mean 'retries'"
    ):
        native_edit.check(adapter, {"retries"}, "mistakes")
    written(adapter, RETRIES, "retries")
    with pytest.raises(AdapterError, match=r"no file changes/timeout\.toml"):
        native_edit.check(adapter, {"retries", "timeout"})
    native_edit.check(adapter, {"retries"})


def test_what_is_absent_is_declared_for_its_setups(adapter: Path) -> None:
    """And for all where it names none."""
    text = '[unsupported]\nscope = "mode"\nreason = "needs a server"\nsource = "s"\nsetups = ["local"]\n'
    change = native_edit.load(written(adapter, RETRIES + text), "retries")
    declared = change.declared("local")
    assert declared is not None
    assert (declared.outcome, declared.scope, declared.reason) == ("unsupported", "mode", "needs a server")
    assert change.declared("server") is None


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    return Sandbox(
        root=tmp_path,
        home=tmp_path / "home",
        tmp=tmp_path / "tmp",
        project=tmp_path / "project",
        state=tmp_path / "state",
        results=tmp_path / "results",
        data=tmp_path / "data",
        python=Path("/env/bin/python"),
    )


COMMAND = Command(argv=("/env/bin/tool", "run", "flow.py", "--day", "1"), cwd="/")


def typed(adapter: Path, text: str, sandbox: Sandbox) -> Command:
    return native_edit.load(written(adapter, f'source = "x"\n{text}'), "retries").typed(COMMAND, sandbox)


def test_arguments_stand_at_the_end_or_before_a_word(adapter: Path, sandbox: Sandbox) -> None:
    """Some tools read them only there."""
    assert typed(adapter, 'arguments = ["--slow"]', sandbox).argv == (*COMMAND.argv, "--slow")
    found = typed(adapter, 'arguments = ["--slow"]\nbefore = "flow.py"', sandbox)
    assert found.argv == ("/env/bin/tool", "run", "--slow", "flow.py", "--day", "1")
    with pytest.raises(AdapterError, match="stands 0 times in the command"):
        typed(adapter, 'arguments = ["--slow"]\nbefore = "flows.py"', sandbox)


def test_a_command_takes_the_place_of_the_runs_own(adapter: Path, sandbox: Sandbox) -> None:
    """With the sandbox's folders, the variables and the answer."""
    found = typed(
        adapter,
        'command = ["{bin}/tool", "part", "{results}"]\nanswer = "y\\n"\n[environment]\nENV = "{home}"',
        sandbox,
    )
    assert found.argv == ("/env/bin/tool", "part", str(sandbox.results))
    assert (found.env["ENV"], found.stdin) == (str(sandbox.home), "y\n")


def test_the_size_counts_what_is_written_and_what_is_typed(adapter: Path, project: Path) -> None:
    """Here: ( retries = 2 ) and one argument."""
    change, texts = project_edits.fitting(
        written(adapter, 'arguments = ["--x"]' + RETRIES), "retries", project
    )
    size = project_edits.size(change, project, texts)
    assert (size.files, size.tokens_added, size.tokens_removed) == (1, 6, 0)
    assert (size.lines_added, size.lines_removed) == (1, 1)


def test_a_traced_function_is_added_or_takes_a_stages_place(adapter: Path) -> None:
    """The others stay as they were."""
    text = RETRIES + '[[stages]]\nstage = "b"\nfile = "c.py"\nfunction = "B.run"\n'
    known = SourceMap((Span("a", "a.py", "a", ("x",)), Span("b", "b.py", "b", ("y",))))
    found = project_edits.traced(native_edit.load(written(adapter, text), "retries"), known)
    assert found.spans == (known.spans[0], Span("b", "c.py", "B.run", ()))
