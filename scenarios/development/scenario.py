"""Steps of the development scenario: what it is like to write, test, check and debug a tool's project."""

from collections.abc import Callable, Mapping
from dataclasses import asdict

from bench.contract.native_edit import load
from bench.contract.own_turn import turn_of
from bench.contract.records import Declared, Run
from bench.environments import environment
from bench.errors import EnvironmentFault
from bench.scenarios import Driver, RunOptions, Scenario, SourceEdit, TrialSkipped

from . import checking, entry, linting, notebook, said, unit
from .mistakes import MISTAKES, Mistake
from .wiring import count

EDITED = "reporting"
"""The last stage of the reference pipeline, whose heading is edited."""
HEADING = SourceEdit("stages.py", 'f"<h1>Late arrivals</h1>', 'f"<h1>Late arrivals, again</h1>')
STOP = SourceEdit(
    "stages.py",
    "    return sum(scores) / len(scores)\n",
    "    breakpoint()\n    return sum(scores) / len(scores)\n",
)
ANSWER = "debugged", "'debug' + 'ged'"
"""What the debugger answers, and what it is asked: the question itself is no answer."""
LIMIT_S = 120.0


class Development(Scenario):
    """Counts the wiring, edits, tests, checks and debugs the project, and puts mistakes into it."""

    def steps(self, driver: Driver, profile: str) -> None:  # noqa: ARG002 - the contract's
        """Do what the case is about; a case of another name is a planted mistake."""
        kinds: Mapping[str, Callable[[Driver], None]] = {
            "wiring": _count,
            "loop": _edit,
            "own-loop": _edit_own,
            "unit-test": unit.measure,
            "debugger": _debug,
            "types": self._check_types,
            "notebook": lambda driver: notebook.execute(driver, self.folder / "kernel"),
        }
        case = driver.trial.case
        if case == "entry-points":
            entry.compare(driver)
            return
        driver.render()
        if case in kinds:
            kinds[case](driver)
        else:
            self._mistake(driver, MISTAKES[case])

    def _mistake(self, driver: Driver, mistake: Mistake) -> None:
        """Put one mistake into the project and run it; the control also runs without."""
        if driver.adapter.manifest.role == "control":
            # A parameter that is misspelt has its value in the run that is right; one of a wrong type has none.
            right = mistake.parameters if mistake.mistyped is not None else {}
            driver.run("verifying", RunOptions(parameters=right, time_limit=LIMIT_S))
        found: dict[str, object] = {"early": mistake.early, "always": mistake.always}
        driver.facts["mistake"] = found
        where = []
        clean = linting.findings(driver.sandbox.project)
        folder = self.manifest.edits
        if folder is not None and not self.manifest.cases[driver.trial.case].neutral:
            change = load(driver.adapter.folder, driver.trial.case, folder)
            if change.unsupported is not None:
                found["prevented"] = change.unsupported.reason
                return
            before = said.texts(driver.sandbox.project)
            driver.edit_project(driver.trial.case, folder)
            where = said.differing(before, said.texts(driver.sandbox.project))
        elif mistake.edits:
            driver.edit(mistake.edits)
        if mistake.marker is not None:
            where = said.places(driver.sandbox.project, mistake.marker)
        found["linted"] = linting.new_at(clean, linting.findings(driver.sandbox.project), where)
        run_options = RunOptions(
            parameters=mistake.parameters, mistyped=mistake.mistyped, time_limit=LIMIT_S
        )
        run = driver.run("fresh", run_options)
        driver.facts["said"] = _told(driver, run, where, mistake)

    def _check_types(self, driver: Driver) -> None:
        """Let type checkers look at the project as it is, and with a wrong type between two stages."""
        try:
            python = environment.helpers(self.folder / "checkers", "mypy").python
        except EnvironmentFault as fault:
            raise TrialSkipped(Declared(outcome="not attempted", reason=str(fault))) from fault
        before = checking.checked(driver, python)
        driver.edit_project("wrong-type", self.manifest.edits or "")
        after = checking.checked(driver, python)
        driver.facts["types"] = {
            name: {"before": before[name], "new": [one for one in after[name] if one not in before[name]]}
            for name in before
        }


def _count(driver: Driver) -> None:
    command = driver.command()
    driver.facts["wiring"] = asdict(count(driver.pipeline, driver.sandbox.project, command.argv[1:]))


def _edit(driver: Driver) -> None:
    """Run, edit a line of the last stage, and go on as the tool's documentation says."""
    driver.run("fresh")
    driver.edit([HEADING])
    driver.facts["edited"] = EDITED
    driver.run("resumed", RunOptions(resumes=True, rerun=EDITED))


def _edit_own(driver: Driver) -> None:
    """Do the same with the user's own pipeline, and the stage of this block."""
    turn = turn_of(driver, "stages")
    before = driver.run("fresh")
    if driver.adapter.manifest.role == "control":
        # What differs by itself shows at another place, with another order of sets.
        driver.run("reused", RunOptions(sandbox=driver.apart("again"), environment={"PYTHONHASHSEED": "1"}))
    driver.edit(turn.edits)
    driver.facts["edited"] = turn.rerun
    rerun = turn.rerun if before.ended.well else None
    driver.run("resumed", RunOptions(resumes=True, rerun=rerun))


def _debug(driver: Driver) -> None:
    """Stop a stage at a breakpoint, ask the debugger something, and let it go on."""
    if driver.adapter.manifest.role == "control":
        driver.run("verifying", RunOptions(time_limit=LIMIT_S))
    driver.edit([STOP])
    answer, question = ANSWER
    run = driver.run("fresh", RunOptions(typed=f"p {question}\nc\n", time_limit=LIMIT_S))
    text = _text(driver, run)
    driver.facts["debugger"] = {"answered": answer in text}


def _told(driver: Driver, run: Run, where: list[said.Place], mistake: Mistake) -> dict[str, object]:
    text = _text(driver, run)
    return {
        "named": dict(said.named(text, where, mistake.stage, mistake.wrong)),
        "lines": sum(bool(line.strip()) for line in text.splitlines()),
        "ran": bool(run.bodies),
        "places": [list(place) for place in where],
    }


def _text(driver: Driver, run: Run) -> str:
    return "\n".join(path.read_text(errors="replace") for path in driver.logs(run))
