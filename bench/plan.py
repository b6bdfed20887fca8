"""Which cells there are, in which blocks and order, and what changes a cell's facts: pure functions."""

import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.hashing import folder_digest
from bench.records import Cell, Target
from bench.scenarios import Case, Loaded, Manifest, Repetition

__all__ = ["Block", "Series", "measuring_digest", "plan"]

# The code whose change changes what is measured; judging, scoring and the report are not in it.
MEASURING = (
    "_browse.py",
    "_extract_runner.py",
    "layout.py",
    "source.py",
    "tasks.py",
    "_probe_runner.py",
    "_processes.py",
    "_supervise.py",
    "attempt.py",
    "browsing.py",
    "catalogue.py",
    "cell.py",
    "changes.py",
    "extract.py",
    "holding.py",
    "how.py",
    "observation.py",
    "pipeline.py",
    "probing.py",
    "project.py",
    "sandbox.py",
    "services/standing.py",
    "services/starting.py",
    "small_disk.py",
    "supervisor.py",
    "tokens.py",
)


@dataclass(frozen=True)
class Block:
    """Every target once, in random order; the unit of interleaving and of pairing."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Series:
    """All blocks of one case, up to its last look."""

    scenario: str
    case: str
    repetition: Repetition
    timed: bool
    blocks: tuple[Block, ...]

    @property
    def cells(self) -> list[Cell]:
        """Return the cells of all blocks."""
        return [cell for block in self.blocks for cell in block.cells]


def measuring_digest() -> str:
    """Return a hash of the code that measures."""
    folder = Path(__file__).parent
    hasher = hashlib.sha256(folder_digest(folder / "tracing").encode())
    for name in MEASURING:
        hasher.update((folder / name).read_bytes())
    return hasher.hexdigest()[:16]


def plan(
    targets: Sequence[Target],
    scenarios: Mapping[str, Loaded],
    profiles: Mapping[str, str],
    digests: Mapping[str, str],
    machine: str,
    seed: int,
    shares: Mapping[str, str] | None = None,
    only: Sequence[str] = (),
    edits: Mapping[tuple[str, str, str], str] | None = None,
) -> list[Series]:
    """Return the series of every case that the profiles have, in a fixed order, each block shuffled.

    targets: with the control and the twin's two. profiles: by scenario. digests: of the pipelines, by name.
    shares: by the name of a target, which cells it gets (see Choice). only: cases to leave all others out
    for. edits: digest of the named edit of a tool for a scenario's case, where it has one. Untimed scenarios
    come first: what is wrong shows before hours are spent on timing.
    """
    series: list[Series] = []
    order = 0
    for name, loaded in sorted(scenarios.items(), key=lambda item: (item[1].manifest.timed, item[0])):
        profile = profiles[name]
        for case, repetition in loaded.manifest.profiles.get(profile, {}).items():
            if only and case not in only:
                continue
            manifest = loaded.manifest
            about = manifest.cases[case]
            members = [
                one
                for one in targets
                if (about.twin or one.tool != "twin")
                and _takes((shares or {}).get(one.name, "all"), manifest, about)
            ]
            blocks = []
            for number in range(repetition.looks[-1]):
                shuffled = list(members)
                random.Random(f"{seed}/{name}/{case}/{number}").shuffle(shuffled)  # noqa: S311 - no secret
                cells = []
                for target in shuffled:
                    pipeline = digests[about.pipeline]
                    key = _key(target, loaded, case, pipeline, repetition, number, machine, profile)
                    edit = (edits or {}).get((target.tool, name, case))
                    if edit is not None:
                        key = hashlib.sha256(f"{key} {edit}".encode()).hexdigest()[:16]
                    cells.append(
                        Cell(
                            target=target,
                            scenario=name,
                            case=case,
                            pipeline=about.pipeline,
                            size=repetition.size,
                            block=number,
                            order=order,
                            key=key,
                        )
                    )
                    order += 1
                blocks.append(Block(number, tuple(cells)))
            series.append(Series(name, case, repetition, manifest.timed, tuple(blocks)))
    return series


def _takes(share: str, manifest: Manifest, case: Case) -> bool:
    """Whether a target with this share is measured in a case."""
    return share == "all" or not manifest.standing or case.brief


def _key(
    target: Target,
    loaded: Loaded,
    case: str,
    pipeline: str,
    repetition: Repetition,
    block: int,
    machine: str,
    profile: str,
) -> str:
    """Return the hash of all that changes the cell's facts, and of nothing else.

    The profile is in it because a scenario's steps may do more in a longer one.
    """
    parts = [
        target.label,
        target.adapter_hash,
        target.environment_hash,
        loaded.manifest.name,
        loaded.digest,
        case,
        pipeline,
        loaded.manifest.cases[case].parameters,
        repetition.size,
        profile,
        block,
        machine,
        measuring_digest(),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
