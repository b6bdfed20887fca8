"""Extending a user's text without touching what the user wrote."""

import ast
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench.contract.codegen.source import decorate, function_text, parse, retype, source_text
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


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfx = '\xc3\xa9'\n", "x = 'é'\n"),
        (b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", "# -*- coding: utf-8 -*-\nx = 'é'\n"),
        (
            b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\x80'\r\n",
            "#!/usr/bin/python\n# -*- coding: utf-8 -*-\nx = '€'\n",
        ),
        (b"x = 1\r\ny = 2\r\n", "x = 1\ny = 2\n"),
    ],
)
def test_a_source_is_read_as_python_reads_it(tmp_path: Path, data: bytes, text: str) -> None:
    """Without a byte order mark, by its coding line, which then says what it is written in."""
    (tmp_path / "m.py").write_bytes(data)
    assert source_text(tmp_path / "m.py") == text


def test_annotations_of_arguments_are_exchanged_and_nothing_else() -> None:
    """One that is not there is added."""
    text = "def f(a: Path, b, c: dict[str,\n    int], größe: int = 3):\n    return a  # é\n"
    done = retype(text, "m", {"f": {"a": "str", "b": "int", "c": "dict", "größe": "float"}})
    assert done == "def f(a: str, b: int, c: dict[str,\n    int], größe: float = 3):\n    return a  # é\n"


def test_modules_are_parsed_in_many_threads() -> None:
    """CPython 3.11 builds one tree at a time; two threads made each other fail."""
    texts = [f"x{number} = ({'[' * 60}{']' * 60})\n" * 40 for number in range(60)]
    with ThreadPoolExecutor(8) as pool:
        assert len(list(pool.map(lambda text: parse(text, "m"), texts))) == 60
