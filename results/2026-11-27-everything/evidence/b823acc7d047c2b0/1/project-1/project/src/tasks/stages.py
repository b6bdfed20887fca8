"""Ninety-nine stages that do nothing but hand on a number, and one that writes it down.

A stage is a function, so a chain of a hundred tasks needs a hundred of them. All chains have the same module:
what differs between them is the number of tasks and nothing else.
"""

from pathlib import Path
from prefect import task
from prefect.cache_policies import INPUTS


@task
def write(count: int, results: str) -> None:
    Path(results, "count.txt").write_text(f"{count}\n")


@task(cache_policy=INPUTS, persist_result=True)
def step_1(count: int) -> int:
    return count + 1


@task(cache_policy=INPUTS, persist_result=True)
def step_2(count: int) -> int:
    return count + 1


@task(cache_policy=INPUTS, persist_result=True)
def step_3(count: int) -> int:
    return count + 1


@task(cache_policy=INPUTS, persist_result=True)
def step_4(count: int) -> int:
    return count + 1


@task(cache_policy=INPUTS, persist_result=True)
def step_5(count: int) -> int:
    return count + 1


@task(cache_policy=INPUTS, persist_result=True)
def step_6(count: int) -> int:
    return count + 1


@task(cache_policy=INPUTS, persist_result=True)
def step_7(count: int) -> int:
    return count + 1


@task(cache_policy=INPUTS, persist_result=True)
def step_8(count: int) -> int:
    return count + 1


@task(cache_policy=INPUTS, persist_result=True)
def step_9(count: int) -> int:
    return count + 1


@task(cache_policy=INPUTS, persist_result=True)
def step_10(count: int) -> int:
    return count + 1


def step_11(count: int) -> int:
    return count + 1


def step_12(count: int) -> int:
    return count + 1


def step_13(count: int) -> int:
    return count + 1


def step_14(count: int) -> int:
    return count + 1


def step_15(count: int) -> int:
    return count + 1


def step_16(count: int) -> int:
    return count + 1


def step_17(count: int) -> int:
    return count + 1


def step_18(count: int) -> int:
    return count + 1


def step_19(count: int) -> int:
    return count + 1


def step_20(count: int) -> int:
    return count + 1


def step_21(count: int) -> int:
    return count + 1


def step_22(count: int) -> int:
    return count + 1


def step_23(count: int) -> int:
    return count + 1


def step_24(count: int) -> int:
    return count + 1


def step_25(count: int) -> int:
    return count + 1


def step_26(count: int) -> int:
    return count + 1


def step_27(count: int) -> int:
    return count + 1


def step_28(count: int) -> int:
    return count + 1


def step_29(count: int) -> int:
    return count + 1


def step_30(count: int) -> int:
    return count + 1


def step_31(count: int) -> int:
    return count + 1


def step_32(count: int) -> int:
    return count + 1


def step_33(count: int) -> int:
    return count + 1


def step_34(count: int) -> int:
    return count + 1


def step_35(count: int) -> int:
    return count + 1


def step_36(count: int) -> int:
    return count + 1


def step_37(count: int) -> int:
    return count + 1


def step_38(count: int) -> int:
    return count + 1


def step_39(count: int) -> int:
    return count + 1


def step_40(count: int) -> int:
    return count + 1


def step_41(count: int) -> int:
    return count + 1


def step_42(count: int) -> int:
    return count + 1


def step_43(count: int) -> int:
    return count + 1


def step_44(count: int) -> int:
    return count + 1


def step_45(count: int) -> int:
    return count + 1


def step_46(count: int) -> int:
    return count + 1


def step_47(count: int) -> int:
    return count + 1


def step_48(count: int) -> int:
    return count + 1


def step_49(count: int) -> int:
    return count + 1


def step_50(count: int) -> int:
    return count + 1


def step_51(count: int) -> int:
    return count + 1


def step_52(count: int) -> int:
    return count + 1


def step_53(count: int) -> int:
    return count + 1


def step_54(count: int) -> int:
    return count + 1


def step_55(count: int) -> int:
    return count + 1


def step_56(count: int) -> int:
    return count + 1


def step_57(count: int) -> int:
    return count + 1


def step_58(count: int) -> int:
    return count + 1


def step_59(count: int) -> int:
    return count + 1


def step_60(count: int) -> int:
    return count + 1


def step_61(count: int) -> int:
    return count + 1


def step_62(count: int) -> int:
    return count + 1


def step_63(count: int) -> int:
    return count + 1


def step_64(count: int) -> int:
    return count + 1


def step_65(count: int) -> int:
    return count + 1


def step_66(count: int) -> int:
    return count + 1


def step_67(count: int) -> int:
    return count + 1


def step_68(count: int) -> int:
    return count + 1


def step_69(count: int) -> int:
    return count + 1


def step_70(count: int) -> int:
    return count + 1


def step_71(count: int) -> int:
    return count + 1


def step_72(count: int) -> int:
    return count + 1


def step_73(count: int) -> int:
    return count + 1


def step_74(count: int) -> int:
    return count + 1


def step_75(count: int) -> int:
    return count + 1


def step_76(count: int) -> int:
    return count + 1


def step_77(count: int) -> int:
    return count + 1


def step_78(count: int) -> int:
    return count + 1


def step_79(count: int) -> int:
    return count + 1


def step_80(count: int) -> int:
    return count + 1


def step_81(count: int) -> int:
    return count + 1


def step_82(count: int) -> int:
    return count + 1


def step_83(count: int) -> int:
    return count + 1


def step_84(count: int) -> int:
    return count + 1


def step_85(count: int) -> int:
    return count + 1


def step_86(count: int) -> int:
    return count + 1


def step_87(count: int) -> int:
    return count + 1


def step_88(count: int) -> int:
    return count + 1


def step_89(count: int) -> int:
    return count + 1


def step_90(count: int) -> int:
    return count + 1


def step_91(count: int) -> int:
    return count + 1


def step_92(count: int) -> int:
    return count + 1


def step_93(count: int) -> int:
    return count + 1


def step_94(count: int) -> int:
    return count + 1


def step_95(count: int) -> int:
    return count + 1


def step_96(count: int) -> int:
    return count + 1


def step_97(count: int) -> int:
    return count + 1


def step_98(count: int) -> int:
    return count + 1


def step_99(count: int) -> int:
    return count + 1
