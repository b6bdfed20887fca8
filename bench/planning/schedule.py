"""Plans the trials, their blocks and order, and computes their keys. Pure functions."""

import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as dataclass_replace
from pathlib import Path

from msgspec.structs import replace

from bench.contract.own_parts import parts
from bench.contract.pipeline import Pipeline
from bench.contract.records import Target, Trial
from bench.contract.scenario import Loaded
from bench.contract.scenario_manifest import OWN, Case, Manifest, Repetition
from bench.hashing import folder_digest

__all__ = ["Block", "Series", "in_order", "measuring_digest", "plan"]

MEASURING = ("contract", "host", "environments", "execution")
"""The packages whose changes may change the measured facts. None of them contains rules of judging."""


@dataclass(frozen=True)
class Block:
    """Every target once, in random order; the unit of interleaving and of pairing."""

    number: int
    trials: tuple[Trial, ...]


@dataclass(frozen=True)
class Series:
    """All blocks of one case, up to its last interim check. ``line``: that the case is a point of, if it is of one."""

    scenario: str
    case: str
    repetition: Repetition
    timed: bool
    blocks: tuple[Block, ...]
    line: str | None = None

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
    *,
    own_only: bool = False,
) -> list[Series]:
    """Return the series of every case that the profiles have, each block shuffled.

    targets: including the control and the two of the A/A check. profiles: by scenario. digests: of the pipelines,
    by name. shares: which trials a target gets, by its name (see TargetSpec). only: if given, the only cases that
    are planned. edits: digest of a tool's named edit, by tool, scenario and case. own: the user's pipeline, of which
    some cases take one part after the other, each in a block. own_only: whether only cases on it are planned. Untimed
    scenarios come first, so that mistakes show before hours are spent on timing.
    """
    series: list[Series] = []
    for name, loaded in sorted(scenarios.items(), key=lambda item: (item[1].manifest.timed, item[0])):
        profile = profiles[name]
        for case, repeated in loaded.manifest.profiles.get(profile, {}).items():
            repetition = repeated
            if only and case not in only:
                continue
            manifest = loaded.manifest
            about = manifest.cases[case]
            if (about.own and own is None) or (own_only and about.pipeline != OWN):
                continue
            if about.turns is not None and own is not None:
                count = min(repeated.interim_checks[-1], len(parts(own, about.turns)))
                if count == 0:
                    continue  # It has no such part.
                repetition = replace(repeated, interim_checks=(count,))
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
                            order=0,
                            key=key,
                        )
                    )
                blocks.append(Block(number, tuple(trials)))
            line = next((line for line, one in manifest.fits.items() if case in one.cases), None)
            series.append(Series(name, case, repetition, manifest.timed, tuple(blocks), line))
    return _numbered(series, seed)


def in_order(series: Sequence[Series]) -> list[tuple[Series, Block]]:
    """Return all blocks in the order in which they are run."""
    pairs = [(one, block) for one in series for block in one.blocks if block.trials]
    return sorted(pairs, key=lambda pair: pair[1].trials[0].order)


def _numbered(series: Sequence[Series], seed: int) -> list[Series]:
    """Return series whose trials are numbered as they are run: case by case, those of one line block by block.

    A machine gets warmer or busier while it works. If all runs of one task came before all of ten, that would look like
    a cost of tasks, or like a gain.
    """
    order = 0
    numbered: dict[tuple[int, int], Block] = {}
    for group in _groups(series):
        for number in range(max(len(series[at].blocks) for at in group)):
            turn = [at for at in group if number < len(series[at].blocks)]
            first = series[group[0]]
            random.Random(f"{seed}/{first.scenario}/{first.line}/{number}").shuffle(turn)  # noqa: S311 - no secret
            for at in turn:
                trials = series[at].blocks[number].trials
                trials = tuple(replace(trial, order=order + place) for place, trial in enumerate(trials))
                order += len(trials)
                numbered[at, number] = Block(number, trials)
    return [
        dataclass_replace(one, blocks=tuple(numbered[at, block.number] for block in one.blocks))
        for at, one in enumerate(series)
    ]


def _groups(series: Sequence[Series]) -> list[list[int]]:
    """Return the series that are run together, by their indexes: those of one line, else each by itself."""
    groups: dict[tuple[str, str | None, str], list[int]] = {}
    for at, one in enumerate(series):
        groups.setdefault((one.scenario, one.line, "" if one.line else one.case), []).append(at)
    return list(groups.values())


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
