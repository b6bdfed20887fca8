"""Reading ``tool[setup+option]`` from the command line into targets that exist."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bench.contract.adapter import Adapter
from bench.contract.adapter_loading import find, load
from bench.contract.adapter_manifest import read_manifest
from bench.contract.records import Target
from bench.environments.environment import Environment
from bench.errors import UsageError, nearest

__all__ = ["TargetSpec", "choose", "of_role", "target"]

FORM = re.compile(r"(?P<tool>[\w-]+)(\[(?P<setup>[\w-]+)?(?P<options>(\+[\w-]+)*)\])?")


@dataclass(frozen=True)
class TargetSpec:
    """A tool in one setup with options, before its environment is made.

    share: which trials it gets of scenarios that may be measured with a persistent server: all of them, or only
    the brief cases, as the default setup beside one with such a server.
    """

    adapter: Adapter
    setup: str
    options: tuple[str, ...]
    share: Literal["all", "brief"] = "all"

    @property
    def name(self) -> str:
        """Return as ``prefect[local+strict]``."""
        return f"{self.adapter.manifest.name}[{'+'.join((self.setup, *self.options))}]"


def choose(text: str, folders: Mapping[str, Path]) -> list[TargetSpec]:
    """Return the choices of a comma-separated list; ``all`` is the default setup of every tool.

    A tool that is named without a setup is taken in its default one, beside it the one that has a persistent server.
    The control and the A/A check are not part of it: the plan adds them. Raises UsageError or
    AdapterError with the nearest name.
    """
    choices: list[TargetSpec] = []
    for part in re.split(r",(?![^\[]*\])", text):
        for choice in _one(part.strip(), folders):
            if choice.name not in {known.name for known in choices}:
                choices.append(choice)
    return choices


def of_role(role: str, folders: Mapping[str, Path]) -> list[TargetSpec]:
    """Return every setup of the adapters of a role: ``control`` or ``aa check``."""
    found = []
    for folder in folders.values():
        if (folder / "adapter.toml").is_file() and read_manifest(folder).role == role:
            adapter = load(folder)
            found += [TargetSpec(adapter, setup, ()) for setup in adapter.manifest.setups]
    return found


def target(choice: TargetSpec, environment: Environment | None) -> Target:
    """Return the target that a choice is in an environment; without one its version is not known."""
    manifest = choice.adapter.manifest
    version = "?"
    if environment is not None:
        # The control and the A/A check are nothing but Python.
        version = environment.version if manifest.role == "tool" else environment.interpreter
    return Target(
        tool=manifest.name,
        role=manifest.role,
        setup=choice.setup,
        options=choice.options,
        version=version,
        mode=manifest.setups[choice.setup].mode,
        adapter_hash=choice.adapter.digest,
        environment_hash=environment.digest if environment else "",
    )


def _one(part: str, folders: Mapping[str, Path]) -> list[TargetSpec]:
    if part == "all":
        tools = [
            folder
            for folder in folders.values()
            # A folder without a manifest is named by load, not passed over.
            if not (folder / "adapter.toml").is_file() or read_manifest(folder).role == "tool"
        ]
        return [choice for folder in tools for choice in _default(load(folder), ())]
    match = FORM.fullmatch(part)
    if match is None:
        raise UsageError(f"'{part}' is no target; write tool, tool[setup] or tool[setup+option]")
    adapter = load(find(match["tool"], folders))
    manifest = adapter.manifest
    setup = match["setup"] or manifest.default_setup
    if setup not in manifest.setups:
        raise UsageError(f"{manifest.name} has no setup '{setup}'{nearest(setup, manifest.setups)}")
    options = tuple(sorted(filter(None, (match["options"] or "").split("+"))))
    for option in options:
        if option not in manifest.options:
            raise UsageError(f"{manifest.name} has no option '{option}'{nearest(option, manifest.options)}")
    return [TargetSpec(adapter, setup, options)] if match["setup"] else _default(adapter, options)


def _default(adapter: Adapter, options: tuple[str, ...]) -> list[TargetSpec]:
    manifest = adapter.manifest
    if manifest.persistent_setup is None:
        return [TargetSpec(adapter, manifest.default_setup, options)]
    return [
        TargetSpec(adapter, manifest.default_setup, options, "brief"),
        TargetSpec(adapter, manifest.persistent_setup, options),
    ]
