"""Changes of a user's pipeline are proposed as valid edits of its source, by what its stages return."""

import ast
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.environments.own_edits import candidates
from bench.pipeline import Output, Parameter, Pipeline
from tests.own import flow


def edited(pipeline: Pipeline, kind: Any, name: str) -> list[tuple[str, str]]:
    """Return each candidate in words, with the module as it is after the edit."""
    found = []
    for turn in candidates(pipeline, kind, name, Path("/nowhere")):
        (edit,) = turn.edits
        text = pipeline.modules[edit.file.removesuffix(".py")]
        assert text.count(edit.old) == 1
        found.append((turn.what, text.replace(edit.old, edit.new)))
    return found


@pytest.mark.parametrize("stage", ["read", "total", "scale", "show"])
def test_an_edited_stage_is_valid_python_and_no_other_function_differs(stage: str) -> None:
    """An edit that touched another stage would make the case one of two stages."""
    pipeline = flow()
    before = ast.parse(pipeline.modules["stages"]).body
    found = edited(pipeline, "stages", stage)
    assert found
    for _, text in found:
        after = ast.parse(text).body
        differing = [
            getattr(one, "name", "")
            for one, other in zip(before, after, strict=True)
            if ast.dump(one) != ast.dump(other)
        ]
        assert differing == [stage]


def test_what_a_stage_returns_is_changed_by_its_kind() -> None:
    """A list loses its last element, a number becomes greater, a text that is written gets one more line."""
    assert "without its last element" in edited(flow(), "stages", "scale")[0][0]
    assert "(rounded(sum(numbers))) + 0.5" in edited(flow(), "stages", "total")[0][1]
    assert "one more line" in edited(flow(), "stages", "show")[0][0]


def test_a_table_that_a_stage_is_given_may_lose_its_last_row() -> None:
    """For a stage whose result, such as a model, cannot be changed directly; after its docstring."""
    pipeline = flow()
    pipeline.modules["stages"] = (
        'def read(items):\n    return items\n\n\ndef scale(numbers, factor):\n    """Fit."""\n    return fitted(numbers)\n'
    )
    pipeline.stages["read"] = replace(pipeline.stages["read"], outputs=(Output("numbers", "table"),))
    pipeline.stages["scale"] = replace(pipeline.stages["scale"], outputs=(Output("scaled", "model"),))
    (what, text), *_ = edited(pipeline, "stages", "scale")
    assert what.endswith("it leaves out the last row of numbers")
    assert '    """Fit."""\n    numbers = numbers.iloc[:-1]\n    return fitted(numbers)\n' in text


def test_a_helper_is_changed_where_it_stands() -> None:
    """In the module that has it."""
    assert "return round(value + 0.375, 3)" in "".join(
        text for _, text in edited(flow(), "helpers", "rounding.rounded")
    )


@given(
    st.one_of(
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False, max_value=1e9),
        st.text(),
    )
)
def test_another_value_of_a_parameter_is_another_one_of_its_type(value: object) -> None:
    """Else nothing would have to change, or the pipeline would break."""
    pipeline = flow()
    pipeline.parameters["factor"] = Parameter("factor", "int", value)  # type: ignore[arg-type]
    found = [
        turn.parameters["factor"] for turn in candidates(pipeline, "parameters", "factor", Path("/nowhere"))
    ]
    assert found
    assert all(type(one) is type(value) for one in found)
    assert found[0] != value or isinstance(value, float)


def test_one_digit_of_a_file_is_changed_and_its_size_stays(tmp_path: Path) -> None:
    """As an edit that neither size nor time of change would show."""
    (tmp_path / "items.csv").write_bytes(b"a,1\nb,9\n")
    for turn in candidates(flow(), "files", "items", tmp_path):
        ((place, byte),) = turn.data.values()
        assert (tmp_path / "items.csv").read_bytes()[place : place + 1].isdigit()
        assert chr(byte).isdigit()
