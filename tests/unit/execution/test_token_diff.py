"""Tokens of an edit: layout and comments do not count."""

import pytest

from bench.execution.token_diff import changed, tokens


def test_layout_and_comments_of_python_do_not_count() -> None:
    """A call on one line and on four is the same."""
    one = "f(a, b=1)\n"
    other = "# why\nf(\n    a,  # first\n    b=1,\n)\n"
    assert tokens(one, "x.py") == tokens(other, "x.py") == ["f", "(", "a", ",", "b", "=", "1", ")"]


def test_a_text_is_one_token_whatever_it_holds() -> None:
    """An f-string too, in every version of Python."""
    assert tokens('x = f"{a} and {b!r:>{c}}"\n', "x.py")[:2] == ["x", "="]
    assert len(tokens('x = f"{a} and {b!r:>{c}}"\n', "x.py")) == 3


def test_python_that_cannot_be_cut_is_an_error() -> None:
    """It is named as what it is."""
    with pytest.raises(SyntaxError):
        tokens("f(\n", "x.py")


@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        ("a.yml", "# c\nday: '2026-01-07'\nlist:\n  - one\n  - https://a.b/c\n", 5),
        ("a.toml", '[tool.kedro]\nname = "x y"  # c\n', 3),
        ("a.json", '{"a": [1, 2.5], "b": null}', 5),
        ("run.sh", "set -e\npython main.py\n", 4),
    ],
)
def test_of_configuration_keys_and_scalars_count(name: str, text: str, count: int) -> None:
    """Of any other text, words."""
    assert len(tokens(text, name)) == count


def test_what_is_replaced_was_removed_and_added() -> None:
    """What stays is neither."""
    assert changed(["a", "b", "c"], ["a", "x", "y", "c"]) == (2, 1)
