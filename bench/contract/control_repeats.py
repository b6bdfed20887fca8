"""Runs the control's project again in other circumstances, so that what differs by itself is known.

A scenario asks for it after the runs of a trial. Nothing is measured in these runs.
"""

from dataclasses import replace

from bench.contract.driver import Driver
from bench.contract.run_options import PLAIN, RunOptions

__all__ = ["run_again"]

MOST = 4
"""Repeats of a quick pipeline. Two texts in a set come in one order in all five runs once in 16 times."""
QUICK_S = 3.0
"""A pipeline that takes longer is repeated once."""


def run_again(driver: Driver, run_options: RunOptions = PLAIN) -> None:
    """Run the control's project again at another place, with another seed of hashing, with digests.

    Does nothing for a tool, and in later blocks: what is known of the first one holds for all.
    """
    if driver.adapter.manifest.role != "control" or driver.trial.block > 0:
        return
    for number in range(1, MOST + 1):
        circumstances = replace(
            run_options,
            repeat=True,
            sandbox=driver.apart(f"again-{number}"),
            environment={
                **run_options.environment,
                "PYTHONHASHSEED": str(number),
                "CONTROL_LAYOUT": "other",
            },
        )
        run = driver.run("verifying", circumstances)
        if (run.seconds("exit") or QUICK_S) >= QUICK_S:
            return
