"""What a user's pipeline requires goes into every tool's environment, with one set of pins."""

import re
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bench.environments import _uv, requirements
from bench.environments._uv import LOCK
from bench.errors import EnvironmentFault, PipelineError

INDEX = {"slug": ["1", "2", "3"], "tool-a": ["1"], "tool-b": ["1"]}
"""A small package index: the newest version is the last."""


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    """Hold a pipeline file without requirements."""
    file = tmp_path / "user" / "pipeline.py"
    file.parent.mkdir()
    file.write_text("import stages\n")
    return file


def test_a_pipeline_that_states_nothing_requires_nothing(pipeline: Path) -> None:
    """Then every tool has the environment that bench locked for it."""
    assert requirements.asked(pipeline) is None
    adapter: Any = SimpleNamespace(manifest=SimpleNamespace(name="a"))
    assert requirements.locks(None, []).lock_of(adapter) == LOCK


def test_a_file_beside_the_pipeline_states_requirements(pipeline: Path) -> None:
    """Comments and empty lines are none."""
    pipeline.with_name("requirements.in").write_text("# ours\n\nslug<3  # old\ntabulate\n")
    found = requirements.asked(pipeline)
    assert found is not None
    assert found.lines == ("slug<3  # old", "tabulate")
    assert found.names == ["slug", "tabulate"]


def test_a_block_in_the_pipelines_file_states_requirements(pipeline: Path) -> None:
    """As PEP 723 says; also with the line ends of Windows and a byte order mark."""
    block = '# /// script\n# requires-python = ">=3.11"\n# dependencies = [\n#   "slug<3",\n# ]\n# ///\n'
    for text in (block, block.replace("\n", "\r\n"), "\ufeff" + block):
        pipeline.write_bytes(text.encode() + b"import stages\n")
        found = requirements.asked(pipeline)
        assert found is not None
        assert found.lines == ("slug<3",)


def test_a_block_that_is_not_valid_is_told_with_its_line(pipeline: Path) -> None:
    """It is not passed over."""
    pipeline.write_text('"""Mine."""\n# /// script\n# dependencies = [\n# ///\n')
    with pytest.raises(PipelineError, match=re.escape(f"{pipeline}:2: the block '# /// script'")):
        requirements.asked(pipeline)


class Index:
    """Stands in for uv: resolves by INDEX, with bounds ``==`` and ``<`` only, and the newest version first."""

    def __init__(self) -> None:
        self.reachable = True

    def run(self, arguments: list[str]) -> subprocess.CompletedProcess[str]:
        if not self.reachable:
            return subprocess.CompletedProcess(arguments, 2, "", "error: dns error")
        files = [one for one in arguments if one.endswith((".in", "pins.txt"))]
        lines = [line for file in files for line in Path(file).read_text().split("\n") if line]
        chosen: dict[str, list[str]] = {}
        for line in lines:
            found = re.fullmatch(r"([\w-]+)(==|<)?(\w+)?", line)
            assert found is not None
            name, sign, bound = found.groups()
            if name not in INDEX:
                return subprocess.CompletedProcess(arguments, 1, "", f"error: {name} was not found")
            left = chosen.setdefault(name, INDEX[name])
            if sign:
                chosen[name] = [one for one in left if (one == bound if sign == "==" else one < bound)]
            if not chosen[name]:
                return subprocess.CompletedProcess(arguments, 1, "", f"error: {line} clashes")
        needed = {
            re.split("==|<", line)[0]
            for file in files
            if file.endswith(".in")
            for line in Path(file).read_text().split("\n")
        }
        text = "".join(f"{name}=={found[-1]}\n" for name, found in sorted(chosen.items()) if name in needed)
        Path(arguments[-1]).write_text(text)
        return subprocess.CompletedProcess(arguments, 0, "", "")


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Index:
    """Put the small index in the place of uv, and the cache into an own folder."""
    found = Index()
    monkeypatch.setenv("ORCHESTRATOR_BENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(_uv, "run", found.run)
    monkeypatch.setattr(_uv, "interpreter", lambda *_: (Path("/python"), "3.11.1"))
    return found


def adapter(tmp_path: Path, name: str, role: str, needs: str) -> Any:
    """Return an adapter with these requirements."""
    folder = tmp_path / name
    (folder / "locks").mkdir(parents=True)
    (folder / "requirements.in").write_text(needs)
    (folder / "locks" / LOCK).write_text("")
    return SimpleNamespace(folder=folder, manifest=SimpleNamespace(name=name, role=role))


def locked(pipeline: Path, asked: str, *adapters: Any) -> requirements.Locks:
    pipeline.with_name("requirements.in").write_text(asked)
    return requirements.locks(requirements.asked(pipeline), adapters)


def slugs(found: requirements.Locks) -> dict[str, str]:
    return {name: re.findall(r"slug==(\d)", path.read_text())[0] for name, path in found.files.items()}


def test_all_tools_get_one_version_also_where_one_tool_holds_it_back(
    index: Index, pipeline: Path, tmp_path: Path
) -> None:
    """The pipeline leaves room, so the version that all can take becomes the common one, the control's too."""
    control, free = adapter(tmp_path, "control", "control", ""), adapter(tmp_path, "a", "tool", "tool-a")
    bound = adapter(tmp_path, "b", "tool", "tool-b\nslug<3")
    found = locked(pipeline, "slug\n", control, free, bound)
    assert slugs(found) == {"control": "2", "a": "2", "b": "2"}
    assert found.own_pins == {"slug": "2"}
    assert not found.refused


def test_only_the_tool_that_clashes_is_refused_with_uvs_reason(
    index: Index, pipeline: Path, tmp_path: Path
) -> None:
    """The pipeline insists on a version, so bench does not give way for the tool."""
    control, free = adapter(tmp_path, "control", "control", ""), adapter(tmp_path, "a", "tool", "tool-a")
    bound = adapter(tmp_path, "b", "tool", "tool-b\nslug<3")
    found = locked(pipeline, "slug==3\n", control, free, bound)
    assert slugs(found) == {"control": "3", "a": "3"}
    assert list(found.refused) == ["b"]
    assert "clashes" in found.refused["b"]


def test_requirements_that_nobody_can_meet_are_the_users(
    index: Index, pipeline: Path, tmp_path: Path
) -> None:
    """A name that is misspelt is no finding about a tool."""
    control = adapter(tmp_path, "control", "control", "")
    with pytest.raises(PipelineError, match="cannot be met: slugg was not found"):
        locked(pipeline, "slugg\n", control)


def test_an_index_that_cannot_be_reached_is_an_error_and_no_finding(
    index: Index, pipeline: Path, tmp_path: Path
) -> None:
    """Nothing is said about a tool."""
    control, tool = adapter(tmp_path, "control", "control", ""), adapter(tmp_path, "a", "tool", "tool-a")
    index.reachable = False
    with pytest.raises(EnvironmentFault, match="the package index cannot be reached"):
        locked(pipeline, "slug\n", control, tool)


def test_a_lock_is_made_once(index: Index, pipeline: Path, tmp_path: Path) -> None:
    """Afterwards no index is needed."""
    control, tool = adapter(tmp_path, "control", "control", ""), adapter(tmp_path, "a", "tool", "tool-a")
    first = locked(pipeline, "slug\n", control, tool)
    index.reachable = False
    assert locked(pipeline, "slug\n", control, tool).files == first.files
