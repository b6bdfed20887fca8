"""Verdicts and samples over all attempts of a suite."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, cast, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as replace_struct

from bench.contract.records import Attempt, Ended, Fault
from bench.judging.full_runs import RUN_WORDS
from bench.judging.judge import Judge
from bench.judging.rules import Judging, rules_of
from bench.judging.verdicts import Outcome, Sample, Verdict
from bench.scenarios import discover, load
from bench.store.record_reading import Stored
from bench.store.result_set import Store
from tests.unit.facts import attempt, chain, run, trial

JUDGINGS = {name: rules_of(folder) for name, folder in discover().items()}
FAILED = run(ended=Ended(exit_code=1))


def judge(*attempts: Attempt) -> Judge:
    return Judge(attempts, JUDGINGS, {"chain": chain()})


def control(block: int = 0) -> Attempt:
    return attempt(trial("control", block))


def test_a_trial_is_compared_with_the_control_of_its_own_block() -> None:
    """And with another block's where that has none."""
    first, second = control(0), attempt(trial("control", 1), run(result_digest={"out.json": "other"}))
    assert judge(first, second, attempt(trial(block=0))).verdict(trial(block=0)).word == "right"
    assert judge(first, second, attempt(trial(block=1))).verdict(trial(block=1)).word == "wrong output"
    assert judge(first, second, attempt(trial(block=2))).verdict(trial(block=2)).word == "right"


def test_what_differs_by_itself_is_known_from_the_first_block_for_all() -> None:
    """The control runs again in the first block alone."""
    made = [run(repeat=again, result_digest={"out.json": at}) for again, at in ((False, "1"), (True, "2"))]
    controls = [
        attempt(trial("control", 0), *made),
        attempt(trial("control", 1), run(result_digest={"out.json": "3"})),
    ]
    tool = attempt(trial(block=1), run(result_digest={"out.json": "4"}))
    assert judge(*controls, tool).verdict(trial(block=1)).word == "right"
    assert judge(controls[1], tool).verdict(trial(block=1)).word == "wrong output"


def test_two_attempts_with_the_same_word_agree() -> None:
    """A failure shown twice is the tool's."""
    twice = [attempt(trial(), FAILED), attempt(trial(), FAILED, number=2, again_because="crashed")]
    verdict = judge(control(), *twice).verdict(trial())
    assert (verdict.word, "unstable" in verdict.sentence) == ("crashed", False)


def test_a_failure_that_comes_and_goes_is_unstable_and_the_worst_counts() -> None:
    """All its words are told."""
    mixed = [
        attempt(trial(), FAILED),
        attempt(trial(), run(traced=False), number=2, again_because="crashed"),
        attempt(trial(), run(), number=3, again_because="crashed"),
    ]
    verdict = judge(control(), *mixed).verdict(trial())
    assert (verdict.outcome, verdict.word) == ("failed", "crashed")
    assert "unstable: 'crashed', then 'right', then 'right'" in verdict.sentence


def test_of_words_that_are_worth_the_same_the_last_named_is_the_worst() -> None:
    """A criteria file may give it less: in caching a stale result counts below a crash, and is named later."""
    place = JUDGINGS["caching"].place
    assert place("stale") < place("crashed") < place("wasted") < place("right hit")
    assert place("error") < place("served garbage")


def tried(shown: Callable[[bool], bool]) -> tuple[Verdict, int]:
    """Try a trial whose first attempt failed until it is settled; return its verdict and the number of attempts.

    shown: whether a further try fails, by whether it is traced.
    """
    attempts = [attempt(trial(), FAILED)]
    while judge(control(), *attempts).unconfirmed(trial()) is not None:
        number = len(attempts) + 1
        traced = number % 2 == 1
        ended = Ended(exit_code=1 if shown(traced) else 0)
        attempts.append(attempt(trial(), run(ended=ended, traced=traced), number=number))
    return judge(control(), *attempts).verdict(trial()), len(attempts)


def test_a_failure_that_comes_significantly_more_often_with_the_tracer_is_an_error() -> None:
    """The tracer may be its cause, so nothing is said of the tool."""
    verdict, attempts = tried(lambda traced: traced)
    assert (verdict.outcome, attempts) == ("error", 8)
    assert "significantly more often with the tracer" in verdict.sentence


def test_a_failure_that_came_twice_by_chance_with_the_tracer_is_the_tools() -> None:
    """Stale, right, stale was called an error of the harness."""
    three = [
        attempt(trial(), FAILED),
        attempt(trial(), run(traced=False), number=2, again_because="crashed"),
        attempt(trial(), FAILED, number=3, again_because="crashed"),
    ]
    judged = judge(control(), *three)
    assert judged.unconfirmed(trial()) is not None
    assert judged.verdict(trial()).word == "crashed"
    assert "unstable: 'crashed', then 'right', then 'crashed'" in judged.verdict(trial()).sentence


def test_a_failure_that_shows_without_the_tracer_at_last_is_the_tools() -> None:
    """However often it stayed away before."""
    untraced = iter([False, False, True])
    verdict, attempts = tried(lambda traced: traced or next(untraced))
    assert (verdict.word, attempts) == ("crashed", 6)
    assert "unstable" in verdict.sentence


@pytest.mark.parametrize("share", [1 / 7, 1 / 2])
def test_a_tool_that_fails_by_chance_is_told_as_just_that(share: float) -> None:
    """As stale in every seventh reuse, with random phase: never as harmed by the tracer, and never as right."""
    random = Random(7)
    verdicts = [tried(lambda _: random.random() < share)[0] for _ in range(60)]
    assert {verdict.word for verdict in verdicts} == {"crashed"}
    assert sum("unstable" in verdict.sentence for verdict in verdicts) >= 60 * (1 - share) - 10


def test_a_failure_that_comes_and_goes_with_the_tracer_is_unstable() -> None:
    """Trials in which a body is held are always traced, so it is not the tracer that makes the difference."""
    mixed = [
        attempt(trial(), FAILED),
        attempt(trial(), run(), number=2, again_because="crashed"),
        attempt(trial(), FAILED, number=3, again_because="crashed"),
    ]
    verdict = judge(control(), *mixed).verdict(trial())
    assert (verdict.outcome, verdict.word) == ("failed", "crashed")
    assert "unstable: 'crashed', then 'right', then 'crashed'" in verdict.sentence


def test_a_failure_that_could_not_be_shown_again_is_an_error() -> None:
    """A fault of the machine confirms nothing."""
    fault = Fault(where="machine", reason="the disk is full")
    mixed = [attempt(trial(), FAILED), attempt(trial(), number=2, again_because="crashed", fault=fault)]
    verdict = judge(control(), *mixed).verdict(trial())
    assert verdict.outcome == "error"
    assert "'crashed' was not shown again: machine: the disk is full" in verdict.sentence


def test_a_stage_that_never_ran_is_shown_by_the_trace_alone() -> None:
    """Without the tracer nobody could see it."""
    judged = judge(control(), attempt(trial(), run(bodies=())))
    assert judged.verdict(trial()).word == "never ran"
    assert judged.unconfirmed(trial()) is None


def test_a_failure_is_tried_again_once_without_and_if_need_be_once_with_the_tracer() -> None:
    """Then it is settled."""
    first = attempt(trial(), FAILED)
    other = attempt(trial(), run(traced=False), number=2, again_because="crashed")
    same = attempt(trial(), FAILED, number=2, again_because="crashed")
    third = attempt(trial(), run(), number=3, again_because="crashed")
    unconfirmed = [
        judge(control(), *attempts).unconfirmed(trial()) is not None
        for attempts in ([first], [first, same], [first, other], [first, other, third], [attempt(trial())])
    ]
    assert unconfirmed == [True, False, True, False, False]


def test_a_trial_that_failed_gives_no_sample() -> None:
    """A time beside a wrong output is no time."""
    judged = judge(control(), attempt(trial(), run(result_digest={})))
    assert list(judged.columns("startup", "hello", "first_body")) == ["control[local]"]


def test_a_sample_that_says_how_a_trial_failed_counts_all_the_same() -> None:
    """A record that lies must be able to lower the number that is about its truth."""
    failed = attempt(trial(), run(result_digest={}))
    said = Sample(failed.trial, 1, 0, "truthful", "count", 0.0, of_failure=True)
    timed = Sample(failed.trial, 1, 0, "first_body", "s", 1.0)
    judging = replace(JUDGINGS["startup"], samples=lambda *_: [said, timed])
    judged = Judge([control(), failed], {"startup": judging}, {"chain": chain()})
    assert judged.of_trial(failed.trial) == [said]


def test_samples_are_in_the_order_of_their_blocks() -> None:
    """Whatever the order of the records."""
    attempts = [
        attempt(trial(tool, block), run(1.0 + block)) for block in (2, 0, 1) for tool in ("tool", "control")
    ]
    samples = judge(*attempts).columns("startup", "hello", "whole_run")
    assert list(samples["tool[local]"].values) == [1.0, 2.0, 3.0]


def test_the_startup_scenario_reads_its_numbers_from_the_marks() -> None:
    """Half a second to the first body of a run of one."""
    judged = judge(control(), attempt(trial(), run(1.0)))
    values = {sample.indicator: sample.value for sample in judged.of_trial(trial())}
    assert values == {
        "first_body": 0.5,
        "whole_run": 1.0,
        "after_last_body": 0.5,
        "outside_bodies": 1.0,
        "cpu": 1.5,
        "peak_memory": 50.0,
        "processes": 1,
        "files_written": 1,
        "bytes_written": 0.001,
    }


def test_every_indicator_that_a_scenario_gives_is_declared() -> None:
    """So the page and the criteria know what it is."""
    declared = {
        f"{name}/{indicator.id}"
        for name, folder in discover().items()
        for indicator in load(folder).manifest.indicators
    }
    for sample in judge(control(), attempt(trial(), run(1.0), run(1.0, role="reused"))).of_trial(trial()):
        assert f"startup/{sample.indicator}" in declared


@given(order=st.permutations(range(9)))
def test_attempts_that_come_one_by_one_are_judged_as_those_that_are_there_at_once(order: list[int]) -> None:
    """Whatever was asked between: a trial, its numbers, or its measure that came later."""
    known = [
        *(attempt(trial("control", block, order=block)) for block in range(3)),
        *(attempt(trial(block=block, order=3 + block), run(1.0 + block)) for block in range(3)),
        attempt(trial(block=3, order=6), FAILED),
        attempt(trial(block=3, order=6), FAILED, number=2, again_because="crashed"),
        attempt(trial("other", order=7), run(result_digest={"out.json": "other"})),
    ]
    judged = judge()
    for place in order:
        judged.add(known[place])
        for one in judged.trials():
            judged.verdict(one)
        judged.columns("startup", "hello", "whole_run")
    at_once = judge(*known)
    assert judged.trials() == at_once.trials()
    assert [judged.verdict(one) for one in judged.trials()] == [
        at_once.verdict(one) for one in at_once.trials()
    ]
    assert judged.columns("startup", "hello", "whole_run") == at_once.columns(
        "startup", "hello", "whole_run"
    )


def test_attempts_on_disk_are_judged_as_those_in_memory(tmp_path: Path) -> None:
    """Each is read when its trial is judged."""
    known = [control(), attempt(trial(), run(2.0)), attempt(trial("other"), FAILED)]
    store = Store(tmp_path)
    for one in known:
        store.append(one)
    on_disk = Judge(
        (one for one in store.stored() if isinstance(one, Stored)), JUDGINGS, {"chain": chain()}
    )
    in_memory = judge(*known)
    for place in on_disk.trials():
        assert on_disk.verdict(place) == in_memory.verdict(place)
        assert on_disk.of_trial(place) == in_memory.of_trial(place)
        assert on_disk.attempts(place) == in_memory.attempts(place)


OTHER_FORMS: tuple[Any, ...] = (None, [], {}, "text", 7, [None], ["text"], {"asked": 1}, [{}], {"a": None})


@pytest.mark.parametrize("scenario", sorted(JUDGINGS))
@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_facts_of_another_form_make_their_trial_an_error_and_nothing_else(
    scenario: str, data: st.DataObject
) -> None:
    """Whatever a probe answered: a list for a dict, numbers as text, nothing at all."""
    case = data.draw(st.sampled_from(sorted(load(discover()[scenario]).manifest.cases)))
    names = [
        "asked",
        "runs",
        "absent",
        "edits",
        "seen",
        "looked",
        "checks",
        "made",
        "server",
        "found",
        "said",
    ]
    form = st.recursive(
        st.sampled_from(OTHER_FORMS),
        lambda inner: st.dictionaries(st.sampled_from(names), inner) | st.lists(inner),
    )
    facts = data.draw(st.dictionaries(st.sampled_from(names), form))
    odd, base = trial(scenario=scenario, case=case), trial("control", scenario=scenario, case=case)
    good = attempt(trial(block=1))
    judged = judge(attempt(odd, facts=facts), attempt(base, facts=facts), good, control(1))
    assert judged.verdict(odd).outcome in get_args(Outcome)
    judged.of_trial(odd)
    judged.unconfirmed(odd)
    assert judged.verdict(good.trial).word == "right"


def raising(attempt: Attempt, *_: Any) -> Verdict:
    """Ask for a key that is not there."""
    return Verdict(attempt.trial, "measured", "right", attempt.facts["asked"])


def right(attempt: Attempt, *_: Any) -> Verdict:
    """Find all right."""
    return Verdict(attempt.trial, "measured", "right", "all is right")


@pytest.mark.parametrize(
    ("rule", "samples", "told"),
    [
        (raising, lambda *_: (), "KeyError: 'asked'"),
        (right, lambda *_: (one for one in [1 // 0]), "ZeroDivisionError"),
        (right, lambda one, _: [Sample(one.trial, 1, 0, "x", "s", cast("Any", "1"))], "no number"),
        (right, lambda one, _: [Sample(one.trial, 1, 0, "x", "s", float("nan"))], "not a finite number"),
        (
            lambda one, *_: replace_struct(right(one), word="new"),
            lambda *_: (),
            "'new' is none of the scenario's",
        ),
        (lambda one, *_: replace_struct(right(one), words={"a": None}), lambda *_: (), "no text"),
        (lambda *_: None, lambda *_: (), "AttributeError"),
    ],
)
def test_a_rule_that_raises_makes_its_trial_an_error_that_names_scenario_and_exception(
    rule: Any, samples: Any, told: str
) -> None:
    """Also where the samples raise, late, or are no numbers."""
    judged = Judge([attempt()], {"startup": Judging(RUN_WORDS, rule, samples)}, {"chain": chain()})
    verdict = judged.verdict(trial())
    assert (verdict.outcome, verdict.word) == ("error", "error")
    assert "scenario 'startup'" in verdict.sentence
    assert told in verdict.sentence
    assert list(judged.numbers()) == []
    assert judged.unconfirmed(trial()) is None


def read_by(method: str, tool: str, block: int) -> Attempt:
    """Return an attempt whose memory was read in one of two ways."""
    usage = replace_struct(run().usage, peak_method=method)
    return attempt(trial(tool, block), run(usage=usage))


def test_memory_that_was_read_in_two_ways_is_never_in_one_column() -> None:
    """The way of the most samples stays, the rest is left out and told; times are kept."""
    ways = {
        "control": ["cgroup", "cgroup"],
        "tool": ["cgroup", "pss"],
        "other": ["pss", "pss"],
        "last": ["cgroup"],
    }
    judged = judge(
        *(read_by(way, tool, block) for tool, found in ways.items() for block, way in enumerate(found))
    )
    memory = judged.columns("startup", "hello", "peak_memory")
    assert {column.method for column in memory.values()} == {"cgroup"}
    assert {name: list(column.blocks) for name, column in memory.items()} == {
        "control[local]": [0, 1], "tool[local]": [0], "last[local]": [0],
    }  # fmt: skip
    left = [
        (name, column.method, len(column.trials)) for name, column, _ in judged.left_out("startup", "hello")
    ]
    assert sorted(left) == [("other[local]", "pss", 2), ("tool[local]", "pss", 1)]
    assert len(judged.columns("startup", "hello", "whole_run")["other[local]"].trials) == 2
