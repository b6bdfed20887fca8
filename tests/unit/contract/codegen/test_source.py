"""Extending a user's text without touching what the user wrote."""

import ast

import pytest

from bench.contract.codegen.source import decorate, function_text
from bench.errors import PipelineError

MODULE = '''"""A module."""

import os
from pathlib import Path

LIMIT = 3


@staticmethod
def first(a: int) -> int:
    return a  # kept


def second(
    b: int,
) -> int:
    text = """one
    two"""
    return b
'''


def test_decorators_stand_directly_above_the_def() -> None:
    """Below those that the user wrote."""
    lines = decorate(MODULE, "m", {"first": ["@task"], "second": ["@task"]}).split("\n")
    assert lines[lines.index("def first(a: int) -> int:") - 2 :][:2] == ["@staticmethod", "@task"]
    assert lines[lines.index("def second(") - 1] == "@task"


def test_imports_stand_below_the_last_import() -> None:
    """Not in the middle of the module."""
    lines = decorate(MODULE, "m", {}, ["from tool import task"]).split("\n")
    assert lines[lines.index("from pathlib import Path") + 1] == "from tool import task"


def test_every_other_line_stays_byte_for_byte() -> None:
    """Comments, strings and blank lines."""
    added = ("@task", "from tool import task")
    lines = decorate(MODULE, "m", {"first": ["@task"], "second": ["@task"]}, added[1:]).split("\n")
    assert [line for line in lines if line not in added] == MODULE.split("\n")


def test_a_function_right_below_the_head_is_decorated_below_the_import() -> None:
    """Where both go to the same line, the import comes first."""
    text = decorate("import os\ndef f() -> None: ...\n", "m", {"f": ["@task"]}, ["from tool import task"])
    assert text == "import os\nfrom tool import task\n@task\ndef f() -> None: ...\n"


def test_a_line_separator_inside_a_string_is_no_end_of_a_line() -> None:
    """Python counts lines by line feeds alone."""
    text = 'TEXT = "a\u2028b\x85c"\n\n\ndef f() -> None: ...\n'
    done = decorate(text, "m", {"f": ["@task"]})
    assert done == text.replace("def f", "@task\ndef f")
    ast.parse(done)


def test_the_text_of_a_function_has_its_decorators() -> None:
    """And nothing around it."""
    assert function_text(MODULE, "m", "first").splitlines()[0] == "@staticmethod"
    assert function_text(MODULE, "m", "second").splitlines()[-1] == "    return b"


def test_a_function_that_is_not_there_is_named() -> None:
    """With the file it should be in."""
    with pytest.raises(PipelineError, match=r"m\.py has no plain top-level function 'third'"):
        decorate(MODULE, "m", {"third": ["@task"]})


def test_a_syntax_error_is_named_by_file_and_line() -> None:
    """In one line."""
    with pytest.raises(PipelineError, match=r"m\.py:2: "):
        function_text("x = 1\ndef f(:\n", "m", "f")
