"""Plans the trials, their blocks and order, and computes their keys. Pure functions."""

import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bench.contract.own_parts import parts
from bench.contract.pipeline import Pipeline
from bench.contract.records import Target, Trial
from bench.contract.scenario import Loaded
from bench.contract.scenario_manifest import Case, Manifest, Repetition
from bench.hashing import folder_digest

__all__ = ["Block", "Series", "measuring_digest", "plan"]

MEASURING = ("contract", "host", "environments", "execution")
"""The packages whose changes may change the measured facts. None of them contains rules of judging."""


@dataclass(frozen=True)
class Block:
    """Every target once, in random order; the unit of interleaving and of pairing."""

    number: int
    trials: tuple[Trial, ...]


@dataclass(frozen=True)
class Series:
    """All blocks of one case, up to its last interim check."""

    scenario: str
    case: str
    repetition: Repetition
    timed: bool
    blocks: tuple[Block, ...]

    @property
    def trials(self) -> list[Trial]:
        """Return the trials of all blocks."""
        return [trial for block in self.blocks for trial in block.trials]


def measuring_digest(package: Path = Path(__file__).parents[1]) -> str:
    """Return a hash of the code that measures. ``package``: the folder of bench."""
    hashes = [folder_digest(package / name) for name in MEASURING]
    return hashlib.sha256(" ".join(hashes).encode()).hexdigest()[:16]


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
    own: Pipeline | None = None,
) -> list[Series]:
    """Return the series of every case that the profiles have, in a fixed order, each block shuffled.

    targets: including the control and the two of the A/A check. profiles: by scenario. digests: of the pipelines,
    by name. shares: which trials a target gets, by its name (see TargetSpec). only: if given, the only cases that
    are planned. edits: digest of a tool's named edit, by tool, scenario and case. own: the user's pipeline, of which
    some cases take one part after the other, each in a block. Untimed scenarios come first, so that mistakes show
    before hours are spent on timing.
    """
    series: list[Series] = []
    order = 0
    for name, loaded in sorted(scenarios.items(), key=lambda item: (item[1].manifest.timed, item[0])):
        profile = profiles[name]
        for case, repeated in loaded.manifest.profiles.get(profile, {}).items():
            repetition = repeated
            if only and case not in only:
                continue
            manifest = loaded.manifest
            about = manifest.cases[case]
            if about.own and own is None:
                continue
            if about.turns is not None and own is not None:
                count = min(repeated.interim_checks[-1], len(parts(own, about.turns)))
                if count == 0:
                    continue  # It has no such part.
                repetition = msgspec.structs.replace(repeated, interim_checks=(count,))
            members = [
                one
                for one in targets
                if (about.aa_check or one.role != "aa check")
                and _takes((shares or {}).get(one.name, "all"), manifest, about)
            ]
            blocks = []
            for number in range(repetition.interim_checks[-1]):
                shuffled = list(members)
                random.Random(f"{seed}/{name}/{case}/{number}").shuffle(shuffled)  # noqa: S311 - no secret
                trials = []
                for target in shuffled:
                    pipeline = digests[about.pipeline]
                    key = _key(target, loaded, case, pipeline, repetition, number, machine, profile)
                    edit = (edits or {}).get((target.tool, name, case))
                    if edit is not None:
                        key = hashlib.sha256(f"{key} {edit}".encode()).hexdigest()[:16]
                    trials.append(
                        Trial(
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
                blocks.append(Block(number, tuple(trials)))
            series.append(Series(name, case, repetition, manifest.timed, tuple(blocks)))
    return series


def _takes(share: str, manifest: Manifest, case: Case) -> bool:
    """Whether a target with this share gets trials of a case."""
    return share == "all" or not manifest.persistent or case.brief


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
    """Return the hash of everything that can change the trial's facts, and of nothing else.

    The profile is included, because the steps of a scenario may do more in a longer profile.
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
