"""Changes of a user's own pipeline: one part in each block, changed as plain Python has shown that it counts."""

from bench.contract.driver import Turn
from bench.contract.own_parts import parts
from bench.contract.records import Declared
from bench.contract.scenario_manifest import Turns
from bench.execution.own_turns import apply
from bench.scenarios import Driver, RunOptions, TrialFault, TrialSkipped, run_again

from .cases import OWN

__all__ = ["drive"]


def drive(driver: Driver) -> None:
    """Run, change the part of this block, and go on as the tool's documentation says; the control runs twice before."""
    kind = OWN[driver.trial.case]
    turn = None if kind is None else _turn(driver, kind)
    limit = _time_limit(driver)
    driver.render()
    before = driver.run("fresh", RunOptions(digests=True, time_limit=limit))
    if driver.adapter.manifest.role == "control":
        elsewhere = RunOptions(
            digests=True,
            time_limit=limit,
            sandbox=driver.apart("again"),
            environment={"PYTHONHASHSEED": "1"},
        )
        driver.run("reused", elsewhere)
        run_again(driver, RunOptions(time_limit=limit))
    parameters = {}
    if turn is not None:
        driver.facts["turn"] = {"name": turn.name, "what": turn.what}
        if turn.edits:
            driver.edit(turn.edits)
        apply(turn, driver.sandbox.data)
        parameters = dict(turn.parameters)
    # As elsewhere in this scenario: after an edit of code its stage is executed again, else the last stage.
    edited = turn.rerun if turn is not None and turn.edits else None
    rerun = (edited or driver.pipeline.sentinel.name) if before.ended.well else None
    driver.run(
        "changed",
        RunOptions(parameters=parameters, digests=True, time_limit=limit, resumes=True, rerun=rerun),
    )


def _time_limit(driver: Driver) -> float:
    """Return the seconds after which a run of the user's pipeline counts as blocked."""
    own = driver.definition.own
    return 120.0 + 20 * (0.0 if own is None else own.seconds)


def _turn(driver: Driver, kind: Turns) -> Turn:
    """Return the change of this block. Ends the trial as not attempted if there is none that shows."""
    own = driver.definition.own
    if own is None:
        raise TrialFault("harness", "nothing is known of the user's pipeline")
    name = parts(driver.definition.pipeline, kind)[driver.trial.block]
    found = own.turns.get(kind, {}).get(name, f"'{name}' was not tried in plain Python")
    if isinstance(found, str):
        raise TrialSkipped(Declared(outcome="not attempted", reason=found))
    return found
