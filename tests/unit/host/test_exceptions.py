"""The exception with which a program ended is found in what it said."""

import pytest

from bench.host.exceptions import last_exception, steady_part

TRACEBACK = (
    "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    raise ValueError('no rows')\n"
)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (f"{TRACEBACK}ValueError: no rows\n", "ValueError: no rows"),
        (
            f"{TRACEBACK}ValueError: one\n\nDuring handling:\nmine.TableError: two\nbye\n",
            "mine.TableError: two",
        ),
        ("\x1b[31mRuntimeError: task failed\x1b[0m\n", "RuntimeError: task failed"),
        ("KeyboardInterrupt\n", "KeyboardInterrupt"),
        ("an Error: is no name of a class\nall is well\n", None),
        ("", None),
    ],
)
def test_the_last_exception_is_found(said: str, expected: str | None) -> None:
    """With its colours gone; a sentence that speaks of an error is none."""
    assert last_exception(said) == expected


def test_what_differs_from_run_to_run_ends_the_steady_part() -> None:
    """A path, an address, the number of a process."""
    assert (
        steady_part("FileNotFoundError: [Errno 2] No such file: '/tmp/x'")
        == "FileNotFoundError: [Errno 2] No such file: '"
    )
    assert steady_part("KeyError: 'price'") == "KeyError: 'price'"
