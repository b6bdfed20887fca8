"""Lines over task counts and published figures, as a scorecard shows them."""

from collections.abc import Mapping
from pathlib import Path

from bench.contract.records import Attempt
from bench.report import markdown, terminal
from bench.report.page_data import View, view_of
from bench.report.published_view import beside
from tests.unit.facts import attempt, run, trial
from tests.unit.report.test_view import view
from tests.unit.sets import stored

COUNTS = {"chain-1": 1, "chain-5": 5, "chain-10": 10, "chain-50": 50}


def times(tool: str, seconds: Mapping[str, float], blocks: int = 2) -> list[Attempt]:
    """Return attempts of a tool in the overhead scenario, the same in every block."""
    return [
        attempt(trial(tool, block, "overhead", case), run(value))
        for case, value in seconds.items()
        for block in range(blocks)
    ]


def shown(folder: Path, bend: float = 0.0) -> View:
    """Return a view of a control that takes 0.5 s, and of a tool with 1.5 s of start-up and 0.02 s a task."""
    control = dict.fromkeys((*COUNTS, "fibonacci-33"), 0.5)
    tool = {case: 2.0 + 0.02 * x + bend * x * x for case, x in COUNTS.items()} | {"fibonacci-33": 7.0}
    return view(folder, *times("control", control), *times("quick", tool))


def test_a_line_is_told_with_its_start_up_and_how_sure_it_is(tmp_path: Path) -> None:
    """Beyond the control's half second."""
    page = markdown.text(shown(tmp_path))
    assert "## overhead/per_task: a task in a chain, and start-up, with no task" in page
    assert "| quick[local] | 0.020 | [0.020, 0.020] | 1.50 | [1.50, 1.50] |" in page
    assert "of 8 | yes: no count is off the line by more than 5% of what it took |" in page


def test_a_slower_control_changes_no_score(tmp_path: Path) -> None:
    """What is shown is beyond the control; what is scored is not, or a slow control would be good for all."""
    tool = {case: 2.0 + 0.02 * x for case, x in COUNTS.items()}
    scores = []
    for step in (0.0, 0.015):
        control = {case: 0.5 + step * x for case, x in COUNTS.items()}
        of = stored(
            tmp_path / str(step), *times("control", control), *times("quick", tool), scenarios=("overhead",)
        )
        scored = view_of(of, "operations").scored
        assert scored is not None
        scores.append(
            [(one.low.tolist(), one.high.tolist(), one.known) for one in scored.graded("quick[local]")]
        )
    assert scores[0] == scores[1]
    assert any(known > 0 for _, _, known in scores[0])


def test_a_curve_that_is_not_linear_is_said_to_be_so(tmp_path: Path) -> None:
    """On the page and in the terminal."""
    bent = shown(tmp_path, bend=0.004)
    assert "| **no**: at " in markdown.text(bent)
    assert "not linear: at " in terminal.text(bent, tmp_path)


def test_published_figures_stand_beside_what_was_measured_here(tmp_path: Path) -> None:
    """A whole run beside the published workload, a slope beside the published cost of a task."""
    view = shown(tmp_path)
    found = {one.name: one for one in beside(view)}
    assert set(found) == {"fibonacci-33", "per_task"}
    assert found["fibonacci-33"].ours == {"control[local]": 0.5, "quick[local]": 7.0}
    assert round(found["per_task"].ours["quick[local]"], 6) == 0.02
    page = markdown.text(view)
    assert "| Prefect | 2.14.4 | 15.5 s | ten tasks of fibonacci(33) in one flow" in page
    assert "results/python, 2025 |" in page


def test_a_workload_that_was_not_measured_has_no_published_figures(tmp_path: Path) -> None:
    """There is nothing to stand beside."""
    names = {one.name for one in beside(shown(tmp_path))}
    assert "fibonacci-10" not in names


def test_a_cost_below_zero_is_not_told_as_a_number(tmp_path: Path) -> None:
    """No task costs less than nothing: the start-up varied. It is no score either."""
    control = dict.fromkeys(COUNTS, 0.5)
    falling = {case: 20.0 - 0.02 * x for case, x in COUNTS.items()}
    noisy = {case: 20.0 - 0.02 * x + (1.5 if x == 50 else 0.0) for case, x in COUNTS.items()}
    attempts = (*times("control", control), *times("falls", falling), *times("varies", noisy))
    shown = view(tmp_path, *attempts, tools=("control", "falls", "varies"))
    page = markdown.text(shown)
    assert "| falls[local] | not told | it came out below 0: the start-up varied by more |" in page
    assert "| varies[local] | none seen | at most 0.0" in page
    assert "-0.0" not in page
    assert "not told" in terminal.text(shown, tmp_path)
