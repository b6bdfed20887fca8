"""The criteria in their tiers, and which indicators measure each."""

from pathlib import Path

import msgspec

from bench.errors import UsageError

__all__ = ["Criteria", "Criterion", "default", "read"]


class Criterion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that the evaluation asks. ``indicators``: each as ``scenario/indicator``."""

    name: str
    tier: int
    asks: str
    indicators: tuple[str, ...] = ()


class Criteria(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A set of criteria. ``tiers``: weight of each criterion, by tier."""

    name: str
    tiers: dict[str, float]
    criteria: tuple[Criterion, ...]


def criteria_folder() -> Path:
    """Return the folder of the sets that come with bench, in a checkout or in a wheel."""
    inside = Path(__file__).parent / "_data" / "criteria"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "criteria"


def default() -> Criteria:
    """Return the default set."""
    return read(criteria_folder() / "default.toml")


def read(path: Path) -> Criteria:
    """Read and check a criteria file. Raises UsageError with the place of the mistake."""
    try:
        criteria = msgspec.toml.decode(path.read_bytes(), type=Criteria)
    except OSError as error:
        raise UsageError(f"criteria file {path} cannot be read ({error.strerror})") from error
    except msgspec.MsgspecError as error:
        raise UsageError(f"criteria file {path}: {error}") from error
    for criterion in criteria.criteria:
        if str(criterion.tier) not in criteria.tiers:
            raise UsageError(
                f"criteria file {path}: '{criterion.name}' is in tier {criterion.tier}, which has no weight"
            )
    return criteria
