"""The plan: every target once a block, in an order that is random and the same for a seed."""

from collections import defaultdict
from dataclasses import replace

import msgspec
import pytest

from bench.contract.records import Target
from bench.contract.scenario import Loaded
from bench.pipeline import Pipeline
from bench.planning.schedule import Series, in_order, plan
from bench.scenarios import find, load
from bench.statistics.line_fit import Fit, Point, fit
from tests.own import flow
from tests.unit.facts import target

SCENARIOS = {name: load(find(name)) for name in ("reference", "startup")}
DIGESTS = dict.fromkeys(("hello", "reference", "fanout", "hostile", "gap"), "d")
TARGETS = [target(tool) for tool in ("control", "aa", "kedro", "flyte", "prefect")]


def planned(
    profile: str = "quick",
    targets: list[Target] = TARGETS,
    digests: dict[str, str] = DIGESTS,
    machine: str = "m",
    seed: int = 0,
) -> list[Series]:
    return plan(targets, SCENARIOS, dict.fromkeys(SCENARIOS, profile), digests, machine, seed)


def keys(series: list[Series]) -> dict[tuple[str, str, str, int], str]:
    return {
        (trial.target.tool, trial.scenario, trial.case, trial.block): trial.key
        for one in series
        for trial in one.trials
    }


def test_every_block_holds_every_target_once() -> None:
    """The A/A check only where the case wants it."""
    for series in planned():
        wanted = sorted(one.tool for one in TARGETS if series.case == "hello" or one.role != "aa check")
        for block in series.blocks:
            assert sorted(trial.target.tool for trial in block.trials) == wanted


def test_there_are_as_many_blocks_as_the_last_look() -> None:
    """Those after an earlier look may never be run."""
    for series in planned("standard"):
        assert len(series.blocks) == series.repetition.interim_checks[-1]


def test_what_is_not_timed_comes_first() -> None:
    """What is wrong shows before hours are spent on timing."""
    timed = [series.timed for series in planned()]
    assert timed == sorted(timed)


def test_the_order_within_blocks_differs() -> None:
    """Otherwise a target would always run after the same other."""
    hello = next(series for series in planned("standard") if series.case == "hello")
    assert (
        len({tuple(trial.target.tool for trial in block.trials) for block in hello.blocks})
        > len(hello.blocks) / 2
    )


def test_a_seed_gives_the_same_order_again() -> None:
    """And another seed another one."""
    assert planned(seed=1) == planned(seed=1)
    assert planned(seed=1) != planned(seed=2)


def test_keys_are_unique() -> None:
    """A resumed run knows each trial by its key."""
    found = [trial.key for series in planned("standard") for trial in series.trials]
    assert len(found) == len(set(found))


def test_a_key_does_not_depend_on_seed_order_or_other_targets() -> None:
    """They change no fact of a trial."""
    few = keys(planned(targets=TARGETS[:3], seed=5))
    all_of_them = keys(planned())
    assert few.items() <= all_of_them.items()


@pytest.mark.parametrize("change", ["adapter_hash", "environment_hash", "version"])
def test_a_key_changes_with_what_changes_the_facts_of_its_target(change: str) -> None:
    """An adapter, its environment or the tool's version."""
    before, after = keys(planned(targets=[target()])), keys(planned(targets=[target(**{change: "other"})]))
    assert not set(before.values()) & set(after.values())


def test_a_key_changes_with_the_pipeline_and_the_machine() -> None:
    """Only in the trials that run that pipeline."""
    before = keys(planned())
    other = keys(planned(digests={**DIGESTS, "hello": "other"}))
    differing = {place[2] for place, key in before.items() if other[place] != key}
    assert differing == {"hello"}
    assert not set(before.values()) & set(keys(planned(machine="other")).values())


def test_a_key_changes_with_the_parameters_of_its_case() -> None:
    """Fifty mapped tasks are not ten."""
    loaded = load(find("overhead"))
    cases = {**loaded.manifest.cases, "mapped-10": loaded.manifest.cases["mapped-50"]}
    manifest = msgspec.structs.replace(loaded.manifest, cases=cases)
    other = replace(loaded, manifest=manifest)
    digests = {case.pipeline: "d" for case in cases.values()}
    before, after = (
        keys(plan([target()], {"overhead": one}, {"overhead": "standard"}, digests, "m", 0))
        for one in (loaded, other)
    )
    assert {place[2] for place, key in before.items() if after[place] != key} == {"mapped-10"}


def test_a_scenario_may_have_a_profile_of_its_own() -> None:
    """Each case has the blocks of its scenario's profile."""
    mixed = plan(TARGETS, SCENARIOS, {"reference": "quick", "startup": "standard"}, DIGESTS, "m", 0)
    wanted = [one for one in planned("quick") if one.scenario == "reference"]
    wanted += [one for one in planned("standard") if one.scenario == "startup"]
    assert keys(mixed) == keys(wanted)


CACHING = {"caching": load(find("caching"))}
REUSE_PIPELINES = {case.pipeline: "d" for case in CACHING["caching"].manifest.cases.values()}


def cases_of(share: str, scenarios: dict[str, Loaded] = CACHING) -> set[str]:
    """Return the cases that a target with this share is measured in."""
    series = plan(
        [target("prefect")],
        scenarios,
        dict.fromkeys(scenarios, "standard"),
        REUSE_PIPELINES | DIGESTS,
        "m",
        0,
        shares={"prefect[local]": share},
    )
    return {trial.case for one in series for trial in one.trials}


def test_a_persistent_setup_takes_all_cases_and_the_default_beside_it_the_brief_ones() -> None:
    """Every run in the default one starts a server of its own."""
    manifest = CACHING["caching"].manifest
    brief = {name for name, case in manifest.cases.items() if case.brief}
    own = {name for name, case in manifest.cases.items() if case.own}
    assert cases_of("all") == set(manifest.profiles["standard"]) - own
    assert cases_of("brief") == brief


def test_where_a_persistent_setup_makes_no_difference_both_are_measured_whole() -> None:
    """Its users start their runs against a server that is there."""
    assert cases_of("brief", SCENARIOS) == cases_of("all", SCENARIOS)


def test_single_cases_can_be_planned() -> None:
    """With no other beside them."""
    series = plan(TARGETS, CACHING, {"caching": "standard"}, REUSE_PIPELINES, "m", 0, only=("body",))
    assert {one.case for one in series} == {"body"}


def test_cases_of_a_users_pipeline_take_its_parts_one_in_each_block() -> None:
    """As many as it has, and not more than the profile says; without such a pipeline they are not planned."""

    def blocks(profile: str, own: Pipeline | None) -> dict[str, int]:
        series = plan([target("kedro")], CACHING, {"caching": profile}, defaultdict(str), "m", 0, own=own)
        return {one.case: len(one.blocks) for one in series if one.case.startswith("own-")}

    assert blocks("quick", None) == {}
    quick = {"own-unchanged": 1, "own-stage": 3, "own-helper": 2, "own-parameter": 1, "own-file": 1}
    assert blocks("quick", flow()) == quick
    assert blocks("standard", flow()) == {**quick, "own-stage": 4}


OVERHEAD = {"overhead": load(find("overhead"))}
CHAINS = {"chain-1": 1, "chain-5": 5, "chain-10": 10, "chain-50": 50}


def test_the_cases_of_a_line_are_run_block_by_block() -> None:
    """All first blocks, then all second ones, in an order that is shuffled each time."""
    digests = {one.pipeline: "d" for one in OVERHEAD["overhead"].manifest.cases.values()}
    series = plan(TARGETS, OVERHEAD, {"overhead": "thorough"}, digests, "m", 0)
    order = [(one.case, block.number) for one, block in in_order(series) if one.case in CHAINS]
    numbers = [number for _, number in order]
    assert numbers == sorted(numbers)
    assert len({tuple(case for case, number in order if number == block) for block in range(6)}) > 1


def test_a_machine_that_gets_faster_while_it_works_makes_no_task_cheaper_than_it_is() -> None:
    """A start-up that falls from run to run by more than the tasks cost; run count by count it seemed to pay."""
    digests = {one.pipeline: "d" for one in OVERHEAD["overhead"].manifest.cases.values()}
    series = plan(TARGETS[:3], OVERHEAD, {"overhead": "thorough"}, digests, "m", 0)
    ordered = [(one.case, block.number) for one, block in in_order(series) if one.case in CHAINS]

    def line(order: list[tuple[str, int]]) -> Fit:
        return fit(
            "tool",
            [
                Point(case, block, CHAINS[case], 10.0 + 8.0 * 0.9**place + 0.01 * CHAINS[case], 0.0)
                for place, (case, block) in enumerate(order)
            ],
        )

    interleaved, by_count = line(ordered), line(sorted(ordered, key=lambda one: CHAINS[one[0]]))
    assert interleaved.slope_low <= 0.01 <= interleaved.slope_high
    assert by_count.slope_high < 0
