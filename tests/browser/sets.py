"""Result sets made by hand, so that what the page has to show is known."""

import random
from pathlib import Path
from typing import Any

from bench.contract.records import FORMAT, Attempt, Ended, ResultSet, Trial
from bench.report import write
from bench.scoring import checklist
from bench.store.archive import Working
from bench.store.result_set import Store
from tests.unit.facts import attempt, chain, run, target, trial

__all__ = ["HOSTILE", "hostile_tool", "measured_tools"]

SECONDS = {"control": 0.5, "quick": 1.0, "near": 1.2, "slow": 6.0, "worse": 20.0}
BLOCKS = 8
ANSWERS = ("yes", "no", "paid", "unknown")
HOSTILE = "<script>document.title='run'</script><img src=x onerror=alert(1)></script>\u202eevil\x1b[31m"
"""What a tool may say: markup, a script, the end of one, text turned round, a terminal's command."""


def about(tool: str, seed: int) -> dict[str, Any]:
    """Return an adapter's manifest as a result set keeps it, with answers to the checklist."""
    chance = random.Random(seed)
    setup = {"mode": "in process", "run_by": f"{tool} run", "settings": [], "environment": {}}
    return {
        "display": tool.capitalize(),
        "role": "control" if tool == "control" else "tool",
        "setups": {"local": setup},
        "settings": [],
        "environment": {},
        "facts": {name: answer(chance) for name in checklist.questions() if tool != "control"},
    }


def answer(chance: random.Random) -> dict[str, Any]:
    """Return some answer to a question of the checklist."""
    said = chance.choice(ANSWERS)
    given = {"answer": said, "version": "1.0", "date": "2026-01-01"}
    if said == "unknown":
        return {**given, "looked": "in the documentation"}
    return {**given, "quote": "As the documentation has it.", "source": "https://docs.invalid/page"}


def measured_tools(folder: Path) -> Path:
    """Return the scorecard's folder of four tools in eight blocks; one lacks a number, one failed once."""
    chance = random.Random(0)
    attempts = []
    for block in range(BLOCKS):
        for place, (tool, seconds) in enumerate(SECONDS.items()):
            of = trial(tool, block, order=10 * block + place)
            took = run(seconds * chance.uniform(0.8, 1.25))
            again = run(seconds * chance.uniform(0.4, 0.6), role="reused")
            failed = run(seconds, ended=Ended(exit_code=1))
            if tool == "worse" and block == 3:
                attempts.append(attempt(of, failed))
            else:
                attempts.append(attempt(of, took) if tool == "near" else attempt(of, took, again))
    return written(folder, attempts, tuple(SECONDS))


def hostile_tool(folder: Path) -> Path:
    """Return the scorecard's folder of a tool that is named, says and writes what is hostile."""
    good, bad = attempt(trial("control")), trial(HOSTILE)
    key = "hostile"
    bad = Trial(**{**{name: getattr(bad, name) for name in bad.__struct_fields__}, "key": key, "order": 1})
    error = run(ended=Ended(exit_code=1), left_behind=())
    body = error.bodies[0]
    raised = type(body)(stage=body.stage, pid=1, thread=1, start=1, end=2, error=HOSTILE)
    fields = {name: getattr(error, name) for name in error.__struct_fields__}
    said = type(error)(**{**fields, "bodies": (raised,), "unannounced": ((HOSTILE,),)})
    attempts = [good, attempt(bad, said, facts={"by_harness": HOSTILE})]
    for name in ("stdout.txt", "stderr.txt"):
        log = folder / "working" / f"{key}-1" / "0-fresh" / name
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(HOSTILE)
    archive = Working(folder, f"{key}-1", folder / "working" / f"{key}-1").keep()
    assert attempts[-1].evidence == archive
    return written(folder, attempts, ("control", HOSTILE))


def written(folder: Path, attempts: list[Attempt], tools: tuple[str, ...]) -> Path:
    """Write a result set with its scorecard."""
    store = Store(folder)
    store.create(
        ResultSet(
            format=FORMAT,
            harness="0",
            harness_hash="h",
            created="2026-01-01T00:00:00+00:00",
            argv=(),
            profile="standard",
            scenarios=("startup",),
            targets=tuple(target(tool) for tool in tools),
            machine={"processor": "P", "cores": 2, "system": "S"},
            adapters={tool: about(tool, seed) for seed, tool in enumerate(tools)},
            pipelines={"chain": chain().as_json()},
            trials=tuple(one.trial.key for one in attempts),
            questions=checklist.builtins(checklist.questions()),
        )
    )
    for one in attempts:
        store.append(one)
    write(store)
    return folder
