"""Makes attempts void if a later check found that their environment had changed."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from bench.contract.records import Attempt, Check, Fault
from bench.store.record_reading import Stored, whole

__all__ = ["faulty", "unchecked", "voided"]


def faulty(attempt: Attempt | Stored) -> bool:
    """Whether an attempt says nothing about its tool, because of a fault of harness, adapter or machine."""
    return attempt.faulty if isinstance(attempt, Stored) else attempt.fault is not None


def voided(records: Iterable[Attempt | Stored | Check]) -> list[Attempt | Stored | Check]:
    """Return the records in order. An attempt that a later check makes void gets the check as its fault."""
    found: list[Attempt | Stored | Check] = []
    for record in records:
        if isinstance(record, Check) and record.kind == "environment" and not record.ok:
            fault = Fault(where="environment", reason=record.detail)
            void = set(record.trials)
            found = [
                one
                if isinstance(one, Check) or one.trial.key not in void
                else replace(whole(one), fault=fault)
                for one in found
            ]
        found.append(record)
    return found


def unchecked(records: Sequence[Attempt | Stored | Check]) -> dict[str, list[Attempt | Stored]]:
    """Return, by tool, the attempts made since its environment was last checked."""
    found: dict[str, list[Attempt | Stored]] = {}
    for record in records:
        if not isinstance(record, Check):
            found.setdefault(record.trial.target.tool, []).append(record)
        elif record.kind == "environment":
            found.pop(record.subject, None)
    return found
