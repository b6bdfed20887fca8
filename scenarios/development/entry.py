"""The local and the remote entry point of a tool's launchpad, side by side; neither is run."""

import shlex
import tempfile
from collections import Counter
from pathlib import Path

from bench.contract.records import Declared
from bench.errors import AdapterError
from bench.scenarios import Driver, TrialSkipped

__all__ = ["compare"]

PARAMETERS = '"$@"'
"""What stands in a launchpad's step for the parameters that the user gives."""


def compare(driver: Driver) -> None:
    """Note the commands of both ways, the words that only one of them has, and what both are told."""
    with tempfile.TemporaryDirectory(dir=driver.sandbox.tmp) as folder:
        try:
            pad = driver.adapter.launchpad(driver.definition.pipeline, Path(folder))
        except AdapterError as error:
            raise TrialSkipped(Declared(outcome="not attempted", reason=str(error))) from error
    local, remote = [pad.local.command], [step.command for step in pad.steps()]
    here, there = _tokens(local), _tokens(remote)
    driver.facts["entries"] = {
        "local": local,
        "remote": remote,
        "only_local": sorted((here - there).elements()),
        "only_remote": sorted((there - here).elements()),
        # The last remote step starts the run: only what it is told can be what the local command is told.
        "files": {"local": _programs(local), "remote": _programs(remote[-1:])},
        "parameters": {"local": PARAMETERS in here, "remote": PARAMETERS in _tokens(remote[-1:])},
    }


def _tokens(commands: list[str]) -> Counter[str]:
    """Return the words of the commands as a shell splits them."""
    return Counter(word for command in commands for word in shlex.split(command, posix=False))


def _programs(commands: list[str]) -> list[str]:
    """Return the Python files that the commands name."""
    return sorted(word for word in {one.strip('"') for one in _tokens(commands)} if word.endswith(".py"))
