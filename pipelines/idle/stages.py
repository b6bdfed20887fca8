"""Ten stages that do nothing but hand on a number, and one that writes it down."""

from pathlib import Path


def step_1(count: int) -> int:
    return count + 1


def step_2(count: int) -> int:
    return count + 1


def step_3(count: int) -> int:
    return count + 1


def step_4(count: int) -> int:
    return count + 1


def step_5(count: int) -> int:
    return count + 1


def step_6(count: int) -> int:
    return count + 1


def step_7(count: int) -> int:
    return count + 1


def step_8(count: int) -> int:
    return count + 1


def step_9(count: int) -> int:
    return count + 1


def step_10(count: int) -> int:
    return count + 1


def write(count: int, results: str) -> None:
    Path(results, "count.txt").write_text(f"{count}\n")
