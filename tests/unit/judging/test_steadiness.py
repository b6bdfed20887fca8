"""What differs by itself between the control's own runs: no tool is judged on it, and all else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.contract.records import Attempt, Digest, Run
from bench.judging.full_runs import judge_full_runs
from bench.judging.steadiness import covered, same_results, unsteady
from tests.unit.facts import attempt, chain, run, trial


def value(**parts: str) -> Digest:
    """Return the digest of a value by what its parts are."""
    whole = "".join(f"{name}{text}" for name, text in parts.items())
    return Digest(
        kind="json",
        strict=whole,
        value=whole,
        parts={f"$.{name}": (text, text) for name, text in parts.items()},
    )


def verifying(delivered: Digest, files: dict[str, dict[str, str]] | None = None, **digests: str) -> Run:
    """Return a verifying run by what its first stage and its files have."""
    files = {"out.json": {"$": "object"}} if files is None else files
    return run(
        role="verifying",
        delivered={"begin.begin_result": delivered},
        received={"finish.value": delivered},
        result_digest={**{name: repr(parts) for name, parts in files.items()}, **digests},
        result_parts=files,
    )


def control(*runs: Run) -> Attempt:
    """Return the control's attempt."""
    return attempt(trial("control"), *runs)


def word(tool: Run, *controls: Run) -> str:
    """Return the word of a tool beside the control's runs."""
    return judge_full_runs(attempt(trial(), tool), control(*controls), chain()).word


def test_a_part_of_a_value_that_differs_by_itself_is_left_out_and_all_else_is_judged() -> None:
    """A time in a result is no tool's fault; a wrong number beside it is."""
    runs = [verifying(value(at=at, sum="5")) for at in ("1", "2")]
    assert unsteady(control(*runs), chain()).told() == ["begin.begin_result ($.at)"]
    assert word(verifying(value(at="3", sum="5")), *runs) == "right"
    assert word(verifying(value(at="3", sum="6")), *runs) == "wrong output"
    assert word(verifying(value(at="3", sum="5")), runs[0]) == "wrong output"


def test_a_key_of_a_delivered_file_that_differs_by_itself_is_left_out() -> None:
    """Of a JSON file the other keys are judged; all else as a whole is not."""

    def made(at: str, total: str = "5", picture: str = "x") -> Run:
        return verifying(
            value(a="1"), {"out.json": {"$": "o", "$.at": at, "$.total": total}}, picture=picture
        )

    runs = [made("1", picture="a"), made("2", picture="b")]
    assert unsteady(control(*runs), chain()).told() == ["out.json ($.at)", "picture"]
    assert word(made("3", picture="c"), *runs) == "right"
    assert word(made("3", total="6", picture="c"), *runs) == "wrong output"
    assert (
        word(verifying(value(a="1"), {"out.json": {"$": "o", "$.at": "1", "$.total": "5"}}), *runs)
        == "wrong output"
    )


def test_files_whose_names_differ_by_themselves_are_left_out() -> None:
    """A file that is named by the time has another name in every run."""

    def made(name: str, total: str = "5") -> Run:
        return verifying(value(a="1"), {"out.json": {"$.total": total}}, **{name: "x"})

    runs = [made("log-1"), made("log-2")]
    assert word(made("log-3"), *runs) == "right"
    assert word(made("log-3", "6"), *runs) == "wrong output"


def test_a_value_that_changes_on_its_way_in_the_control_is_left_out() -> None:
    """Its digest differs by itself: a prediction that is drawn at random."""
    one = run(
        role="verifying",
        delivered={"begin.begin_result": value(a="1", b="2")},
        received={"finish.value": value(a="9", b="2")},
    )
    assert unsteady(control(one), chain()).told() == ["begin.begin_result ($.a)"]


def test_an_input_that_a_stage_changes_in_place_is_no_value_that_differs_by_itself() -> None:
    """It is told by stage and argument, and tools are judged on it."""
    one = run(
        role="verifying",
        delivered={"begin.begin_result": value(a="1")},
        received={"finish.value": value(a="9")},
        changed_inputs=("finish.value",),
    )
    assert not unsteady(control(one), chain())


@pytest.mark.parametrize(
    ("part", "left_out", "is_in"),
    [
        ("$.a", "$.a", True),
        ("$.a.b", "$.a", True),
        ("$.a[0]", "$.a", True),
        ("$.ab", "$.a", False),
        ("$", "$.a", False),
        ("column a", "column a", True),
        ("column a.b", "column a", False),
        ("column a", "*", True),
    ],
)
def test_what_lies_in_a_part_that_is_left_out_is_left_out(part: str, left_out: str, *, is_in: bool) -> None:
    """Keys that differ by themselves have no names in another run."""
    assert covered([part], frozenset({left_out})) is is_in


@given(
    st.dictionaries(st.text(max_size=2), st.integers(0, 3), max_size=4),
    st.dictionaries(st.text(max_size=2), st.integers(0, 3), max_size=4),
)
def test_without_anything_left_out_files_are_the_same_only_if_they_are(
    one: dict[str, int], two: dict[str, int]
) -> None:
    """The digest of the whole decides."""
    runs = [
        run(
            result_digest={"f": repr(found)},
            result_parts={"f": {f"$.{key}": str(n) for key, n in found.items()}},
        )
        for found in (one, two)
    ]
    left_out = unsteady(control(runs[0], runs[0]), chain())
    assert (same_results(runs[1], runs[0], left_out) is None) == (repr(one) == repr(two))
