"""Nobody leads without ground, and which requirement is not met is said wherever the order is."""

from pathlib import Path

from msgspec.structs import replace

from bench.contract.records import Attempt, Ended
from bench.judging.results import read
from bench.planning.request import RunRequest
from bench.report import html, markdown, terminal
from bench.report.page_data import View, viewed
from bench.store.result_set import Store
from tests.unit.facts import attempt, chain, run, trial
from tests.unit.sets import stored

BLOCKS = 6


def own(tool: str, *, crashes: bool = False) -> list[Attempt]:
    """Return attempts of a tool on the pipeline that stands for the user's own."""
    ended = Ended(exit_code=1 if crashes else 0)
    return [
        attempt(replace(trial(tool, block), pipeline="reference"), run(1.0 + block / 100, ended=ended))
        for block in range(BLOCKS)
    ]


def with_pipeline(folder: Path, *attempts: Attempt, pipeline: str | None = "mine/pipeline.py") -> Store:
    asked = RunRequest("all", ("startup",), None, (), pipeline, seed=0, jobs=1)
    pipelines = {"reference": chain().as_json()}
    return stored(folder / "set", *attempts, request=asked.as_json(), pipelines=pipelines)


def checks(view: View) -> dict[str, bool | None]:
    assert view.scored is not None
    return {one.target: one.meets for one in view.scored.weighed["all"].ranking.totals}


def test_who_crashes_on_the_users_own_pipeline_does_not_lead(tmp_path: Path) -> None:
    """Whatever else was measured; and who was not judged on it has not shown that it can."""
    attempts = [*own("control"), *own("good"), *own("bad", crashes=True)]
    view = viewed(read(with_pipeline(tmp_path, *attempts)))
    assert checks(view) == {"good[local]": True, "bad[local]": False}
    assert view.scored is not None
    assert "bad[local]" not in view.scored.weighed["all"].ranking.leaders


def test_a_pipeline_that_comes_with_bench_bars_nobody(tmp_path: Path) -> None:
    """A crash on it costs what the criteria say."""
    attempts = [*own("control"), *own("good"), *own("bad", crashes=True)]
    view = viewed(read(with_pipeline(tmp_path, *attempts, pipeline=None)))
    assert checks(view) == {"good[local]": True, "bad[local]": True}


def test_the_requirement_and_its_reason_are_on_page_markdown_and_terminal(tmp_path: Path) -> None:
    """With what was seen."""
    attempts = [*own("control"), *own("good"), *own("bad", crashes=True)]
    store = with_pipeline(tmp_path, *attempts)
    view = viewed(read(store))
    texts = (html.text(view).replace("&#39;", "'"), markdown.text(view), terminal.text(view, store.folder))
    for text in texts:
        assert "runs your pipeline 'chain'" in text.replace("\\", "")
        assert "crashed in startup/hello" in text
        assert "✓ meets all" in text
    assert "It is the pipeline that the tool is chosen for." in texts[0]
    assert "It is the pipeline that the tool is chosen for." in texts[1]
