"""A stage in a plain unit test: called as a function, with no run and no server."""

import json
from pathlib import Path

from bench.contract.records import Command, Declared
from bench.scenarios import Driver, TrialFault, TrialSkipped

__all__ = ["measure"]

PIPELINE, STAGE = "reference", "evaluate"
TEST = Path(__file__).with_name("_unit_test.py")
LIMIT_S = 60.0


def measure(driver: Driver) -> None:
    """Call a stage with a small table, first as a plain function, then as the documentation says.

    Ends the trial as not attempted if a user's pipeline has taken the place of the one that has this stage.
    """
    if driver.pipeline.name != PIPELINE or STAGE not in driver.pipeline.stages:
        reason = f"the test is of the stage '{STAGE}' of bench's own pipeline '{PIPELINE}', in whose place yours is"
        raise TrialSkipped(Declared(outcome="not attempted", reason=reason))
    span = next(one for one in driver.source_map.spans if one.stage == STAGE) if driver.source_map else None
    if span is None:
        raise TrialFault("scenario", f"no span of the stage {STAGE}")
    unit_test = driver.adapter.manifest.unit_test
    path = unit_test.path if unit_test is not None else ""
    file = span.file if unit_test is None or unit_test.file is None else unit_test.file
    module = file.removeprefix(f"{path}/").removesuffix(".py").replace("/", ".")
    ways = {"plain": "{function}"}
    if unit_test is not None and unit_test.call is not None:
        ways["by accessor"] = unit_test.call
    told = []
    for word, call in ways.items():
        command = Command(
            argv=(
                str(driver.sandbox.python), str(TEST), str(driver.sandbox.project / path), module,
                span.function, call,
            ),
            cwd=str(driver.sandbox.project),
            time_limit=LIMIT_S,
        )  # fmt: skip
        run = driver.aside(command)
        answer = _answer(driver.logs(run)[0])
        if answer.get("right") and run.ended.well:
            driver.facts["unit"] = {"word": word, "sentence": f"{call.format(function=STAGE)}(scored)",
                                    "seconds": run.seconds("exit")}  # fmt: skip
            return
        told.append(str(answer.get("error") or f"it ended with {run.ended.how}"))
    driver.facts["unit"] = {"word": "needs the tool", "sentence": "; ".join(told), "seconds": None}


def _answer(output: Path) -> dict[str, object]:
    """Return what the test printed last; nothing where that is no answer."""
    lines = output.read_text(errors="replace").strip().splitlines()
    try:
        found = json.loads(lines[-1]) if lines else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
