"""What a plan says of its minutes: as measured here, else as shipped, else that it is not known."""

from pathlib import Path

import msgspec
import pytest

from bench.adapters import discover
from bench.adapters import find as find_adapter
from bench.adapters import load as load_adapter
from bench.folders import cache_folder
from bench.planning import costs
from bench.planning.costs import Costs
from bench.planning.own_times import Own
from bench.planning.schedule import Series, plan
from bench.planning.targets import TargetSpec
from bench.scenarios import find, load
from tests.unit.facts import target

SCENARIOS = {"reference": load(find("reference"))}
DIGESTS = dict.fromkeys(("reference", "fanout", "hostile", "gap"), "d")


def series() -> list[Series]:
    return plan([target("kedro")], SCENARIOS, {"reference": "quick"}, DIGESTS, "m", 0)


@pytest.fixture
def adapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of an adapter; what is measured here is kept in a cache of its own."""
    monkeypatch.setenv("ORCHESTRATOR_BENCH_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "kedro"
    folder.mkdir()
    return folder


def ship(path: Path, date: str, **trials: float) -> None:
    """Write a file of costs, of trials of the scenario ``reference``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    named = {f"reference/{case}/small": seconds for case, seconds in trials.items()}
    path.write_bytes(msgspec.json.encode(Costs(date=date, machine="m", trials=named)))


def test_what_was_measured_here_comes_before_what_is_shipped(adapter: Path) -> None:
    """And what was never measured here is taken from what is shipped."""
    ship(adapter / "costs.json", "2026-01-01", flights=9.0, gap=4.0)
    ship(cache_folder() / "costs" / "kedro.json", "2026-02-02", flights=3.0)
    found = costs.known(adapter)
    assert found is not None
    assert found.date == "2026-02-02"
    assert found.trials == {"reference/flights/small": 3.0, "reference/gap/small": 4.0}


def test_a_tool_that_was_never_measured_has_no_costs(adapter: Path) -> None:
    assert costs.known(adapter) is None


def test_a_plan_says_which_times_are_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of a time of nothing."""
    flights = Costs(date="2026-01-01", machine="m", trials={"reference/flights/small": 90.0})
    monkeypatch.setattr(costs, "known", lambda _: flights)
    choice = TargetSpec(load_adapter(find_adapter("kedro", discover(()))), "local", ())
    lines = costs.planned(series(), [choice]).splitlines()
    assert lines[0] == "reference/flights (small): 1 trials in 1 block, 1.5 min"
    assert lines[1] == "reference/fanout (small): 1 trials in 1 block, time unknown"
    assert lines[4].startswith("in all 4 trials, at most 1.5 min one after the other, ")
    assert lines[4].endswith("; 3 trials were never measured, so their time is not known")


def test_a_plan_says_what_ends_a_case_early(adapter: Path) -> None:
    """How many blocks it takes is only known once they are measured."""
    startup = {"startup": load(find("startup"))}
    digests = dict.fromkeys(("hello", "reference", "fanout"), "d")
    planned = plan([target("kedro")], startup, {"startup": "standard"}, digests, "m", 0)
    choice = TargetSpec(load_adapter(find_adapter("kedro", discover(()))), "local", ())
    first = costs.planned(planned, [choice]).splitlines()[0]
    assert first.startswith(
        "startup/hello (small): 20 trials in 10 or 15 or 20 blocks (the first of these after 30 min), "
    )


def test_the_time_of_a_users_pipeline_is_scaled_by_its_own_run() -> None:
    """What the tool adds to plain Python stays; what plain Python takes grows."""
    tool = {"reference/flights/small": 12.0, "startup/reference/small": 20.0}
    control = {"reference/flights/small": 4.0, "startup/reference/small": 6.0}
    own = Own("mine", 40.0)
    assert own.scaled("reference/flights/small", tool, control) == pytest.approx(8.0 + 40.0)
    assert own.scaled("startup/reference/small", tool, control) == pytest.approx(14.0 + 60.0)
    assert own.scaled("caching/own-stage/small", tool, control) == pytest.approx(2 * (8.0 + 40.0))
    assert Own("mine", None).scaled("reference/flights/small", tool, control) is None
