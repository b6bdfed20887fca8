"""The sentences of a scorecard say what its tables say, whatever was measured."""

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from bench.contract.records import Attempt, Ended, Fault
from bench.judging.results import read
from bench.report import markdown
from bench.report.page_data import View, viewed
from bench.report.sentences import context
from bench.store.result_set import Store
from tests.command_line import ROOT
from tests.unit.facts import attempt, digest, run, trial
from tests.unit.sets import blocks, stored

GOOD = digest("s", "v", a=("s", "v"))
RETYPED, ALTERED = digest("t", "v", a=("t", "v")), digest("t", "w", a=("t", "w"))


def sent(tool: str, received: object = GOOD, block: int = 0) -> Attempt:
    """Return an attempt of the reference scenario in which a value arrived as said."""
    verifying = run(
        role="verifying", delivered={"begin.begin_result": GOOD}, received={"finish.value": received}
    )
    return attempt(trial(tool, block, "reference", "flights"), verifying)


def failed(tool: str, block: int = 0, scenario: str = "startup", case: str = "hello") -> Attempt:
    return attempt(trial(tool, block, scenario, case), run(ended=Ended(exit_code=1)))


def error(tool: str, block: int = 0) -> Attempt:
    return attempt(trial(tool, block), fault=Fault(where="machine", reason="full"))


SETS: dict[str, list[Attempt]] = {
    "one tool": blocks(2, control=1.0, one=2.0),
    "no control": blocks(2, one=1.0, two=2.0),
    "only the control": blocks(2, control=1.0),
    "all failed": [*blocks(1, control=1.0), failed("one"), failed("two")],
    "errors only": [error("control"), error("one")],
    "an error beside a good block": [*blocks(2, control=1.0), error("one"), attempt(trial("one", 1))],
    "a failure beside an error": [*blocks(2, control=1.0), failed("one"), error("one", 1)],
    "altered and retyped": [sent("control"), sent("one", RETYPED), sent("two", ALTERED), sent("three")],
    "control failed": [failed("control"), *blocks(1, one=1.0)],
}


def shown(folder: Path, name: str) -> View:
    """Return the view of one of the sets, or of the published one."""
    if name == "published":
        return viewed(read(Store(ROOT / "results" / "2026-11-27-everything")))
    scenarios = tuple({one.trial.scenario for one in SETS[name]})
    return viewed(read(stored(folder / "set", *SETS[name], scenarios=scenarios)))


@pytest.mark.parametrize("name", [*SETS, "published"])
def test_the_sentences_and_the_tables_say_the_same(name: str, tmp_path: Path) -> None:
    """Who was right, who was not and by which word, and of whom too little is known."""
    view = shown(tmp_path, name)
    said = " ".join(context(view))
    worth = view.worth
    cells = {
        one.name: [(case.scenario, word) for case in view.plain_cases if one.name in case.answers
                   for word in case.words(one.name)]
        for one in view.tools
    }  # fmt: skip
    right = [
        target for target, words in cells.items() if words and all(worth[s].get(w) == 1 for s, w in words)
    ]
    wrong = {target for target, words in cells.items() if any(worth[s].get(w, 1) < 1 for s, w in words)}
    found = re.search(r"(\d+) of (\d+) targets were right in every test(?:; not ([^.;]*))?", said)
    if not right and not wrong:
        # Nobody is told as right, and nobody as wrong, of tests that are all errors.
        assert found is None
        assert ("nothing could be judged" in said) == bool(cells)
    else:
        assert found is not None
        assert (int(found[1]), int(found[2])) == (len(right), len(cells))
        assert set(re.findall(r"[\w-]+\[[\w+]+\]", found[3] or "")) == wrong
    page = markdown.text(view)
    for case in view.plain_cases:
        for target in case.answers:
            assert f"| {target} | {', '.join(case.words(target))} |" in page
    errors = [answer for answer in view.answers if answer.verdict.outcome == "error"]
    assert bool(errors) == ("of the harness or its set-up" in said) or not view.tools
    for target, failures, ran in re.findall(r"([\w-]+\[[\w+]+\]) (\d+) of (\d+)[,.]", said):
        lines = [line.verdicts[target] for matrix in view.matrices for line in matrix.lines
                 if line.part is None and target in line.verdicts]  # fmt: skip
        judged = [one for one in lines if one.outcome in ("measured", "failed")]
        assert (int(failures), int(ran)) == (sum(one.outcome == "failed" for one in judged), len(judged))


def test_a_block_that_could_not_be_judged_hides_none_that_was(tmp_path: Path) -> None:
    """One rule for tables, scores and comparisons."""
    view = shown(tmp_path, "an error beside a good block")
    (case,) = view.plain_cases
    assert case.words("one[local]") == ["right"]
    assert len(view.errors) == 1
    view = shown(tmp_path / "b", "a failure beside an error")
    assert view.plain_cases[0].words("one[local]") == ["crashed"]


def test_a_judged_block_stands_in_matrix_comparison_and_score_beside_an_error(tmp_path: Path) -> None:
    """The worst of those that were judged."""
    from bench.judging.blocks import worst
    from bench.judging.verdicts import Verdict
    from bench.scoring.comparison import compare

    place = {"crashed": 0.0, "right": 1.0}.get
    of = trial()
    right, broken = Verdict(of, "measured", "right", ""), Verdict(of, "error", "error", "full")
    crashed = Verdict(of, "failed", "crashed", "")
    assert worst([right, broken], place) == right
    assert worst([right, crashed, broken], place) == crashed
    assert worst([broken], place) == broken
    assert worst([replace(right, outcome="unsupported", word="unsupported"), right], place) == right
    one = read(stored(tmp_path / "a", *SETS["an error beside a good block"]))
    two = read(stored(tmp_path / "b", *blocks(2, control=1.0, one=2.0)))
    assert {truth.turn for truth in compare(one, two).truths} == {"unchanged"}


def test_cases_of_a_users_own_pipeline_are_not_missed_where_there_is_none(tmp_path: Path) -> None:
    """The published set was measured to its end, but for series that an interim check ended."""
    view = shown(tmp_path, "published")
    assert not [one.what for one in view.warnings if one.what.startswith("not measured to the end")]
