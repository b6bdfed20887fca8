"""Published claims: loaded with all they name, and shown beside what was found."""

from pathlib import Path

import pytest

from bench.contract.records import ResultSet
from bench.errors import UsageError
from bench.judging.judge import Judge
from bench.report.claims_view import claimed
from bench.scoring.checklist import Answer, Question
from bench.scoring.claims import Claim, claims
from bench.scoring.readings import Reading
from tests.unit.readings import LOADED, MANIFESTS, Known, said, targets, timed

GOOD = """
[quick]
account = "the choice of Flyte"
about = "chosen for"
claim = "It starts at once."
metrics = ["startup/hello/first_body", "caching/unchanged"]
facts = ["roles"]
"""


def load(folder: Path, text: str) -> tuple[Claim, ...]:
    file = folder / "claims.toml"
    file.write_text(text)
    return claims(MANIFESTS, file, questions=("roles", "sign-in"))


def test_the_claims_that_come_with_bench_load() -> None:
    """Of both accounts, each with its own words."""
    found = claims(MANIFESTS)
    assert {one.account for one in found} == {"the choice of Flyte", "half a year with Kedro"}
    assert len({one.claim for one in found}) == len(found)


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ("hello", "helo", r"\[quick\]: unknown metric 'startup/helo/first_body'.*did you mean 'hello'"),
        ('"roles"', '"rolls"', r"\[quick\]: the checklist has no question 'rolls'; did you mean 'roles'"),
        ("chosen for", "loved for", r"\[quick\]: Invalid enum value 'loved for'"),
        ("claim =", "clam =", r"\[quick\]: .*clam"),
        ("caching/unchanged", "caching", r"\[quick\]: 'caching' is a whole scenario; name a case of it"),
    ],
    ids=["metric", "fact", "about", "key", "whole scenario"],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, wrong: str, right: str, message: str) -> None:
    """The file, the claim, and the nearest name."""
    with pytest.raises(UsageError, match=message):
        load(tmp_path, GOOD.replace(wrong, right, 1))


def test_a_claim_stands_beside_words_numbers_and_answers(tmp_path: Path) -> None:
    """What was not measured is said to be so, and an answer that is not there too."""
    known = {
        "one": {"startup/hello/first_body": timed(1.0, 3.0, 2.0), "caching/unchanged": said("stale")},
        "other": {"caching/unchanged": Reading("unsupported", "it has no cache")},
    }
    manifest = ResultSet(
        format=1, harness="0", harness_hash="0", created="now", argv=(), profile="standard",
        scenarios=(), targets=targets(known), machine={}, adapters={},
    )  # fmt: skip
    readings = Known(manifest, LOADED, Judge((), {}, {}), known=known)
    asked = {"roles": Question(criterion="security", question="Roles?", why="a test")}
    told = {"one": {"roles": Answer(answer="no", version="1", date="2026-01-01")}}  # type: ignore[arg-type]
    (found,) = claimed(load(tmp_path, GOOD), readings, MANIFESTS, targets(known), asked, told)
    assert [one.found for one in found.spoken] == [
        ("2.00 s", "not measured here"),
        ("stale", "not supported"),
        ("no", "no answer"),
    ]
    assert [one.documented for one in found.spoken] == [False, False, True]
