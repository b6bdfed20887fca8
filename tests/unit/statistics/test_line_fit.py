"""Lines through times over task counts: against planted truths and by simulation."""

import math
import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bench.contract.records import Attempt
from bench.contract.scenario import Loaded, find, load
from bench.contract.scenario_manifest import LineSpec
from bench.judging.judge import Judge
from bench.judging.rules import Judging, rules_of
from bench.judging.verdicts import Verdict
from bench.pipeline import Pipeline
from bench.scoring.scaling_lines import MOST_BLOCKS, fits_of
from bench.statistics.line_fit import EVEN, Fit, Point, fit
from tests.unit.facts import attempt, chain, run, trial

COUNTS = (1, 5, 10, 50)
START, TASK = 2.0, 0.03


def points(
    truth: Callable[[float], float], counts: Sequence[float] = COUNTS, blocks: int = 1
) -> list[Point]:
    """Return what a target would show that takes this much at each count, beyond a control of 0.1 s."""
    return [Point(f"chain-{x:g}", block, x, truth(x) + 0.1, 0.1) for x in counts for block in range(blocks)]


def straight(x: float) -> float:
    return START + TASK * x


def noisy(draw: random.Random, noise: float = 0.05) -> Callable[[float], float]:
    """Return a straight line with noise of this many seconds."""
    return lambda x: straight(x) + draw.gauss(0, noise)


def told(truth: Callable[[float], float], blocks: int = 3) -> Fit:
    return fit("tool[local]", points(truth, blocks=blocks))


def test_an_exact_line_is_found() -> None:
    """Start-up and cost of a task, with nothing left over."""
    found = told(straight)
    assert found.slope == pytest.approx(TASK)
    assert found.intercept == pytest.approx(START)
    assert found.farthest == pytest.approx(0, abs=1e-9)
    assert found.linear is True


def test_a_start_up_is_not_the_cost_of_a_step() -> None:
    """A tool with 9.5 s of start-up and 0.095 s a task, which a whole run divided by 3 would put at 3.26 s."""
    found = told(lambda x: 9.5 + 0.095 * x, blocks=1)
    assert found.slope == pytest.approx(0.095)
    assert found.intercept == pytest.approx(9.5)


@pytest.mark.parametrize(
    ("counts", "blocks"),
    [(COUNTS, 2), (COUNTS, 6), ((1, 5, 10, 50, 100), 1), ((10, 50), 4), ((1, 10, 100), 4)],
)
@pytest.mark.parametrize("kind", ["even", "growing", "skewed"])
def test_intervals_cover_the_truth(kind: str, counts: tuple[int, ...], blocks: int) -> None:
    """Of slope and intercept, in at least 94 % of 2,000 simulated fits; noise may grow with the time it is of."""
    draw = random.Random(f"{counts}{blocks}")
    kinds: dict[str, Callable[[float], float]] = {
        "even": noisy(draw),
        "growing": lambda x: straight(x) * (1 + draw.gauss(0, 0.05)),
        "skewed": lambda x: straight(x) * (1 + 0.05 * (draw.expovariate(1) - math.log(2))),
    }
    slopes = intercepts = 0
    for _ in range(2000):
        found = fit("tool[local]", points(kinds[kind], counts, blocks))
        assert found.sure
        slopes += found.slope_low <= TASK <= found.slope_high
        intercepts += found.intercept_low <= START <= found.intercept_high
    assert slopes >= 1880
    assert intercepts >= 1880


@pytest.mark.parametrize(("counts", "blocks"), [(COUNTS, 1), ((10, 50), 2), ((10, 50), 3)])
def test_with_too_few_points_there_is_a_range_and_no_interval(counts: tuple[int, ...], blocks: int) -> None:
    """By chance alone they would be in perfect order too often: 2 of 4! ways, 2 of 6, 2 of 20."""
    found = fit("tool[local]", points(noisy(random.Random(1)), counts, blocks))
    assert not found.sure
    slopes = [
        (two.y - one.y) / (two.x - one.x) for one in found.points for two in found.points if one.x < two.x
    ]
    assert (found.slope_low, found.slope_high) == (min(slopes), max(slopes))


def test_an_outlier_moves_the_line_by_less_than_its_interval() -> None:
    """A run that the machine held up for half a minute."""
    clean = points(noisy(random.Random(2), noise=0.02), blocks=3)
    held = [*clean[:-1], Point("chain-50", 2, 50, clean[-1].value + 30, 0.1)]
    found = fit("tool[local]", held)
    assert found.slope == pytest.approx(TASK, rel=0.2)
    assert found.intercept == pytest.approx(START, rel=0.05)
    assert found.residuals[-1] == pytest.approx(30, rel=0.05)


@pytest.mark.parametrize("noise", [0.0, 0.05])
def test_a_quadratic_is_said_to_be_not_linear(noise: float) -> None:
    """Every task costs more than the one before it."""
    draw = random.Random(3)
    found = told(lambda x: straight(x) + 0.002 * x * x + draw.gauss(0, noise), blocks=2)
    assert found.linear is False
    assert found.why.startswith("at ")
    assert " from 1 to 10, and " in found.why


def test_a_curve_that_flattens_is_said_to_be_not_linear() -> None:
    """As where later tasks run side by side."""
    assert told(lambda x: START + 0.5 * x**0.5, blocks=2).linear is False


@pytest.mark.parametrize("noise", [0.02, 0.2, 1.0])
def test_a_noisy_line_is_said_to_bend_in_one_of_a_hundred_at_most(noise: float) -> None:
    """Up to a noise of half the start-up; simulated 500 times, so up to 2 % are seen."""
    draw = random.Random(f"noise{noise}")
    found = [told(noisy(draw, noise), blocks=2).linear for _ in range(500)]
    assert found.count(False) <= 10
    assert None not in found


def test_a_bend_within_the_effect_floor_is_none() -> None:
    """It would change no prediction by more than 5 %."""
    found = told(lambda x: 20 + TASK * x + 0.0004 * x * x, blocks=6)
    assert found.linear is True
    assert found.why == "no count is off the line by more than 5% of what it took"


@pytest.mark.parametrize("counts", [(10, 50), (1, 10, 50)])
def test_with_fewer_than_four_counts_a_bend_cannot_be_told(counts: tuple[int, ...]) -> None:
    """Whatever they show."""
    found = fit("tool[local]", points(lambda x: x * x, counts, blocks=6))
    assert found.linear is None
    assert found.why == f"too few counts to tell: {len(counts)}, and 4 are needed"


def test_a_bend_is_not_told_from_noise_where_every_count_was_run_once() -> None:
    """A line that misses may be bent, or one run held up."""
    found = told(lambda x: straight(x) + 0.002 * x * x, blocks=1)
    assert found.linear is None
    assert found.why.endswith("too few points to tell a bend from noise")


@given(
    st.lists(
        st.tuples(st.sampled_from(COUNTS), st.integers(-400, 400)),
        min_size=5,
        max_size=40,
        unique_by=lambda one: one[1],
    ).filter(lambda seen: len({x for x, _ in seen}) > 1)
)
def test_the_line_is_that_of_scipy(seen: list[tuple[int, int]]) -> None:
    """And its interval, where there is one; several blocks of a count are ties of x."""
    found = fit("tool[local]", [Point("", block, x, y / 8, 0.0) for block, (x, y) in enumerate(seen)])
    expected = stats.theilslopes([y / 8 for _, y in seen], [x for x, _ in seen], EVEN, method="joint")
    assert (found.slope, found.intercept) == pytest.approx((expected.slope, expected.intercept))
    if found.sure:
        assert (found.slope_low, found.slope_high) == pytest.approx(
            (expected.low_slope, expected.high_slope)
        )


def test_times_that_are_all_equal_have_no_slope() -> None:
    """To the nanosecond."""
    found = told(lambda _: START)
    assert (found.slope_low, found.slope, found.slope_high) == (0, 0, 0)
    assert found.intercept == pytest.approx(START)


def test_two_points_give_the_line_through_them() -> None:
    """And nothing is said of how sure it is."""
    found = fit("tool[local]", points(straight, (1, 5)))
    assert (found.slope_low, found.slope, found.slope_high) == pytest.approx((TASK, TASK, TASK))
    assert not found.sure
    assert found.linear is None


def judged(seconds: dict[str, dict[str, Sequence[float | None]]]) -> tuple[Judge, dict[str, Loaded]]:
    """Return a judge over runs of these seconds, by tool, case and block, and the scenario; None: no such run."""
    scenario = load(find("overhead"))
    attempts = [
        attempt(trial(tool, block, "overhead", case), run(value))
        for tool, cases in seconds.items()
        for case, blocks in cases.items()
        for block, value in enumerate(blocks)
        if value is not None
    ]
    judging = Judging(rules_of(scenario.folder).words, _right, rules_of(scenario.folder).samples)
    judge = Judge(attempts, {"overhead": judging}, {"chain": chain()})
    return judge, {"overhead": scenario}


def _right(one: Attempt, _control: Attempt | None, _pipeline: Pipeline) -> Verdict:
    return Verdict(one.trial, "measured", "right", "")


def test_the_control_of_the_same_block_is_subtracted() -> None:
    """A machine that was slower in the second block is slower for both."""
    judge, loaded = judged(
        {
            "control": {"chain-1": [1.0, 4.0], "chain-5": [2.0, 6.0]},
            "tool": {"chain-1": [3.0, 6.0], "chain-5": [8.0, 12.0]},
        }
    )
    (curve,) = fits_of(judge, loaded)
    (found,) = curve.fits
    assert [(one.block, one.value, one.control, one.y) for one in found.points] == [
        (0, 3.0, 1.0, 2.0),
        (1, 6.0, 4.0, 2.0),
        (0, 8.0, 2.0, 6.0),
        (1, 12.0, 6.0, 6.0),
    ]
    assert (found.slope, found.intercept) == (1.0, 1.0)


def test_of_very_many_blocks_some_in_equal_steps_are_taken() -> None:
    """The first and last among them or nearly so, and of each count."""
    blocks = [1.0 + block / 1000 for block in range(3 * MOST_BLOCKS)]
    control = [0.5] * len(blocks)
    judge, loaded = judged(
        {
            "control": {"chain-1": control, "chain-5": control},
            "tool": {"chain-1": blocks, "chain-5": [value + 8 for value in blocks]},
        }
    )
    (curve,) = fits_of(judge, loaded)
    assert [one.block for one in curve.fits[0].points] == 2 * list(range(0, len(blocks), 3))
    assert curve.fits[0].slope == pytest.approx(2.0, rel=0.02)


def test_a_trial_whose_block_has_no_control_is_left_out() -> None:
    """It would be compared with another time of the machine."""
    judge, loaded = judged(
        {
            "control": {"chain-1": [1.0, None], "chain-5": [1.0, 1.0]},
            "tool": {"chain-1": [3.0, 6.0], "chain-5": [8.0, 12.0]},
        }
    )
    (curve,) = fits_of(judge, loaded)
    assert [(one.case, one.block) for one in curve.fits[0].points] == [
        ("chain-1", 0),
        ("chain-5", 0),
        ("chain-5", 1),
    ]


def test_a_target_that_was_measured_at_one_count_has_no_line() -> None:
    """And where no target has one, there is no curve."""
    judge, loaded = judged({"control": {"chain-1": [1.0]}, "tool": {"chain-1": [3.0, 6.0]}})
    assert fits_of(judge, loaded) == ()


def test_a_curve_names_what_it_is_of() -> None:
    """From the scenario's manifest."""
    times: dict[str, Sequence[float | None]] = {"chain-1": [1.0], "chain-5": [2.0]}
    judge, loaded = judged({"control": times, "tool": times, "other": times})
    (curve,) = fits_of(judge, loaded)
    assert (curve.scenario, curve.id) == ("overhead", "per_task")
    assert isinstance(curve.line, LineSpec)
    assert [one.target for one in curve.fits] == ["other[local]", "tool[local]"]
