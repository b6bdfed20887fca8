"""Steps of the customization scenario."""

import json
import re
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.contract.native_edit import Change
from bench.contract.records import Command, Run
from bench.scenarios import Driver, RunOptions, Scenario, TrialFault

from .cases import AFTER, BEFORE, CASES, Exercise

LINES = 4
"""Of what a run said last."""


class Customization(Scenario):
    """Edits the rendered project by the adapter's file of the case's name, and runs it."""

    def steps(self, driver: Driver, profile: str) -> None:  # noqa: ARG002 - the contract's
        """Run the edited project as the case says. The control is also run before the edit, for each day."""
        name = driver.trial.case
        case = CASES[name]
        driver.render()
        found = _Found(driver)
        if driver.adapter.manifest.role == "control":
            days = sorted({exercise.yields or exercise.day for exercise in case.exercises.values()})
            for day in days:
                found.add(f"{BEFORE} {day}", Exercise(day=day), None)
        change = driver.edit_project(name)
        for exercise, about in case.exercises.items():
            found.add(exercise, about, change)


class _Found:
    """Makes the runs, and keeps as facts which is which and what their stages noted."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.runs: dict[str, Run] = {}
        self.box = driver.sandbox
        driver.facts.update(trials={}, notes={}, notified={}, told={}, said={})

    def add(self, name: str, exercise: Exercise, change: Change | None) -> None:
        """Make one run, and note what was seen of it."""
        driver = self.driver
        if not exercise.continues:
            self.box = driver.apart(f"r{len(self.runs)}")
        notes, notified = (driver.sandbox.root / f"{what}-{name}" for what in ("notes", "notified"))
        run_options = RunOptions(
            parameters={"day": exercise.day},
            environment={
                "NOTES": str(notes),
                "NOTIFY": str(notified),
                "CHAOS": exercise.chaos,
                "NAP": str(exercise.nap),
            },
            time_limit=exercise.time_limit,
            untyped=exercise.untyped,
            sandbox=self.box,
        )
        person = self._person(change) if exercise.agreed and change is not None else None
        run = driver.run("verifying" if change is None or name == AFTER else "fresh", run_options)
        if person is not None:
            # Raises what went wrong in the other thread.
            person.result()
        self.runs[name] = run
        text = "".join(path.read_text(errors="replace") for path in driver.logs(run))
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        driver.facts["trials"] = {one: driver.runs.index(run) for one, run in self.runs.items()}
        driver.facts["notes"][name] = _read(notes)
        driver.facts["notified"][name] = notified.read_text()[:200] if notified.is_file() else None
        driver.facts["said"][name] = lines[-LINES:]
        told = (
            None
            if change is None or change.told is None
            else re.search(change.told, " ".join(text.split()))
        )
        driver.facts["told"][name] = None if told is None else told.group()

    def _person(self, change: Change) -> "Future[Run] | None":
        """Start the command by which a person agrees, if that is a command."""
        if not change.approve:
            return None
        words = tuple(change.placed(word, self.box) for word in change.approve)
        command = Command(argv=words, cwd=str(self.box.project))
        pool = ThreadPoolExecutor(1)
        person = pool.submit(self.driver.aside, command, RunOptions(sandbox=self.box))
        # Whoever agrees waits for a run that has not begun yet.
        pool.shutdown(wait=False)
        return person


def _read(notes: Path) -> list[dict[str, Any]]:
    """Return what the stages noted. Raises TrialFault for a line that is none of theirs."""
    if not notes.is_file():
        return []
    try:
        return [json.loads(line) for line in notes.read_text().splitlines()]
    except ValueError as error:
        raise TrialFault("scenario", f"the stages' notes cannot be read: {error}") from error
