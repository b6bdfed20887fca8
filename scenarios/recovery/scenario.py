"""Steps of the recovery scenario."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bench.contract.driver import FaultyDisk
from bench.contract.own_parts import parts
from bench.contract.records import Declared, Run
from bench.scenarios import (
    Driver,
    Point,
    Question,
    RunningCommand,
    RunOptions,
    Scenario,
    TrialFault,
    TrialSkipped,
    run_again,
)

from .cases import CASES, GOING_ON, UNFINISHED, Case

LINES = 5
"""Of what a failed run said last."""
SMALL = 64_000_000
"""Bytes of the small disk; no tool needs more than a third of them."""
BALLAST = "ballast"
"""With which the stage fills it up."""
OUTPUT = 3_200_000
"""Bytes of the table that the second stage returns."""
PART_BYTES = (0, 24_000_000)
"""How much is added to each of eight parts, without a change of their meaning."""
LATER_S = {"smoke": 5.0, "quick": 5.0, "standard": 60.0, "thorough": 60.0}
"""Seconds until the record of an interrupted run is looked at again."""


class Recovery(Scenario):
    """Lets a fault happen in a run, looks at what is left, and goes on as the tool's documentation says."""

    def steps(self, driver: Driver, profile: str) -> None:
        """Run with the fault; where that did not end well, go on. The control also runs without it."""
        case = CASES[driver.trial.case]
        if self.manifest.cases[driver.trial.case].own:
            case = _of_own(driver, case)
        disk = driver.small_disk(SMALL) if case.small_disk else None
        driver.render()
        if case.native:
            driver.edit_project(driver.trial.case, self.manifest.edits or "")
        run_options = _how(driver, case)
        _without_fault(driver, run_options, own=self.manifest.cases[driver.trial.case].own)
        if case.asks is not None:
            driver.require(case.asks)
        driver.facts["lacks"] = sorted(driver.lacking)
        driver.facts["calls"] = dict(case.calls)
        driver.facts["strikes"] = case.strikes
        driver.facts["loses"] = case.loses
        folder = driver.sandbox.root / "server"
        if case.kills_server:
            _start_server(driver, folder)
        run = _first(driver, case, run_options, disk)
        if disk is not None:
            _repair(driver, disk)
        driver.facts["said"] = _said(driver, run, case)
        driver.facts["notes"] = _notes(driver)
        if case.kills_server:
            driver.start_server(folder)
        driver.facts["states"] = list(
            _states(driver, run_options, LATER_S[profile] if case.waits else None)
        )
        if not run.ended.well:
            driver.run("resumed", replace(run_options, resumes=True, digests=True))
        if case.native:
            _weigh(driver, run_options)


def _without_fault(driver: Driver, run_options: RunOptions, *, own: bool) -> None:
    """Run the control; a user's own pipeline also again, to see what differs by itself.

    A tool runs such a pipeline in fresh state at another place: what it delivers otherwise there, it does always.
    """
    if driver.adapter.manifest.role == "control":
        driver.run("verifying", run_options)
        if own:
            run_again(driver, run_options)
    elif own:
        driver.run("verifying", replace(run_options, sandbox=driver.apart("undisturbed")))


def _of_own(driver: Driver, case: Case) -> Case:
    """Return the case for the user's own pipeline: the stage of this block is held, with the calls that it has."""
    own = driver.definition.own
    stages = parts(driver.definition.pipeline, "stages")
    calls = {} if own is None else {name: count for name, count in own.calls.items() if count > 1}
    seconds = 0.0 if own is None else own.seconds
    limit = case.time_limit + 20 * seconds
    return replace(case, held=stages[driver.trial.block], calls=calls, time_limit=limit)


def _how(driver: Driver, case: Case) -> RunOptions:
    """Return what all runs of the trial have in common; the nonce is how the record finds them.

    A user's own pipeline has none, so its record is not asked for.
    """
    parameters: dict[str, str] = {}
    if "nonce" in driver.pipeline.parameters:
        parameters["nonce"] = secrets.token_hex(8)
    if "store" in driver.pipeline.parameters:
        parameters["store"] = str(driver.sandbox.root / "parts")
    return RunOptions(parameters=parameters, time_limit=case.time_limit)


def _first(driver: Driver, case: Case, run_options: RunOptions, disk: FaultyDisk | None) -> Run:
    """Run into the fault."""
    if case.held is not None:
        point = Point(case.held, case.held_at)
        return driver.hold("fresh", point, lambda running: _act(driver, case, running, disk), run_options)
    place = driver.sandbox.root / "notes" if disk is None else disk.place / BALLAST
    return driver.run("fresh", replace(run_options, environment={"CHAOS": f"{case.chaos} {place}"}))


def _act(driver: Driver, case: Case, running: RunningCommand, disk: FaultyDisk | None) -> None:
    if case.sends is not None:
        number, who = case.sends
        running.signal(number, who)
    if case.kills_server:
        driver.stop_server()
    if case.freezes and disk is not None:
        driver.facts["still_open"] = disk.freeze()


def _repair(driver: Driver, disk: FaultyDisk) -> None:
    """Note whether the disk still refuses what the stage returned; then make it fit for use again."""
    driver.facts["refuses"] = disk.refuses(OUTPUT)
    if "still_open" in driver.facts:
        disk.thaw()
    (disk.place / BALLAST).unlink(missing_ok=True)


def _weigh(driver: Driver, run_options: RunOptions) -> None:
    """Run all anew with small and with large parts, so that the peak of memory tells how many it holds."""
    for number, size in enumerate(PART_BYTES):
        parameters = {
            **run_options.parameters,
            "seed": 8 + number,
            "store": f"{run_options.parameters['store']}-{number}",
        }
        environment = {"PART_BYTES": str(size)}
        driver.run("changed", replace(run_options, parameters=parameters, environment=environment))
    driver.facts["part_bytes"] = list(PART_BYTES)


def _start_server(driver: Driver, folder: Path) -> None:
    """Start a server for this trial alone; end the trial where the setup has none."""
    driver.start_server(folder)
    if not driver.has_server:
        raise TrialSkipped(
            Declared(
                outcome="not attempted",
                scope="mode",
                reason=f"the setup '{driver.trial.target.setup}' has no server that stands beside the run",
            )
        )


def _said(driver: Driver, run: Run, case: Case) -> dict[str, object]:
    """Return the last lines of a run, and whether it named the error."""
    text = "".join(path.read_text(errors="replace") for path in driver.logs(run))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    # Some tools wrap their lines.
    said = " ".join(text.lower().split())
    return {"names_error": None if case.says is None else case.says in said, "last": lines[-LINES:]}


def _states(driver: Driver, run_options: RunOptions, later: float | None) -> Iterator[dict[str, object]]:
    """Yield what the tool records of the run with the nonce: now, and ``later`` seconds later.

    What is recorded as ended is not looked at again.
    """
    if "run_history" in driver.facts["lacks"] or "nonce" not in run_options.parameters:
        return
    question = Question("state", "state", {"nonce": run_options.parameters["nonce"]})
    for wait in (0.0, later):
        if wait is None:
            return
        driver.pause(wait)
        answer = driver.probe([question])["state"]
        if answer["route"] is None and answer["error"] is not None:
            raise TrialFault("probe", str(answer["error"]))
        if answer["route"] is None:
            return
        yield {
            "after_s": wait,
            "state": answer["value"],
            "route": answer["route"],
            "error": answer["error"],
        }
        if answer["value"] not in (None, UNFINISHED, *GOING_ON):
            return


def _notes(driver: Driver) -> list[list[object]]:
    """Return what the stage itself noted: ``tried`` or ``woke``, and when in seconds since the epoch."""
    path = driver.sandbox.root / "notes"
    if not path.is_file():
        return []
    try:
        return [[word, float(moment)] for word, moment in map(str.split, path.read_text().splitlines())]
    except ValueError as error:
        raise TrialFault("scenario", f"the stage's notes cannot be read: {error}") from error
