"""The published checklist: the same questions for all, and no answer without a source."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bench.adapters import adapters_folder, load
from bench.contract.records import FORMAT, ResultSet
from bench.errors import AdapterError, StoreError, UsageError
from bench.hashing import folder_digest
from bench.scoring.checklist import QUOTE_WORDS, Answer, Question, answers, builtins, questions, recorded
from bench.scoring.criteria_files import load as load_criteria
from bench.store.result_set import Store

TOOLS = ("flyte", "kedro", "kfp", "metaflow", "prefect")
KNOWN = {
    "quote": "It can.",
    "source": "https://example.org/docs",
    "version": "My tool 1.2",
    "date": "2026-11-24",
}
UNKNOWN = {"looked": "the documentation", "version": "My tool 1.2", "date": "2026-11-24"}


def table(name: str, answer: str, **keys: str | None) -> str:
    """Return an answer as a table of ``facts.toml``; a key that is None is left out."""
    given = {**(UNKNOWN if answer == "unknown" else KNOWN), **keys}
    lines = [f'{key} = "{value}"' for key, value in given.items() if value is not None]
    return "\n".join([f"[{name}]", f'answer = "{answer}"', *lines, ""])


def refused(folder: Path, text: str) -> str:
    (folder / "facts.toml").write_text(text)
    with pytest.raises(AdapterError) as caught:
        answers(folder)
    message = str(caught.value)
    assert message.startswith(f"{folder / 'facts.toml'}: ")
    assert "\n" not in message
    return message


def refused_question(folder: Path, text: str) -> str:
    path = folder / "checklist.toml"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        questions(path)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    return message


def test_an_answer_with_its_source_is_loaded(tmp_path: Path) -> None:
    """With everything that it says."""
    (tmp_path / "facts.toml").write_text(table("telemetry", "no"))
    assert answers(tmp_path) == {
        "telemetry": Answer(
            answer="no",
            quote="It can.",
            source="https://example.org/docs",
            version="My tool 1.2",
            date=date(2026, 11, 24),
        )
    }


def test_an_adapter_without_the_file_has_no_answers(tmp_path: Path) -> None:
    """Nobody has to answer."""
    assert answers(tmp_path) == {}


@pytest.mark.parametrize("key", ["quote", "source"])
def test_an_answer_without_quote_or_source_is_refused(tmp_path: Path, key: str) -> None:
    """With the question and what to do."""
    message = refused(tmp_path, table("ui-graph", "yes", **{key: None}))
    assert f"[ui-graph] has no {key}" in message
    assert "answer unknown" in message
    assert f"[ui-graph] has no {key}" in refused(tmp_path, table("ui-graph", "yes", **{key: " "}))


@pytest.mark.parametrize("answer", ["yes", "unknown"])
@pytest.mark.parametrize("key", ["version", "date"])
def test_an_answer_without_version_or_date_is_refused(tmp_path: Path, key: str, answer: str) -> None:
    """It may have been true once; an unknown too is unknown of a version, on a day."""
    message = refused(tmp_path, table("ui-graph", answer, **{key: None}))
    assert f"[ui-graph]: Object missing required field `{key}`" in message


def test_an_empty_version_is_refused(tmp_path: Path) -> None:
    """It says as little as none."""
    assert "[ui-graph] has no version" in refused(tmp_path, table("ui-graph", "no", version=""))


def test_a_date_that_is_none_is_refused(tmp_path: Path) -> None:
    """A day of the look-up."""
    message = refused(tmp_path, table("ui-graph", "no", date="last week"))
    assert "[ui-graph]" in message
    assert "$.date" in message


def test_a_quote_that_is_too_long_is_refused(tmp_path: Path) -> None:
    """With its number of words; one word less would load."""
    message = refused(tmp_path, table("ui-graph", "yes", quote="word " * (QUOTE_WORDS + 1)))
    assert "[ui-graph] has a quote of 26 words; at most 25" in message
    (tmp_path / "facts.toml").write_text(table("ui-graph", "yes", quote="word " * QUOTE_WORDS))
    assert answers(tmp_path)["ui-graph"].answer == "yes"


@pytest.mark.parametrize(
    "source", ["remembered", "http://example.org", "docs of my tool", "/home/me/x", "n/a"]
)
def test_a_source_that_cannot_be_looked_up_is_refused(tmp_path: Path, source: str) -> None:
    """An https address, or a path in a repository or package."""
    assert f"has the source '{source}'" in refused(tmp_path, table("ui-graph", "yes", source=source))


def test_a_path_in_a_package_is_a_source(tmp_path: Path) -> None:
    """Its version says of which package."""
    (tmp_path / "facts.toml").write_text(table("ui-graph", "yes", source="mytool/server/ui.py"))
    assert answers(tmp_path)["ui-graph"].source == "mytool/server/ui.py"


def test_an_answer_to_no_question_is_refused_with_the_nearest(tmp_path: Path) -> None:
    """A misspelt one would never count."""
    message = refused(tmp_path, table("ui-grahp", "yes"))
    assert "[ui-grahp] is no question of the checklist; did you mean 'ui-graph'?" in message


def test_a_second_answer_to_a_question_is_refused(tmp_path: Path) -> None:
    """One of them would be lost."""
    message = refused(tmp_path, table("ui-graph", "yes") + table("ui-graph", "no"))
    assert "ui-graph" in message
    assert "twice" in message


def test_an_answer_of_another_kind_is_refused(tmp_path: Path) -> None:
    """There are four."""
    message = refused(tmp_path, table("ui-graph", "maybe"))
    assert "[ui-graph]" in message
    assert "'maybe'" in message


def test_an_unknown_key_of_an_answer_is_refused(tmp_path: Path) -> None:
    """It may be a misspelt one."""
    message = refused(tmp_path, table("ui-graph", "yes", sauce="https://example.org"))
    assert "[ui-graph]: Object contains unknown field `sauce`" in message


@pytest.mark.parametrize("key", ["quote", "source"])
def test_unknown_has_neither_quote_nor_source(tmp_path: Path, key: str) -> None:
    """With one of them it would be known."""
    message = refused(tmp_path, table("ui-graph", "unknown", **{key: KNOWN[key]}))
    assert "[ui-graph] is unknown and has a quote or a source" in message


def test_unknown_says_where_it_was_looked_for(tmp_path: Path) -> None:
    """Else nobody knows what is left to look at; and only unknown says it."""
    message = refused(tmp_path, table("ui-graph", "unknown", looked=None))
    assert "[ui-graph] is unknown and does not say where it was looked for" in message
    message = refused(tmp_path, table("ui-graph", "no", looked="the documentation"))
    assert "[ui-graph] is answered 'no' and has 'looked'" in message


@pytest.mark.parametrize(
    ("answer", "good", "worth"),
    [
        ("yes", "yes", 1.0),
        ("no", "yes", 0.0),
        ("yes", "no", 0.0),
        ("no", "no", 1.0),
        ("paid", "yes", 0.5),
        ("unknown", "yes", None),
        ("unknown", "no", None),
    ],
)
def test_an_answer_is_worth_what_the_question_calls_good(
    answer: Any, good: Any, worth: float | None
) -> None:
    """Unknown is not no: it is worth nothing that is known."""
    question = Question(criterion="cost", question="?", why=".", good=good)
    given = Answer(answer=answer, version="1", date=date(2026, 11, 24))
    assert given.score(question) == worth


QUESTION = '[{}]\ncriterion = "{}"\nquestion = "Can it?"\nwhy = "Some need it."\n'


def test_a_question_of_an_unknown_criterion_is_refused(tmp_path: Path) -> None:
    """With the nearest."""
    message = refused_question(tmp_path, QUESTION.format("can-it", "costs"))
    assert "[can-it]: 'costs' is no criterion; did you mean 'cost'?" in message


def test_a_question_asked_twice_is_refused(tmp_path: Path) -> None:
    """It would count twice."""
    assert "can-it" in refused_question(tmp_path, QUESTION.format("can-it", "cost") * 2)


@pytest.mark.parametrize("name", ["Can_it", "can--it", "'can it'"])
def test_the_id_of_a_question_is_in_kebab_case(tmp_path: Path, name: str) -> None:
    """Adapters outside this repository write it too."""
    assert "small letters" in refused_question(tmp_path, QUESTION.format(name, "cost"))


def test_a_checklist_that_is_not_there_is_named(tmp_path: Path) -> None:
    """With its path."""
    with pytest.raises(UsageError, match=r"checklist\.toml cannot be read"):
        questions(tmp_path / "checklist.toml")


def test_the_shipped_questions_are_spread_over_the_criteria_that_nothing_measures() -> None:
    """Four to seven for each of six criteria; each a question, with a reason that is a sentence."""
    asked = questions()
    criteria = [question.criterion for question in asked.values()]
    assert set(criteria) == {
        "AWS integration",
        "security",
        "user administration",
        "cost",
        "deployment",
        "visibility",
    }
    assert all(4 <= criteria.count(name) <= 7 for name in set(criteria))
    for name, question in asked.items():
        assert question.question.endswith("?"), name
        assert question.why.endswith("."), name


def test_no_question_names_a_measured_tool() -> None:
    """A question that is worded around one tool is a defect."""
    words = " ".join(question.question + question.why for question in questions().values()).lower()
    assert not [tool for tool in (*TOOLS, "kubeflow", "union", "outerbounds") if tool in words.split()]


@pytest.mark.parametrize("tool", TOOLS)
def test_every_shipped_adapter_answers_every_question(tool: str) -> None:
    """In the order of the checklist, so that two can be read side by side."""
    assert list(answers(adapters_folder() / tool)) == list(questions())


@pytest.mark.parametrize("tool", TOOLS)
def test_every_shipped_answer_has_a_short_quote_and_a_source(tool: str) -> None:
    """Or says where it was looked for."""
    for name, answer in answers(adapters_folder() / tool).items():
        if answer.answer == "unknown":
            assert answer.looked, name
            continue
        assert 0 < len((answer.quote or "").split()) <= QUOTE_WORDS, name
        source = answer.source or ""
        assert source.startswith("https://") or source.endswith(".py"), name


def test_answers_do_not_change_what_is_measured(tmp_path: Path) -> None:
    """The hash of an adapter stays when a fact is corrected; that of all its files does not."""
    folder = tmp_path / "control"
    shutil.copytree(adapters_folder() / "control", folder, ignore=shutil.ignore_patterns("facts.toml"))
    digest, whole = load(folder).digest, folder_digest(folder)
    (folder / "facts.toml").write_text(table("telemetry", "no"))
    assert load(folder).digest == digest
    assert folder_digest(folder) != whole


def result_set(**changes: Any) -> ResultSet:
    fields: dict[str, Any] = {
        "format": FORMAT,
        "harness": "0",
        "harness_hash": "h",
        "created": "2026-01-01T00:00:00+00:00",
        "argv": (),
        "profile": "quick",
        "scenarios": (),
        "targets": (),
        "machine": {"processor": "P", "cores": 2, "system": "S"},
        "adapters": {},
    }
    return ResultSet(**{**fields, **changes})


def test_a_result_set_can_be_scored_alone(tmp_path: Path) -> None:
    """It keeps the questions and answers as they were."""
    told = {tool: answers(adapters_folder() / tool) for tool in ("kedro", "control")}
    store = Store(tmp_path)
    store.create(
        result_set(
            adapters={tool: {"facts": builtins(facts)} for tool, facts in told.items()},
            questions=builtins(questions()),
        )
    )
    assert recorded(store.read_manifest()) == (questions(), told)


def test_a_result_set_of_before_the_checklist_has_no_answers() -> None:
    """It has an empty list in the place of the answers."""
    asked, told = recorded(result_set(adapters={"flyte": {"facts": []}}))
    assert asked == {}
    assert told["flyte"] == {}


def test_stored_answers_that_cannot_be_read_are_told() -> None:
    """As a fault of the result set."""
    broken = result_set(adapters={"flyte": {"facts": {"telemetry": {"answer": "perhaps"}}}})
    with pytest.raises(StoreError, match="checklist"):
        recorded(broken)


def test_the_default_criteria_ask_every_question_under_its_criterion() -> None:
    """None is left out, and none counts twice."""
    asked = [
        (indicator.fact, criterion.name)
        for criterion in load_criteria("default").criteria
        for indicator in criterion.indicators
        if indicator.fact
    ]
    assert sorted(asked) == sorted((name, question.criterion) for name, question in questions().items())


def test_questions_are_stored_as_plain_values() -> None:
    """JSON without help."""
    assert msgspec.json.decode(msgspec.json.encode(builtins(questions()))) == builtins(questions())
