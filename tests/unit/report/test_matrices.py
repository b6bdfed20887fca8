"""A matrix: a word for each case and target, and one line for each target made from them."""

from typing import Any

from bench import scenarios
from bench.judging.verdicts import Outcome, Verdict, Word
from bench.report.matrices import matrix_of, sentence
from tests.unit.facts import target, trial

WORDS = (
    Word("right hit", "", 1.0, good=True),
    Word("ran twice", "", 0.7, good=True),
    Word("stale", "", 0.0),
)
CACHING = scenarios.load(scenarios.find("caching"))


def verdict(word: str, outcome: Outcome = "measured", tool: str = "flyte", case: str = "body") -> Verdict:
    return Verdict(trial(tool, scenario="caching", case=case), outcome, word, "")


def test_the_worst_words_come_first_with_their_cases() -> None:
    """What is right is counted, and not listed."""
    verdicts = {
        "body": verdict("stale", "failed"),
        "unchanged": verdict("right hit"),
        "two-at-once": verdict("ran twice"),
    }
    assert sentence(verdicts, WORDS) == (
        "right in 1 of 3 cases; stale in 1 (body); ran twice in 1 (two-at-once)"
    )


def test_many_cases_of_one_word_are_named_in_part() -> None:
    """Six, and how many more."""
    verdicts = {f"case-{number}": verdict("stale", "failed") for number in range(9)}
    assert "stale in 9 (case-0, case-1, case-2, case-3, case-4, case-5 and 3 more)" in sentence(
        verdicts, WORDS
    )


def test_what_was_not_judged_is_counted_apart() -> None:
    """An error says nothing of the tool."""
    verdicts = {"body": verdict("right hit"), "moved": verdict("error", "error")}
    assert sentence(verdicts, WORDS) == "right in 1 of 1 cases; error in 1"


def test_a_column_names_by_what_its_target_reuses_results() -> None:
    """And whether that counts as caching; a stricter option is named in place of the plain way."""
    reuse = {"mechanism": "resume", "what": "python flow.py resume", "promised": False}
    strict = {"strict": {"what": "a policy of its own", "stricter": True}}
    adapters: dict[str, Any] = {
        "metaflow": {"reuse": reuse, "options": {}},
        "flyte": {
            "reuse": {"mechanism": "cache", "what": "@task(cache)", "promised": True},
            "options": strict,
        },
        "control": {"reuse": None, "options": {}},
    }
    found = trial("flyte", scenario="caching", case="body")
    with_option = Verdict(
        type(found)(
            **{
                **{name: getattr(found, name) for name in found.__struct_fields__},
                "target": target("flyte", options=("strict",)),
            }
        ),
        "measured",
        "right run",
        "",
    )
    verdicts = {
        "body": {
            "metaflow[local]": verdict("stale", "failed", "metaflow"),
            "flyte[local+strict]": with_option,
            "control[local]": verdict("wasted", "failed", "control"),
        }
    }
    columns = {column.target: column for column in matrix_of(CACHING, verdicts, adapters).columns}
    metaflow, flyte = columns["metaflow[local]"], columns["flyte[local+strict]"]
    assert (metaflow.mechanism, metaflow.way, metaflow.counts) == ("resume", "python flow.py resume", False)
    assert (flyte.mechanism, flyte.way, flyte.counts) == ("cache", "a policy of its own", True)
    assert columns["control[local]"].mechanism == "none"


def test_a_matrix_has_a_line_for_each_case_that_was_measured() -> None:
    """In the order of the manifest, with the legend of the words that stand in it."""
    verdicts = {
        case: {"flyte[local]": verdict("stale", "failed", case=case)} for case in ("unchanged", "body")
    }
    matrix = matrix_of(CACHING, verdicts, {})
    assert [line.case for line in matrix.lines] == ["body", "unchanged"]
    assert [word.name for word in matrix.legend] == ["stale"]


def test_what_the_plan_left_out_is_not_attempted() -> None:
    """Two trials of one target, one of the other: an empty one would look like nothing to say."""
    verdicts = {
        "body": {
            "prefect[server]": verdict("stale", "failed"),
            "prefect[local]": verdict("stale", "failed"),
        },
        "unchanged": {"prefect[server]": verdict("right hit", "measured")},
    }
    matrix = matrix_of(CACHING, verdicts, {})
    columns = {column.target: column.sentence for column in matrix.columns}
    assert columns["prefect[local]"].endswith("; not attempted in 1, which only other targets have")
    assert "not attempted" not in columns["prefect[server]"]
    assert [line.says("prefect[local]") for line in matrix.lines] == ["stale", "not attempted"]
