"""Pictures: which there are, what they say without colour, and that they are the same every time."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bench.contract.records import BodyRun
from bench.errors import StoreError
from bench.report import figures
from bench.report.matrices import Matrix, MatrixColumn, MatrixRow
from bench.report.page_data import View, viewed
from bench.store.result_set import Store
from tests.command_line import ROOT
from tests.unit.facts import attempt, run, trial
from tests.unit.sets import blocks, results

PUBLISHED = ROOT / "results" / "2026-11-27-everything"


def texts(path: Path) -> list[str]:
    """Return all texts of a picture."""
    return ["".join(one.itertext()) for one in ET.parse(path).iter() if one.tag.endswith("}text")]


def shown(folder: Path, **seconds: float) -> View:
    return viewed(results(folder / "set", *blocks(6, **seconds)))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder with the pictures of the published set."""
    from bench.judging.results import read

    folder = tmp_path_factory.mktemp("published")
    figures.draw(viewed(read(Store(PUBLISHED))), folder)
    return folder / "figures"


def test_the_primary_time_of_each_case_has_a_picture(tmp_path: Path) -> None:
    """With every target, its median in figures, and what the marks mean."""
    (path,) = figures.draw(shown(tmp_path, control=1.0, one=2.0), tmp_path)
    assert path == tmp_path / "figures" / "times-startup-hello-first-body.svg"
    found = texts(path)
    assert "control[local]  0.512" in found
    assert "one[local]  1.02" in found
    assert "s (dots: samples, line: median, bar: 95 % interval)" in found


def test_a_time_that_was_measured_once_has_no_picture(tmp_path: Path) -> None:
    """There is no spread to see."""
    known = viewed(results(tmp_path / "set", *blocks(1, control=1.0)))
    assert figures.draw(known, tmp_path) == []


def test_a_wide_range_is_drawn_logarithmically_and_said(tmp_path: Path) -> None:
    """With figures that people write."""
    (path,) = figures.draw(shown(tmp_path, control=0.1, one=20.0), tmp_path)
    assert "s (logarithmic; dots: samples, line: median, bar: 95 % interval)" in texts(path)
    assert {"0.1", "1", "10"} <= set(texts(path))


def test_each_target_has_the_stages_of_its_reference_run(published: Path) -> None:
    """In the order in which they ran."""
    names = {path.stem for path in published.glob("stages-*.svg")}
    local = {f"stages-{tool}-local" for tool in ("control", "flyte", "kedro", "kfp", "metaflow", "prefect")}
    assert names == {*local, "stages-prefect-server"}
    found = texts(published / "stages-kfp-local.svg")
    stages = [one for one in found if "_" in one or one in ("evaluate", "reporting")]
    assert stages[0] == "process_raw_data"
    assert stages[-1] == "reporting"
    assert len(stages) == 6


def test_a_matrix_says_each_word_with_a_symbol_beside_the_colour(tmp_path: Path) -> None:
    """So it can be read in black and white."""
    words = {"one[local]": "right hit", "other[local]": "wasted", "third[local]": "stale"}
    matrix = Matrix(
        scenario="caching",
        question="Are results reused, and rightly?",
        criterion="caching",
        columns=tuple(MatrixColumn(target, None, None, True, "") for target in (*words, "fourth[local]")),
        lines=(MatrixRow("body", None, "code", "edited", {}, {**words, "fourth[local]": "error"}),),
        legend=(),
    )
    worth = {"startup": {}, "caching": {"right hit": 1.0, "wasted": 0.3, "stale": 0.0}}
    known = replace(shown(tmp_path, control=1.0), matrices=(matrix,), worth=worth)
    path = next(one for one in figures.draw(known, tmp_path) if one.stem == "matrix-caching")
    found = texts(path)
    assert [one for one in found if one[:2] in {"✓ ", "~ ", "✗ ", "- "} and "worth" not in one] == [
        "✓ right hit",
        "~ wasted",
        "✗ stale",
        "- error",
    ]
    assert "✓ worth 1, ~ less, ✗ nothing, - no verdict" in found
    assert {"body", *words} <= set(found)


def test_the_same_set_gives_the_same_bytes(published: Path) -> None:
    """In another process too, on another day."""
    code = (
        "import sys; from pathlib import Path\n"
        "from bench.store.result_set import Store\n"
        "from bench.report import figures\n"
        "from bench.report.page_data import view_of\n"
        f"figures.draw(view_of(Store(Path({str(PUBLISHED)!r}))), Path(sys.argv[1]))"
    )
    folder = published.parent / "again"
    folder.mkdir()
    subprocess.run([sys.executable, "-c", code, str(folder)], cwd=ROOT, check=True)
    for path in published.iterdir():
        assert (folder / "figures" / path.name).read_bytes() == path.read_bytes()


def test_pictures_of_before_are_gone_and_other_files_stay(tmp_path: Path) -> None:
    """A target that is no longer in the set has none."""
    place = tmp_path / "figures"
    place.mkdir()
    (place / "stages-gone-local.svg").write_text("old")
    (place / "own.svg").write_text("own")
    figures.draw(shown(tmp_path, control=1.0), tmp_path)
    assert sorted(path.name for path in place.iterdir()) == [
        "own.svg",
        "times-startup-hello-first-body.svg",
    ]


def test_what_a_tool_says_is_no_formula(tmp_path: Path) -> None:
    """A dollar sign is one."""
    strange = run(
        bodies=tuple(
            BodyRun(stage=stage, pid=1, thread=1, start=0, end=10**8)
            for stage in ("begin", "finish", "$x$")
        )
    )
    import msgspec

    of = msgspec.structs.replace(trial("control"), pipeline="reference")
    chain = results(tmp_path / "chain", *blocks(1, control=1.0)).manifest.pipelines["chain"]
    known = results(tmp_path / "set", attempt(of, strange), pipelines={"reference": chain})
    (path,) = (one for one in figures.draw(viewed(known), tmp_path) if one.stem.startswith("stages"))
    assert "$x$" in texts(path)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """With the way to do without."""
    (tmp_path / "figures").write_text("a file")
    with pytest.raises(StoreError, match=r"cannot write pictures to .*--no-figures"):
        figures.draw(shown(tmp_path, control=1.0), tmp_path)
