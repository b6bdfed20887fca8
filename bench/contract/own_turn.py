"""The change of a user's own pipeline that a trial makes: that of the part of its block."""

from bench.contract.driver import Driver, Turn
from bench.contract.own_parts import parts
from bench.contract.records import Declared
from bench.contract.scenario_manifest import Turns
from bench.contract.trial_exits import TrialFault, TrialSkipped

__all__ = ["turn_of"]


def turn_of(driver: Driver, kind: Turns) -> Turn:
    """Return the change of this block. Ends the trial as not attempted if there is none that shows."""
    own = driver.definition.own
    if own is None:
        raise TrialFault("harness", "nothing is known of the user's pipeline")
    name = parts(driver.definition.pipeline, kind)[driver.trial.block]
    found = own.turns.get(kind, {}).get(name, f"'{name}' was not tried in plain Python")
    if isinstance(found, str):
        raise TrialSkipped(Declared(outcome="not attempted", reason=found))
    return found
