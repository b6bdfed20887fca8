"""Rendering takes time in proportion to the number of stages, and little of it."""

import time
from pathlib import Path

import pytest

from bench import adapters
from bench.contract.adapter_manifest import read_manifest
from bench.pipeline import Output, Parameter, Pipeline, Stage

pytestmark = pytest.mark.benchmarks

FOLDERS = adapters.discover()
TOOLS = [name for name, folder in FOLDERS.items() if read_manifest(folder).role != "aa check"]


def chain(length: int) -> Pipeline:
    """Return a chain of stages that each add one."""
    flow = Pipeline("chain")
    flow.parameters = {"results": Parameter("results", "file", required=True)}
    texts = ["def s0() -> int:\n    return 1\n"]
    flow.stages["s0"] = Stage("s0", "s0", "stages", {}, (Output("r0", "int"),))
    for number in range(1, length):
        name = f"s{number}"
        texts.append(f"def {name}(a: int) -> int:\n    return a + 1\n")
        flow.stages[name] = Stage(
            name, name, "stages", {"a": f"r{number - 1}"}, (Output(f"r{number}", "int"),)
        )
    texts.append("def last(a: int, results: str) -> None:\n    print(a, results)\n")
    flow.stages["last"] = Stage("last", "last", "stages", {"a": f"r{length - 1}", "results": "results"}, ())
    flow.modules = {"stages": "\n\n".join(texts)}
    return flow


def seconds(tool: str, length: int, folder: Path) -> float:
    """Return the CPU time of the fastest of three renderings."""
    adapter, flow = adapters.load(FOLDERS[tool]), chain(length)
    times = []
    for number in range(3):
        project = folder / f"{length}-{number}"
        project.mkdir()
        # Another text each time, so that nothing parsed before helps.
        flow.modules["stages"] += f"# {number}\n"
        began = time.process_time()
        adapter.render(flow, project, frozenset())
        times.append(time.process_time() - began)
    return min(times)


@pytest.mark.parametrize("tool", TOOLS)
def test_four_times_the_stages_take_about_four_times_the_time(tool: str, tmp_path: Path) -> None:
    """Under 8 times for 4 times as many, where the square of the number would take 16 times."""
    few, many = seconds(tool, 250, tmp_path), seconds(tool, 1000, tmp_path)
    assert many < 8 * max(few, 0.02)
    assert many < 2
