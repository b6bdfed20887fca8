"""When a series stops: at looks fixed beforehand, and why. All blocks are stored already, so nothing is run."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.contract.driver import Definition
from bench.contract.records import Check
from bench.judging.judged_policy import JudgedPolicy
from bench.planning.progress import Reporter
from bench.planning.schedule import Block, Series
from bench.planning.suite import Suite, run
from bench.scenarios import Repetition, find, load
from tests.unit.facts import attempt, chain, trial
from tests.unit.facts import run as ran
from tests.unit.sets import blocks, stored

STEADY = {"control": 20.0, "kfp": 40.0}
"""Seconds of a run, by tool: a minute for each block."""
LOOKS = (6, 8, 10)


def stopped(folder: Path, repetition: Repetition, other: Sequence[float] = ()) -> str:
    """Return what is said of the look at which ten stored blocks stop. ``other``: seconds of one more tool."""
    attempts = blocks(10, **STEADY)
    attempts += [
        attempt(trial("other", number, order=9 + 10 * number), ran(seconds))
        for number, seconds in enumerate(other)
    ]
    store = stored(folder, *attempts)
    trials = [one.trial for one in attempts]
    series = Series(
        "startup",
        "hello",
        repetition,
        timed=True,
        blocks=tuple(
            Block(number, tuple(one for one in trials if one.block == number)) for number in range(10)
        ),
    )
    scenarios = {"startup": load(find("startup"))}
    suite = Suite(
        store=store,
        profiles={"startup": "standard"},
        cache=folder,
        adapters={},
        environments={},
        faults={},
        scenarios=scenarios,
        definitions={"chain": Definition(chain(), folder, "d", folder)},
        policy=JudgedPolicy(scenarios, {"chain": chain()}),
    )
    run(suite, [series], Reporter(len(trials)))
    (check,) = (one for one in store.read() if isinstance(one, Check))
    assert (check.kind, check.subject) == ("interim check", "startup/hello")
    return check.detail


def test_what_is_sure_enough_stops_at_the_first_interim_check(tmp_path: Path) -> None:
    """It says how wide the widest is."""
    detail = stopped(tmp_path / "set", Repetition(interim_checks=LOOKS, half_width=0.1))
    assert detail.startswith(
        "stopped after 6 blocks: every half-width of first_body is under 10% (greatest "
    )


def test_one_that_is_not_sure_holds_up_all(tmp_path: Path) -> None:
    """Targets are compared within blocks, so all of them have the same."""
    wild = [2.0**number for number in range(10)]
    detail = stopped(tmp_path / "set", Repetition(interim_checks=LOOKS, half_width=0.1), wild)
    assert detail == "stopped after 10 blocks: it was the last interim check"


def test_an_interim_check_sees_no_block_after_it(tmp_path: Path) -> None:
    """Of all ten, one run that was held up does not widen the interval; of the first six or eight it does."""
    held_up = [15.0, 15.0, 30.0, *[15.0] * 7]
    detail = stopped(tmp_path / "set", Repetition(interim_checks=LOOKS, half_width=0.1), held_up)
    assert detail == "stopped after 10 blocks: it was the last interim check"


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (6.1, "stopped after 6 blocks: its budget of 6.1 minutes was spent"),
        (7.5, "stopped after 8 blocks: its budget of 7.5 minutes was spent"),
        (20, "stopped after 10 blocks: it was the last interim check"),
    ],
)
def test_a_budget_ends_at_the_interim_check_that_comes_next(
    tmp_path: Path, minutes: float, told: str
) -> None:
    """A block takes a minute, and from each to the next one hundredth more."""
    detail = stopped(tmp_path / "set", Repetition(interim_checks=LOOKS, minutes=minutes))
    assert detail == told
