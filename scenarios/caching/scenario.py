"""Steps of the caching scenario: run, change one thing, run again, and note what was seen."""

import os
import re
import shutil
import signal
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from typing import Literal

from bench.adapters import Sandbox
from bench.contract.records import Run
from bench.scenarios import Driver, Point, RunningCommand, RunOptions, Scenario

from . import own
from .cases import CASES, OWN, Case, Situation

STORED = 10_000_000
"""Bytes from which a file that a run wrote is what stores the large result."""
HELD_STAGE = "scale"
TOGETHER_S = 40.0
"""Seconds that the second of two runs has to end, while the body of the first is held."""
EXPIRED_S = 21.0
"""Seconds after which the entry of the pipeline ``expiring``, stored for 20 s, is too old."""
BLOCKED_S = 90.0
"""Seconds after which a run that does nothing else than wait counts as blocked."""


class Caching(Scenario):
    """Runs a pipeline, makes one change, and runs it again in a new process at the same path."""

    def steps(self, driver: Driver, profile: str) -> None:  # noqa: ARG002 - the contract's
        """Drive the case by its kind."""
        if driver.trial.case in OWN:
            own.drive(driver)
            return
        case = CASES[driver.trial.case]
        drive = {
            "deleted": _storage_fault,
            "truncated": _storage_fault,
            "replaced": _storage_fault,
            "moved": _moved,
            "shared": _shared,
            "together": _together,
            "killed at start": _killed,
            "killed at end": _killed,
            "killed in entry": _torn,
            "visible": _visible,
            "expired": _expired,
            "python": _python,
        }.get(case.kind, _runs)
        drive(driver, case)


def _runs(driver: Driver, case: Case) -> None:
    """Run in one situation after the other; the control also once more in the first one, at another place.

    A stage whose control differs by itself cannot be judged, and that is how it is known.
    """
    for number, situation in enumerate(case.situations):
        _enter(driver, situation, first=number == 0)
        if number == 0:
            before = driver.run("fresh", _how(driver, situation))
            if driver.adapter.manifest.role == "control":
                again = _how(driver, situation)
                seed = {**again.environment, "PYTHONHASHSEED": "1"}
                driver.run("reused", replace(again, sandbox=driver.apart("again"), environment=seed))
        else:
            before = driver.run("changed", _resumed(driver, case, before, number))


def _enter(driver: Driver, situation: Situation, *, first: bool) -> None:
    """Make project, input files and library what the situation says."""
    if situation.edits:
        driver.edit(situation.edits)
    elif first:
        driver.render()
    else:
        driver.change(driver.definition.pipeline)
    for name, (old, new) in situation.data.items():
        _replace(driver.sandbox.data / name, old, new)
    for name, copy in situation.copies.items():
        place = driver.sandbox.data / copy
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(driver.sandbox.data / name, place)
    if situation.library is not None:
        _install(driver.sandbox.root / "library", situation.library)


def _replace(path: Path, old: str, new: str) -> None:
    """Write other content of the same size, and give the file its old time of change."""
    status = path.stat()
    path.write_text(path.read_text().replace(old, new))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _install(folder: Path, version: str) -> None:
    """Put a library of that version where the project finds it, in place of the one before."""
    shutil.rmtree(folder, ignore_errors=True)
    about = folder / f"paintbox-{version}.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: paintbox\nVersion: {version}\n")
    (folder / "paintbox.py").write_text(
        f'"""Mixes colours."""\n\n\ndef mixed(label):\n    return f"{{label}} of paintbox {version}"\n'
    )


def _how(driver: Driver, situation: Situation) -> RunOptions:
    parameters = {
        name: str(driver.sandbox.data / str(value)) if name == "items" else value
        for name, value in situation.parameters.items()
    }
    environment = dict(situation.environment)
    if situation.library is not None:
        environment["PYTHONPATH"] = str(driver.sandbox.root / "library")
    return RunOptions(parameters=parameters, environment=environment, digests=True, time_limit=BLOCKED_S)


def _resumed(driver: Driver, case: Case, before: Run, number: int = -1) -> RunOptions:
    """Go on from the run before, into a situation of the case.

    After a good one the stage that its user has edited is executed again, or else the last.
    """
    rerun = (case.edited or driver.pipeline.sentinel.name) if before.ended.well else None
    return replace(_how(driver, case.situations[number]), resumes=True, rerun=rerun)


def _storage_fault(driver: Driver, case: Case) -> None:
    """Spoil what stores the large result: the files of its size that the first run wrote."""
    driver.render()
    before = driver.run("fresh", _how(driver, case.situations[0]))
    # Reused once while it is intact: a tool that never reuses cannot be said to have noticed anything.
    before = driver.run("reused", _resumed(driver, case, before))
    stored = [path for path in _written(driver.sandbox) if path.stat().st_size >= STORED]
    for path in stored:
        if case.kind == "deleted":
            path.unlink()
        elif case.kind == "truncated":
            os.truncate(path, path.stat().st_size // 2)
        else:
            path.write_bytes(b"something else\n" * (path.stat().st_size // 15))
    driver.facts["stored"] = [str(path) for path in stored]
    driver.facts["by_harness"] = f"the stored result was {case.kind} between the runs"
    driver.run("changed", _resumed(driver, case, before))


def _written(sandbox: Sandbox) -> list[Path]:
    folders = (sandbox.project, sandbox.home, sandbox.state, sandbox.tmp)
    return sorted(
        path for folder in folders for path in folder.rglob("*") if path.is_file() and not path.is_symlink()
    )


def _moved(driver: Driver, case: Case) -> None:
    """Move project, home, state and temporary folder; input and results stay where they are."""
    driver.render()
    before = driver.run("fresh", _how(driver, case.situations[0]))
    box = driver.sandbox
    moved = box.root / "moved"
    moved.mkdir()
    places = {name: moved / name for name in ("project", "home", "state", "tmp")}
    for name, place in places.items():
        getattr(box, name).rename(place)
    driver.facts["by_harness"] = "its folders were moved between the runs"
    run_options = _resumed(driver, case, before)
    driver.run("changed", replace(run_options, sandbox=replace(box, **places)))


def _shared(driver: Driver, case: Case) -> None:
    """Run a second project of the same name, with another body, in the same home and state."""
    driver.render()
    driver.run("fresh", _how(driver, case.situations[0]))
    driver.edit(case.situations[1].edits)
    driver.facts["by_harness"] = "the second run was that of another project"
    # Not resumed: nobody goes on from the run of another project.
    driver.run("changed", replace(_how(driver, case.situations[1]), sandbox=driver.second_project()))


def _together(driver: Driver, case: Case) -> None:
    """Start a second run while the body of the first is held; let that go when the second has ended."""
    driver.render()
    run_options = replace(_how(driver, case.situations[0]), time_limit=TOGETHER_S + BLOCKED_S)
    with ThreadPoolExecutor(1) as pool:
        second: list[Future[Run]] = []

        def meanwhile(_: RunningCommand) -> None:
            second.append(pool.submit(driver.run, "reused", replace(run_options, beside=True)))
            wait(second, TOGETHER_S)

        driver.hold("fresh", Point(HELD_STAGE, "start"), meanwhile, run_options)
        # Raises what went wrong in the other thread.
        second[0].result()


def _killed(driver: Driver, case: Case) -> None:
    """End everything while a body is held at its start or at its end, then run again."""
    driver.render()
    at: Literal["start", "end"] = "start" if case.kind == "killed at start" else "end"
    before = driver.hold(
        "fresh",
        Point(HELD_STAGE, at),
        lambda running: running.signal(signal.SIGKILL, "tree"),
        _how(driver, case.situations[0]),
    )
    driver.run("changed", _resumed(driver, case, before))


def _torn(driver: Driver, case: Case) -> None:
    """Let what stores the large result end in the middle of it, then run again.

    The stage does that where a file is there, so that code, values and environment of both runs are equal.
    """
    driver.render()
    tears = driver.sandbox.root / "tears"
    tears.touch()
    run_options = replace(_how(driver, case.situations[0]), environment={"TEARS": str(tears)})
    before = driver.run("fresh", run_options)
    tears.unlink()
    driver.facts["by_harness"] = "the process that stored the result was ended in the middle of it"
    driver.run("changed", replace(_resumed(driver, case, before), environment=run_options.environment))


def _expired(driver: Driver, case: Case) -> None:
    """Ask again while the entry is fresh, and once more when its time is over."""
    if driver.adapter.manifest.role != "control":
        driver.require("expiry")
    driver.render()
    before = driver.run("fresh", _how(driver, case.situations[0]))
    stored = time.monotonic()
    before = driver.run("reused", _resumed(driver, case, before, 0))
    driver.pause(stored + EXPIRED_S - time.monotonic())
    driver.run("changed", _resumed(driver, case, before))


def _python(driver: Driver, case: Case) -> None:
    """Run again by another Python, where one is at hand."""
    other = driver.other_python()
    driver.render()
    before = driver.run("fresh", _how(driver, case.situations[0]))
    driver.facts["by_harness"] = "the second run was by another Python"
    run_options = _resumed(driver, case, before)
    driver.run("changed", replace(run_options, sandbox=other))


def _visible(driver: Driver, case: Case) -> None:
    """Note whether the output of a run that reused results says so, and that of the first does not."""
    _runs(driver, case)
    reuse = driver.adapter.manifest.reuse
    if reuse is not None and reuse.shown is not None:
        told = [
            any(re.search(reuse.shown, path.read_text(errors="replace")) for path in driver.logs(run))
            for run in (driver.runs[0], driver.runs[-1])
        ]
        driver.facts["told"] = told == [False, True]
