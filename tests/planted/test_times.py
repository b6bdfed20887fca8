"""Planted times: the difference to the A/A check without the fault is what was planted."""

from statistics import median

import pytest

from bench.contract.records import Run
from tests.planted.measuring import Bench, difference

pytestmark = pytest.mark.benchmarks


def within(seconds: float, planted: float) -> bool:
    """Whether a figure is within 20 ms or 5 % of what was planted, whichever is more."""
    return abs(seconds - planted) <= max(0.020, 0.05 * planted)


def outside(run: Run) -> float:
    """Return the time of the run outside bodies, in seconds."""
    inside = sum((body.end or body.start) - body.start for body in run.bodies) / 1e9
    return (run.seconds("exit") or 0.0) - inside


def test_a_wait_before_the_first_body_is_time_to_first_body(bench: Bench) -> None:
    """0.40 s are planted before it."""
    seconds = difference(bench.pairs("late_start"), "first_body")
    assert within(seconds, 0.40), f"{seconds:.3f} s"


def test_a_wait_between_bodies_is_between_the_first_and_the_last(bench: Bench) -> None:
    """0.10 s are planted between two of three bodies, none before the first."""
    pairs = bench.pairs("slow_between")
    between = difference(pairs, "last_body", since="first_body")
    assert within(between, 0.10), f"{between:.3f} s"
    assert within(difference(pairs, "first_body"), 0.0)


@pytest.mark.parametrize("fault", ["work_inside", "work_outside"])
def test_the_same_work_inside_or_outside_a_component_is_the_same_overhead(bench: Bench, fault: str) -> None:
    """0.2 s around the user's statements is the tool's, wherever the tool makes it be written."""
    overhead = median(outside(one) - outside(other) for one, other in bench.pairs(fault))
    assert within(overhead, 0.2), f"{overhead:.3f} s"


def test_the_twin_without_a_fault_differs_from_itself_by_nothing(bench: Bench) -> None:
    """What was not planted is not found."""
    seconds = median(
        (bench.run().seconds("exit") or 0.0) - (bench.run().seconds("exit") or 0.0) for _ in range(7)
    )
    assert within(seconds, 0.0), f"{seconds:.3f} s"
