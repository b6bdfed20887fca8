"""Turns ``tool[setup+option]`` from the command line into existing targets."""

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
    """A tool in one set-up with options, before its environment is made.

    share: which trials it gets in scenarios with ``persistent``: all of them, or only the brief cases. The default
    set-up gets only the brief cases if another set-up with a persistent server is measured too.
    """

    adapter: Adapter
    setup: str
    options: tuple[str, ...]
    share: Literal["all", "brief"] = "all"

    @property
    def name(self) -> str:
        """Return the name, as ``prefect[local+strict]``."""
        return f"{self.adapter.manifest.name}[{'+'.join((self.setup, *self.options))}]"


def choose(text: str, folders: Mapping[str, Path]) -> list[TargetSpec]:
    """Return the choices of a comma-separated list; ``all`` is the default set-up of every tool.

    A tool without a named set-up is taken in its default one, plus the one with a persistent server if it has one.
    The plan adds the control and the A/A check itself. Raises UsageError or AdapterError with the nearest name.
    """
    choices: list[TargetSpec] = []
    for part in re.split(r",(?![^\[]*\])", text):
        for choice in _one(part.strip(), folders):
            if choice.name not in {known.name for known in choices}:
                choices.append(choice)
    return choices


def of_role(role: str, folders: Mapping[str, Path]) -> list[TargetSpec]:
    """Return every set-up of the adapters with a role: ``control`` or ``aa check``."""
    found = []
    for folder in folders.values():
        if (folder / "adapter.toml").is_file() and read_manifest(folder).role == role:
            adapter = load(folder)
            found += [TargetSpec(adapter, setup, ()) for setup in adapter.manifest.setups]
    return found


def target(choice: TargetSpec, environment: Environment | None) -> Target:
    """Return the target of a choice in an environment; without an environment its version is unknown."""
    manifest = choice.adapter.manifest
    version = "?"
    if environment is not None:
        # The control and the A/A check are plain Python.
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
            # load() reports a folder without a manifest instead of skipping it.
            if not (folder / "adapter.toml").is_file() or read_manifest(folder).role == "tool"
        ]
        return [choice for folder in tools for choice in _default(load(folder), ())]
    match = FORM.fullmatch(part)
    if match is None:
        raise UsageError(f"'{part}' is not a target; write tool, tool[setup] or tool[setup+option]")
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
