"""Criteria files: what they may change, and how their mistakes are told."""

import json
from pathlib import Path

import msgspec
import pytest

from bench.errors import UsageError
from bench.scoring.criteria import leaves
from bench.scoring.criteria_files import criteria_folder, find, load, names, read, schema
from tests.unit.readings import MANIFESTS

INDICATOR = """
[[criteria.indicators]]
id = "first"
metrics = ["startup/hello/first_body"]
scale = { best = 0.1, worst = 30, unit = "s", logarithmic = true }
why = "a test"
"""
SET = """
name = "mine"
[tiers]
1 = 1.0
[[criteria]]
name = "speed"
tier = 1
"""


QUESTIONS = {one.fact for criterion in load("default").criteria for one in criterion.indicators if one.fact}


def written(folder: Path, text: str) -> Path:
    """Return the path of a criteria file with this text."""
    path = folder / "mine.toml"
    path.write_text(text)
    return path


def refusal(folder: Path, text: str) -> str:
    """Return how a criteria file is refused."""
    with pytest.raises(UsageError) as caught:
        read(written(folder, text), MANIFESTS, QUESTIONS)
    message = str(caught.value)
    assert "\n" not in message
    assert "mine.toml" in message
    return message


@pytest.mark.parametrize("name", names())
def test_the_sets_that_come_with_bench_are_right(name: str) -> None:
    """Every metric in them exists, and every indicator says why."""
    found = load(name)
    assert found.name == name
    assert all(one.why for criterion in found.criteria for one in criterion.indicators)


def test_the_default_set_has_eleven_criteria_in_three_tiers() -> None:
    """Weights 3, 2 and 1."""
    found = load("default")
    assert len(found.criteria) == 11
    assert sorted(found.weights.values()) == [1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]


def test_the_weights_of_an_indicator_sum_to_one() -> None:
    """Whatever its metrics are."""
    for name in names():
        for criterion in load(name).criteria:
            for one in criterion.indicators:
                if one.metrics:
                    assert sum(leaf.weight for leaf in leaves(one, MANIFESTS)) == pytest.approx(1.0)


def test_a_whole_scenario_is_weighed_by_its_families() -> None:
    """A family with more cases weighs no more."""
    one = next(one for one in load("default").criteria if one.name == "caching").indicators[0]
    by_family: dict[str, float] = {}
    for leaf in leaves(one, MANIFESTS):
        family = MANIFESTS["caching"].cases[leaf.case].family
        by_family[family] = by_family.get(family, 0.0) + leaf.weight
    weights = MANIFESTS["caching"].families
    assert by_family == pytest.approx(
        {name: weight / sum(weights.values()) for name, weight in weights.items()}
    )


def test_a_set_can_change_weights_drop_criteria_and_add_indicators(tmp_path: Path) -> None:
    """Of one that it extends."""
    text = f"""
name = "mine"
extends = "default"
drop = ["user administration", "caching/reused-run"]
[weights]
caching = 7.5
[[criteria]]
name = "startup time"
families = {{ extra = 1 }}
{INDICATOR.replace('id = "first"', 'id = "mine"').replace("why", 'family = "extra"' + chr(10) + "why")}
[[requirement]]
metric = "recovery/run-killed/state"
words = ["truthful"]
why = "a test"
"""
    found = read(written(tmp_path, text), MANIFESTS)
    by_name = {one.name: one for one in found.criteria}
    assert "user administration" not in by_name
    assert [one.id for one in by_name["caching"].indicators] == ["rightly"]
    assert found.weights["caching"] == 7.5
    assert found.weights["deployment"] == 3.0
    assert "mine" in [one.id for one in by_name["startup time"].indicators]
    assert found.requirement[0].metric == "recovery/run-killed/state"


def test_a_set_may_stand_alone(tmp_path: Path) -> None:
    """Nothing of the default is in it."""
    assert [one.name for one in read(written(tmp_path, SET + INDICATOR), MANIFESTS).criteria] == ["speed"]


@pytest.mark.parametrize(
    ("metric", "hint"),
    [
        ("startap/hello/first_body", "did you mean 'startup'?"),
        ("startup/helo/first_body", "did you mean 'hello'?"),
        ("startup/hello/first_bodi", "did you mean 'first_body'?"),
        ("recovery/raises/stat", "did you mean 'state'?"),
        ("startup/hello/first_body/more", "at most three parts"),
    ],
)
def test_an_unknown_metric_gets_the_nearest_name(tmp_path: Path, metric: str, hint: str) -> None:
    """Of the part that is unknown."""
    message = refusal(tmp_path, SET + INDICATOR.replace("startup/hello/first_body", metric))
    assert "'speed'/first: unknown metric" in message
    assert hint in message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "Invalid"),
        ('name = "mine"', "has no criterion"),
        (SET.replace("tier = 1", "tier = 4"), "'speed' is in tier 4, which has no weight"),
        (SET + "weight = -1", ">= 0.0 - at `$.criteria[0].weight`"),
        (SET + "weight = nan", ">= 0.0 - at `$.criteria[0].weight`"),
        (SET.replace("1 = 1.0", "1 = 0.0"), "all weights are 0"),
        (SET + "wieght = 1", "unknown field `wieght` - at `$.criteria[0]`"),
        ('name = "mine"\nwieghts = { a = 1 }', "unknown field `wieghts`"),
        (
            'name = "mine"\nextends = "default"\n[weights]\ncost = 1\ncaching = "high"',
            "Expected `float`, got `str` - at `$.weights[...]`",
        ),
        (
            SET + '[[requirement]]\nmetric = "startup/hello/cpu"\nat_most = "30"\nwhy = ""',
            "got `str` - at `$.requirement[0].at_most`",
        ),
        (
            SET + '[[requirement]]\nmetric = "caching/unchanged"\nwords = ["right hit", 1]\nwhy = ""',
            "Expected `str`, got `int` - at `$.requirement[0].words[1]`",
        ),
        (
            SET + INDICATOR.replace("why", "# why"),
            "missing required field `why` - at `$.criteria[0].indicators[0]`",
        ),
        (
            SET + INDICATOR.replace("unit", "unti"),
            "unknown field `unti` - at `$.criteria[0].indicators[0].scale`",
        ),
        (SET + '[[criteria]]\nname = "speed"\ntier = 1', "'speed' stands there twice"),
        (SET + INDICATOR + INDICATOR, "'speed/first' stands there twice"),
        (SET.replace("1 = 1.0", "1 = 1.0\none = 2.0"), "- at `key` in `$.tiers`"),
        (SET + "families = { a = 0 }", "Expected `float` > 0.0 - at `$.criteria[0].families[...]`"),
        (SET + "families = { quick = 1 }" + INDICATOR + 'family = "quik"', "did you mean 'quick'?"),
        (SET + INDICATOR.replace("worst = 30", "worst = 0.1"), "are the same number"),
        (SET + INDICATOR.replace("best = 0.1", "best = 0"), "two numbers above 0"),
        (SET + INDICATOR.replace('unit = "s"', 'unit = "MB"'), "give s, ms, min"),
        (SET + INDICATOR.replace("scale", "# scale"), "give best, worst and unit"),
        (SET + INDICATOR.replace("startup/hello/first_body", "caching"), "give values of its words"),
        (SET + INDICATOR.replace("metrics", "# metrics"), "neither metrics nor a fact"),
        (
            SET + INDICATOR + "weight = 0",
            "Expected `float` > 0.0 - at `$.criteria[0].indicators[0].weight`",
        ),
        (SET + INDICATOR + 'fact = "sign-out"', "did you mean 'sign-in'?"),
        ('name = "mine"\nextends = "defalt"', "did you mean 'default'?"),
        ('name = "mine"\nextends = "default"\ndrop = ["cachin"]', "did you mean 'caching'?"),
        (
            'name = "mine"\nextends = "default"\ndrop = ["caching/rightl"]',
            "did you mean 'caching/rightly'?",
        ),
        ('name = "mine"\nextends = "default"\n[weights]\ncachin = 1', "did you mean 'caching'?"),
        (SET + '[[requirement]]\nmetric = "caching/unchanged"\nwhy = ""', "needs either words"),
        (SET + '[[requirement]]\nmetric = "cachin/unchanged"\nwhy = ""', "requirement: unknown metric"),
        (SET + '[[requirement]]\nmetric = "caching"\nwords = ["x"]\nwhy = ""', "is a whole scenario"),
        (
            SET + '[[requirement]]\nmetric = "caching/unchanged"\nat_most = 1\nwhy = ""',
            "is a word; give words",
        ),
        (
            SET + '[[requirement]]\nmetric = "startup/hello/cpu"\nwords = ["x"]\nwhy = ""',
            "is a number; give at_",
        ),
        (
            SET + '[[requirement]]\nmetric = "startup/hello/cpu"\nat_most = nan\nwhy = ""',
            "- at `$.requirement[0].at_most`",
        ),
        (
            SET + INDICATOR.replace("worst = 30", "worst = inf"),
            "- at `$.criteria[0].indicators[0].scale.worst`",
        ),
        (SET.replace("tier = 1", "tier = 1.5"), "Expected `int`, got `float` - at `$.criteria[0].tier`"),
        (
            SET + INDICATOR + "values = { right = 5.0 }",
            "Expected `float` <= 1.0 - at `$.criteria[0].indicators[0].values[...]`",
        ),
        (SET + INDICATOR + "values = { right = 0.5 }", "is a number and has values of words"),
        (
            SET + INDICATOR + 'needs = { "caching/unchanged" = [] }',
            "of length >= 1 - at `$.criteria[0].indicators[0].needs[...]`",
        ),
        (
            SET + '[[requirement]]\nmetric = "startup/hello/cpu"\nat_least = 2\nat_most = 1\nwhy = ""',
            "asks for at least 2 and at most 1, which nothing is",
        ),
        (
            SET
            + "".join(
                f'[[criteria.indicators]]\nid = "{name}"\nfact = "aws-roles"\nwhy = ""\n'
                for name in ("roles", "again")
            ),
            "the question 'aws-roles' is asked twice",
        ),
        (SET + INDICATOR + 'needs = { "startup/hello/cpu" = ["x"] }', "a need is of words"),
        (SET.replace("tier = 1", "weight = 1"), "has no tier"),
    ],
)
def test_a_mistake_is_told_in_one_line_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    """Before anything is run or computed."""
    assert said in refusal(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            SET + '[[requirement]]\nmetric = "metadata/killed"\nwords = ["rihgt"]\nwhy = ""',
            "requirement: 'metadata/killed': unknown word 'rihgt' of metadata/killed; did you mean 'right'?",
        ),
        (
            SET + INDICATOR + 'needs = { "caching/large" = ["right hot"] }',
            "'speed'/first: needs: unknown word 'right hot' of caching/large; did you mean 'right hit'?",
        ),
        (
            SET
            + '[[criteria.indicators]]\nid = "a"\nmetrics = ["caching"]\nwhy = ""\nvalues = { stail = 0.0 }',
            "'speed'/a: values: unknown word 'stail' of caching; did you mean 'stale'?",
        ),
    ],
)
def test_an_unknown_word_gets_the_nearest(tmp_path: Path, text: str, said: str) -> None:
    """It would never be met, and so count as nothing, or bar a tool for ever."""
    with pytest.raises(UsageError) as raised:
        load(str(written(tmp_path, text)))
    assert said in str(raised.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """With the reason."""
    with pytest.raises(UsageError, match=r"none.toml cannot be read \(No such file"):
        load(str(tmp_path / "none.toml"))


def test_an_unknown_set_gets_the_nearest_name() -> None:
    """Or may be a file."""
    with pytest.raises(UsageError, match="did you mean 'operations'"):
        find("operation")


def test_the_schema_beside_the_sets_is_that_of_the_reader() -> None:
    """Editors check files against it."""
    stored = json.loads((criteria_folder() / "criteria.schema.json").read_text())
    assert stored == json.loads(msgspec.json.encode(schema()))
