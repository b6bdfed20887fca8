"""The naive Fibonacci numbers of a published comparison of orchestrators, one in each task.

Windmill's benchmark of six engines runs ten tasks of fibonacci(33) and forty of fibonacci(10), one after the
other (https://www.windmill.dev/docs/misc/benchmarks/competitors). Here each adds its number to those before
it, so that one has to wait for the other, and the last writes the sum.
"""

from pathlib import Path


def fibonacci(n: int) -> int:
    return n if n <= 1 else fibonacci(n - 1) + fibonacci(n - 2)


def last(n: int, total: int, results: str) -> None:
    Path(results, "sum.txt").write_text(f"{total + fibonacci(n)}\n")


def add_1(n: int) -> int:
    return fibonacci(n)


def add_2(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_3(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_4(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_5(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_6(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_7(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_8(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_9(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_10(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_11(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_12(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_13(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_14(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_15(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_16(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_17(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_18(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_19(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_20(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_21(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_22(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_23(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_24(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_25(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_26(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_27(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_28(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_29(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_30(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_31(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_32(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_33(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_34(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_35(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_36(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_37(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_38(n: int, total: int) -> int:
    return total + fibonacci(n)


def add_39(n: int, total: int) -> int:
    return total + fibonacci(n)
