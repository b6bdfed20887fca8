"""What the published choices claimed, and which metrics and documented answers speak to it.

``criteria/claims.toml`` holds them. Each is shown beside what a result set found; nothing is concluded here.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from bench.contract.scenario_manifest import Manifest
from bench.contract.toml import Table, read_tables
from bench.errors import UsageError, nearest
from bench.scoring import checklist
from bench.scoring.criteria_checks import unit_of
from bench.scoring.criteria_files import criteria_folder

__all__ = ["Claim", "claims"]


class Claim(Table, frozen=True, kw_only=True):
    """One claim, in our words.

    account: where it was made; it heads its claims on the page. about: how it was meant there. metrics:
    ``scenario/case`` or ``scenario/case/part``. facts: questions of the checklist. With neither, nothing here
    speaks to it.
    """

    account: str
    about: Literal["chosen for", "praised", "missed", "suffered from"]
    claim: str
    metrics: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


def claims(
    scenarios: Mapping[str, Manifest], path: Path | None = None, questions: Iterable[str] | None = None
) -> tuple[Claim, ...]:
    """Return the claims in the order of the file; without a path, those that come with bench.

    scenarios: all that there are, by name. questions: of the checklist; those that come with bench where
    none are given. Raises UsageError with the file, the claim, and the nearest name of what is unknown.
    """
    path = path or criteria_folder() / "claims.toml"
    found = read_tables(path, Claim, UsageError, "claims file ")
    asked = frozenset(checklist.questions() if questions is None else questions)
    for name, claim in found.items():
        _check(claim, f"claims file {path}: [{name}]", scenarios, asked)
    return tuple(found.values())


def _check(claim: Claim, at: str, scenarios: Mapping[str, Manifest], questions: frozenset[str]) -> None:
    """Raise UsageError for a metric or a question that there is not."""
    for metric in claim.metrics:
        if "/" not in metric:
            raise UsageError(f"{at}: '{metric}' is a whole scenario; name a case of it, as 'scenario/case'")
        unit_of(metric, at, scenarios)
    for fact in claim.facts:
        if fact not in questions:
            raise UsageError(f"{at}: the checklist has no question '{fact}'{nearest(fact, questions)}")
