"""Finds, in plain Python, the changes of a user's pipeline that lead to what they must.

A change counts only if the run still ends well, if what its part returns changes, and if nothing changes that does not
come after it. What differs by itself between two equal runs is not looked at.
"""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.contract.adapter import Adapter
from bench.contract.driver import Definition, OwnFacts, Turn
from bench.contract.own_parts import downstream, parts, users_of, values_of
from bench.contract.pipeline import Pipeline
from bench.contract.records import Run, Target, Trial
from bench.contract.run_options import RunOptions
from bench.contract.scenario_manifest import OWN, Turns
from bench.environments import own_edits
from bench.environments.pipeline_catalog import place_data
from bench.errors import BenchError, PipelineFails
from bench.execution import sandbox as sandboxes
from bench.execution.driver import TrialDriver

__all__ = ["apply", "find", "undo"]

SIZE = "small"
LEAST_S = 60.0
"""Least time limit of a run; else ten times what the unchanged pipeline takes."""


def find(
    definition: Definition,
    control: Adapter,
    cache: Path,
    wanted: Mapping[Turns, int],
    time_limit: float,
    say: Callable[[str], None] = lambda _: None,
) -> OwnFacts:
    """Return what plain Python shows of a pipeline, with a change for so many parts of each kind.

    time_limit: of the unchanged pipeline, in seconds. say: is told what is tried.
    Raises PipelineFails if the unchanged pipeline does not end well.
    """
    box = sandboxes.make(cache / "sandboxes", definition.interpreter)
    evidence = box.root / "evidence"
    evidence.mkdir()
    driver = TrialDriver(_trial(control), control, definition, box, evidence)
    try:
        place_data(definition, SIZE, cache, box.data)
        driver.render()
        options = RunOptions(digests=True, time_limit=time_limit)
        first, again = driver.run("fresh", options), driver.run("fresh", options)
        for run in (first, again):
            if not run.ended.well:
                raise PipelineFails(
                    f"your pipeline fails in plain Python when it is traced: {run.ended.how}"
                )
        seconds = first.seconds("exit") or 0.0
        search = _Search(
            driver, _Seen.of(first, again, definition.pipeline), max(LEAST_S, 10 * seconds), say
        )
        turns: dict[str, dict[str, Turn | str]] = {}
        for kind, most in wanted.items():
            turns[kind] = {
                name: search.turn(kind, name) for name in parts(definition.pipeline, kind)[:most]
            }
        calls = Counter(body.stage for body in first.bodies)
        return OwnFacts(round(seconds, 2), dict(calls), turns)
    finally:
        driver.close()
        sandboxes.remove(box)


def apply(turn: Turn, data: Path) -> None:
    """Change the bytes of the input files in a folder; size and time of change stay as they were."""
    for name, (place, byte) in turn.data.items():
        path = data / name
        status = path.stat()
        with path.open("r+b") as file:
            file.seek(place)
            file.write(bytes([byte]))
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def undo(turn: Turn, data: Path, kept: Path) -> None:
    """Put the input files back that were kept in another folder."""
    for name in turn.data:
        shutil.copy2(kept / name, data / name)


def _trial(control: Adapter) -> Trial:
    manifest = control.manifest
    setup = manifest.default_setup
    target = Target(
        tool=manifest.name,
        role=manifest.role,
        setup=setup,
        version="",
        mode=manifest.setups[setup].mode,
        adapter_hash="",
        environment_hash="",
    )
    return Trial(
        target=target,
        scenario="check",
        case="own",
        pipeline=OWN,
        size=SIZE,
        block=0,
        order=0,
        key="",
    )


@dataclass(frozen=True)
class _Seen:
    """What the unchanged pipeline delivers. outputs: digest by ``stage.output``. files: digest by name."""

    outputs: Mapping[str, str]
    files: Mapping[str, str]

    @classmethod
    def of(cls, first: Run, again: Run, pipeline: Pipeline) -> "_Seen":
        """Return what two equal runs have in common."""
        second = values_of(again, pipeline)
        outputs = {
            name: value for name, value in values_of(first, pipeline).items() if second.get(name) == value
        }
        files = {
            name: one for name, one in first.result_digest.items() if again.result_digest.get(name) == one
        }
        return cls(outputs, files)


@dataclass(frozen=True)
class _Search:
    driver: TrialDriver
    seen: _Seen
    time_limit: float
    say: Callable[[str], None]

    def turn(self, kind: Turns, name: str) -> Turn | str:
        """Return the first change that shows in the files, else one that shows in its part, else why there is none."""
        pipeline, data = self.driver.definition.pipeline, self.driver.sandbox.data
        kept = self.driver.sandbox.root / "kept"
        shutil.copytree(data, kept, dirs_exist_ok=True)
        second: Turn | None = None
        tried, why = 0, ""
        for turn in own_edits.candidates(pipeline, kind, name, data):
            tried += 1
            self.say(f"plain Python: tries a change of {name}: {turn.what}")
            found, why = self._try(turn, users_of(pipeline, kind, name), kept)
            if found == "files":
                return turn
            if second is not None:
                break  # One more was tried: a change that shows in the files is better, but not worth many runs.
            if found == "part":
                second = turn
        if second is not None:
            return second
        if not tried:
            return f"bench finds nothing in '{name}' that it can change"
        return f"bench tried {tried} change{'' if tried == 1 else 's'} of '{name}', and none shows as it must: {why}"

    def _try(self, turn: Turn, users: set[str], kept: Path) -> tuple[str, str]:
        """Return where a change shows, ``files`` or ``part``; else nothing, and why it does not count."""
        driver = self.driver
        try:
            if turn.edits:
                driver.edit(turn.edits)
            apply(turn, driver.sandbox.data)
            options = RunOptions(parameters=turn.parameters, digests=True, time_limit=self.time_limit)
            run = driver.run("changed", options)
        except BenchError as error:
            return "", str(error)
        finally:
            undo(turn, driver.sandbox.data, kept)
            driver.change(driver.definition.pipeline)
            driver.facts.clear()
        return self._judged(run, users)

    def _judged(self, run: Run, users: set[str]) -> tuple[str, str]:
        if not run.ended.well:
            return "", f"after it the run ended with {run.ended.how}"
        pipeline = self.driver.definition.pipeline
        now = values_of(run, pipeline)
        changed = {
            name.partition(".")[0] for name, value in self.seen.outputs.items() if now.get(name) != value
        }
        beyond = changed - downstream(pipeline, users)
        if beyond:
            return "", f"{min(beyond)} changed too, which does not come after it"
        files = any(run.result_digest.get(name) != value for name, value in self.seen.files.items())
        silent = all(not pipeline.stages[name].outputs for name in users)
        if not (users & changed or (silent and files)):
            return "", "what it returns stayed as it was"
        return ("files" if files else "part"), ""
