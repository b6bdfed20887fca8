"""Values in generated code arrive as they were."""

import ast
import json
import math
import re
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bench.contract.codegen.literals import literal, option, word, yaml_text

texts = st.text(st.characters(exclude_categories=["Cs"]))
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts)
values = st.recursive(
    scalars, lambda parts: st.one_of(st.lists(parts, max_size=3), st.dictionaries(texts, parts, max_size=3))
)


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal in value and type, NaN and the sign of zero too."""
    return repr(one) == repr(other)


@given(values)
def test_a_literal_is_read_back_as_the_value(value: Any) -> None:
    """By Python, on one line, with the numbers that are not finite."""
    source = literal(value)
    assert "\n" not in source
    assert same(eval(source), value)


@given(texts.filter(lambda text: '"' not in text))
def test_a_text_is_in_double_quotes_as_formatters_write_it(text: str) -> None:
    """Where it has none itself."""
    assert literal(text)[0] == '"' or "'" in text
    assert ast.literal_eval(literal(text)) == text


@given(values)
def test_yaml_is_read_back_as_the_value(value: Any) -> None:
    """By PyYAML, but for what YAML 1.1 takes for something else only where it is no number of Python."""
    read = yaml.safe_load(f"k: {yaml_text(value)}\n")["k"]
    assert same(read, value)


@pytest.mark.parametrize("value", [2e-05, -1e-05, 1e300, -0.0, math.inf, -math.inf, math.nan])
def test_a_number_is_a_number_to_yaml(value: float) -> None:
    """YAML 1.1 wants a point in front of an exponent."""
    assert same(yaml.safe_load(yaml_text(value)), value)


@given(st.one_of(texts, st.integers(), st.floats(allow_nan=False)))
def test_an_option_is_one_word(value: Any) -> None:
    """So that a value may begin with a dash, or be empty."""
    assert option("x", value) == f"--x={value}"


def test_what_is_no_text_or_number_is_json_on_the_command_line() -> None:
    """As tools read it."""
    assert word({"a": [1, None, "é"]}) == '{"a": [1, null, "é"]}'
    assert json.loads(word([True])) == [True]
    assert re.fullmatch(r"-1e-05", word(-1e-05))
