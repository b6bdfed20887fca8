"""The words of the reference scenario, from facts that are made by hand."""

from typing import Any

from bench.contract.records import Attempt, Digest, Run
from bench.judging.rules import rules_of
from bench.judging.verdicts import Verdict
from bench.scenarios import find
from tests.unit.facts import attempt, chain, run, trial


def digest(value: str, strict: str = "", kind: str = "json", **undescribed: str) -> Digest:
    """Return the digest of a value of one part."""
    return Digest(
        kind=kind,
        strict=strict or value,
        value=value,
        parts={"$.a": (strict or value, value)},
        undescribed={f"$.{name}": why for name, why in undescribed.items()},
    )


def verifying(returned: Digest, given: Digest | None = None, **changes: Any) -> Run:
    """Return a verifying run by what the first stage returned and what the second was given."""
    return run(
        role="verifying",
        delivered={"begin.begin_result": returned},
        received={"finish.value": given or returned},
        **changes,
    )


def judged(tool: Run, *control: Run) -> Verdict:
    """Judge a tool's run beside the control's."""
    own = attempt(trial("control", scenario="reference", case="flights"), *(control or (tool,)))
    one = attempt(trial(scenario="reference", case="flights"), tool)
    return rules_of(find("reference")).judge(one, own, chain())


def test_what_arrives_as_it_was_returned_is_intact() -> None:
    """And other words are for what does not."""
    assert judged(verifying(digest("1"))).word == "intact"
    right = verifying(digest("1"))
    assert judged(verifying(digest("1"), digest("1", "float")), right).word == "retyped"
    assert judged(verifying(digest("1"), digest("2")), right).word == "altered"


def test_an_undescribed_part_is_not_judged_and_never_intact() -> None:
    """It is named by path and type, costs nothing, and all else is judged."""
    lock = digest("1", lock="_thread.lock: its state cannot be seen")
    verdict = judged(verifying(lock))
    assert (verdict.outcome, verdict.word) == ("measured", "not judged")
    assert "begin_result to finish.value: $.lock (_thread.lock: its state" in verdict.sentence
    worth = {word.name: word.value for word in rules_of(find("reference")).words}
    assert worth["not judged"] == worth["intact"]
    other = digest("2", lock="_thread.lock: its state cannot be seen")
    assert judged(verifying(lock, other), verifying(lock)).word == "altered"
    assert judged(verifying(other), verifying(lock)).word == "wrong output"


def test_a_value_of_which_nothing_is_described_is_not_judged() -> None:
    """Two such values are never equal, and nobody is called wrong for them."""
    nothing = Digest(kind="undescribed", strict="1", value="1", undescribed={"$": "generator: hidden"})
    other = Digest(kind="undescribed", strict="2", value="2", undescribed={"$": "generator: hidden"})
    assert judged(verifying(nothing, other), verifying(other)).word == "not judged"


def test_what_differs_by_itself_is_told_beside_the_word() -> None:
    """By stage and key."""
    runs = [verifying(digest("1")), verifying(digest("2"))]
    verdict = judged(verifying(digest("3")), *runs)
    assert verdict.word == "intact"
    assert (
        "left out, because it differs from run to run of the control: begin.begin_result ($.a)"
        in verdict.sentence
    )


def test_an_argument_that_is_changed_in_place_is_told_where_the_output_is_wrong() -> None:
    """By stage and argument, because the tool only handed on the same object."""
    control = verifying(digest("1"), changed_inputs=("finish.value",))
    verdict = judged(verifying(digest("1"), result_digest={"out.json": "other"}), control)
    assert verdict.word == "wrong output"
    assert "stage finish changes its argument value in place" in verdict.sentence
    assert "in place" not in judged(verifying(digest("1")), control).sentence


def test_the_numbers_are_those_of_the_first_run() -> None:
    """The control's further runs are no samples."""
    own: Attempt = attempt(
        trial("control", scenario="reference", case="flights"),
        verifying(digest("1")),
        verifying(digest("1")),
    )
    assert len(list(rules_of(find("reference")).samples(own, chain()))) == 2
