"""A change of a user's pipeline counts only if plain Python shows what it must lead to."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench.contract.adapter_loading import discover, find, load
from bench.contract.driver import Definition, OwnFacts, SourceEdit, Turn
from bench.environments import own_edits
from bench.execution import own_turns
from tests import own


def found(definition: Definition, cache: Path, **wanted: int) -> OwnFacts:
    return own_turns.find(definition, load(find("control", discover())), cache, wanted, 60.0)  # type: ignore[arg-type]


def test_each_part_gets_a_change_that_shows(tmp_path: Path) -> None:
    """Of stages, helpers, parameters and files; and how often each stage is called is known."""
    definition = own.definition(tmp_path)
    facts = found(definition, tmp_path / "cache", stages=9, helpers=9, parameters=9, files=9)
    for kind, names in (
        ("stages", {"read", "total", "scale", "show"}),
        ("helpers", {"stages.double", "rounding.rounded"}),
        ("parameters", {"factor"}),
        ("files", {"items"}),
    ):
        assert set(facts.turns[kind]) == names
        assert all(isinstance(turn, Turn) for turn in facts.turns[kind].values()), facts.turns[kind]
    assert facts.calls == {"read": 1, "total": 1, "scale": 1, "show": 1}
    assert (tmp_path / "items.csv").read_text() == own.FILES["items.csv"]


def proposing(monkeypatch: pytest.MonkeyPatch, *edits: SourceEdit) -> None:
    """Let only these edits be proposed."""

    def candidates(*_: object) -> Iterator[Turn]:
        yield from (Turn("scale", "planted", edits=(edit,), rerun="scale") for edit in edits)

    monkeypatch.setattr(own_edits, "candidates", candidates)


CALL = "    return [rounded(double(number)) * factor for number in numbers]"


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (SourceEdit("stages.py", CALL, f"{CALL}  # the same"), "what it returns stayed as it was"),
        (SourceEdit("stages.py", CALL, "    raise ValueError"), "after it the run ended with exit code 1"),
        (SourceEdit("rounding.py", "0.25", "0.75"), "total changed too, which does not come after it"),
    ],
)
def test_a_change_that_does_not_show_as_it_must_is_told_and_not_used(
    edit: SourceEdit, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case with it would say something false of a tool."""
    proposing(monkeypatch, edit)
    turn = found(own.definition(tmp_path), tmp_path / "cache", stages=1).turns["stages"]["scale"]
    assert isinstance(turn, str)
    assert why in turn


def test_what_differs_by_itself_is_not_looked_at(tmp_path: Path) -> None:
    """A stage whose result is never the same cannot show a change."""
    definition = own.definition(tmp_path)
    stages = tmp_path / "stages.py"
    stages.write_text(
        stages.read_text().replace(
            "    return rounded(sum(numbers))", "    import time\n    return time.time()"
        )
    )
    definition = replace(own.definition_of(tmp_path), digest=definition.digest)
    turns = found(definition, tmp_path / "cache", stages=9).turns["stages"]
    assert isinstance(turns["scale"], Turn)
    assert isinstance(turns["total"], str)
