"""The rendered project in a notebook: cells as its documentation has them, in a kernel of the tool's own Python."""

import json
from pathlib import Path

from bench.contract.records import Command, Declared
from bench.environments import environment, pipeline_catalog
from bench.errors import EnvironmentFault
from bench.scenarios import Driver, RunOptions, TrialSkipped

__all__ = ["execute"]

SCRIPT = Path(__file__).with_name("_notebook.py")
LIMIT_S = 180.0


def execute(driver: Driver, helpers: Path) -> None:
    """Execute the cells of the manifest, and the last one again. helpers: folder of the lock of the kernel."""
    driver.require("notebook")
    notebook = driver.adapter.manifest.notebook
    if notebook is None:
        raise TrialSkipped(
            Declared(outcome="not attempted", reason="its adapter.toml names no [notebook] cells")
        )
    try:
        python = environment.helpers(helpers, "ipykernel").python
    except EnvironmentFault as fault:
        raise TrialSkipped(Declared(outcome="not attempted", reason=str(fault))) from fault
    box = driver.sandbox
    if driver.adapter.manifest.role == "control":
        driver.run("verifying", RunOptions(time_limit=LIMIT_S))
    values = pipeline_catalog.parameters(driver.pipeline, box.data, box.results)
    arguments = ", ".join(f"{name}={value!r}" for name, value in values.items())
    cells = [
        cell.format(pipeline=driver.pipeline.name, arguments=arguments, results=box.results)
        for cell in notebook.cells
    ]
    command = Command(
        argv=(str(python), str(SCRIPT), str(box.python), str(box.project / notebook.path), str(box.results), *cells),
        cwd=str(box.project),
        time_limit=LIMIT_S,
    )  # fmt: skip
    run = driver.run_by(command)
    lines = driver.logs(run)[0].read_text(errors="replace").strip().splitlines()
    driver.facts["notebook"] = {"errors": json.loads(lines[-1]) if run.ended.well else None}
