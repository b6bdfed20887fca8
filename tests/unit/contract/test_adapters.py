"""Adapters are found, loaded and checked against the contract before anything is run."""

from pathlib import Path

import pytest

from bench.adapters import discover, find, load
from bench.contract.adapter_manifest import read_manifest
from bench.errors import AdapterError

MANIFEST = """
name = "mytool"
display = "My tool"
homepage = "https://example.org"
licence = "MIT"
package = "mytool"
python = ">=3.11"
default_setup = "local"

[setups.local]
mode = "in process"
run_by = "mytool run"
"""
CODE = """
from bench.adapters import Adapter, Command, SourceMap


class MyTool(Adapter):
    def render(self, pipeline, project, options):
        return SourceMap(())

    def run(self, pipeline, sandbox, parameters, options):
        return Command(argv=("true",), cwd="/")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give an adapter that keeps the contract."""
    folder = tmp_path / "mytool"
    folder.mkdir()
    (folder / "adapter.toml").write_text(MANIFEST)
    (folder / "adapter.py").write_text(CODE)
    return folder


def refused(folder: Path) -> str:
    with pytest.raises(AdapterError) as caught:
        load(folder)
    message = str(caught.value)
    assert "adapter 'mytool'" in message
    assert "\n" not in message
    return message


def test_an_adapter_that_keeps_the_contract_is_loaded(folder: Path) -> None:
    """With its manifest."""
    assert load(folder).manifest.display == "My tool"


ABSENT = '[absent.timeouts]\nscope = "tool"\nreason = "it has none"\nsource = "https://example.org"\n'


def test_a_capability_that_nobody_asks_for_is_refused(folder: Path) -> None:
    """It would lack nothing; the nearest name is told."""
    (folder / "adapter.toml").write_text(f"{MANIFEST}\n{ABSENT}")
    message = refused(folder)
    assert "[absent.timeouts]" in message
    assert "timeout" in message.partition("]")[2]


def test_a_folder_without_a_manifest_is_named(folder: Path) -> None:
    """With the file that is missing."""
    (folder / "adapter.toml").unlink()
    assert "adapter.toml cannot be read" in refused(folder)


def test_an_unknown_key_is_named(folder: Path) -> None:
    """It may be a misspelt one."""
    (folder / "adapter.toml").write_text('pyton = ">=3.11"\n' + MANIFEST)
    assert "unknown field `pyton`" in refused(folder)


def test_a_key_that_is_missing_is_named(folder: Path) -> None:
    """Of those that every manifest has."""
    (folder / "adapter.toml").write_text(MANIFEST.replace('licence = "MIT"\n', ""))
    assert "missing required field `licence`" in refused(folder)


def test_a_wrong_value_is_named_with_its_place(folder: Path) -> None:
    """A mode has a closed list of values."""
    (folder / "adapter.toml").write_text(MANIFEST.replace("in process", "in the clouds"))
    assert "$.setups[...].mode" in refused(folder)


def test_the_name_is_the_folders(folder: Path) -> None:
    """A copy that was not renamed would hide the original."""
    (folder / "adapter.toml").write_text(MANIFEST.replace('"mytool"', '"other"', 1))
    assert "says name = 'other'" in refused(folder)


def test_the_default_setup_must_be_one(folder: Path) -> None:
    """With the nearest name."""
    (folder / "adapter.toml").write_text(
        MANIFEST.replace('default_setup = "local"', 'default_setup = "locl"')
    )
    assert "did you mean 'local'?" in refused(folder)


def test_a_class_that_lacks_a_method_is_named_with_it(folder: Path) -> None:
    """By adapter and method."""
    (folder / "adapter.py").write_text(CODE.replace("def run(", "def walk("))
    assert "class MyTool lacks the method run()" in refused(folder)


def test_an_adapter_has_one_class(folder: Path) -> None:
    """Otherwise it is not known which is meant."""
    (folder / "adapter.py").write_text(CODE + CODE.replace("MyTool", "Second"))
    assert "found 2" in refused(folder)


def test_an_import_of_the_tool_is_refused_with_its_line(folder: Path) -> None:
    """Adapters are harness code: the tool lives in an environment of its own."""
    (folder / "adapter.py").write_text("import mytool\n" + CODE)
    assert "adapter.py:1 imports 'mytool'" in refused(folder)


def test_a_neighbour_is_checked_as_well(folder: Path) -> None:
    """But for the probe, which runs beside the tool."""
    (folder / "helper.py").write_text("import pandas\n")
    assert "helper.py:1 imports 'pandas'" in refused(folder)
    (folder / "helper.py").rename(folder / "probe.py")
    assert load(folder).manifest.name == "mytool"


def test_a_neighbour_can_be_imported(folder: Path) -> None:
    """By a relative import; two adapters' modules never meet."""
    (folder / "helper.py").write_text("NAME = 'helper'\n")
    (folder / "adapter.py").write_text("from .helper import NAME\n" + CODE)
    assert load(folder).manifest.name == "mytool"


def test_a_syntax_error_is_named_with_its_line(folder: Path) -> None:
    """In one line."""
    (folder / "adapter.py").write_text(CODE + "def broken(:\n")
    assert "adapter.py:" in refused(folder)


def test_an_exception_at_import_is_told(folder: Path) -> None:
    """With its type."""
    (folder / "adapter.py").write_text(CODE + "\n1 / 0\n")
    assert "ZeroDivisionError" in refused(folder)


def test_an_unknown_tool_gets_the_nearest_name() -> None:
    """Of those that come with bench."""
    with pytest.raises(AdapterError, match="unknown tool 'prefct'; did you mean 'prefect'"):
        find("prefct", discover())


def test_an_adapter_from_outside_is_found_beside_the_others(folder: Path) -> None:
    """By its folder's name."""
    found = discover((folder,))
    assert found["mytool"] == folder
    assert {"flyte", "metaflow", "kfp", "prefect", "kedro", "control", "aa"} <= set(found)


@pytest.mark.parametrize(("lock", "same"), [("requirements", True), ("launchpad", False), ("pages", False)])
def test_what_is_installed_beside_the_environment_is_part_of_what_is_measured(
    folder: Path, lock: str, *, same: bool
) -> None:
    """The environment that is measured has a hash of its own; what an exported project is locked to is a fact."""
    before = load(folder).digest
    (folder / "locks").mkdir()
    (folder / "locks" / f"{lock}.txt").write_text("viewer==1.0\n")
    assert (load(folder).digest == before) == same


def test_every_shipped_adapter_keeps_the_contract() -> None:
    """And says why each setting differs from the default."""
    for folder in discover().values():
        adapter = load(folder)
        assert read_manifest(folder) == adapter.manifest
        assert all(setting.reason for setting in adapter.manifest.settings)
