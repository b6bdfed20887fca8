"""Reads the graph of a pipeline from a user's file, with an interpreter that has its requirements."""

import json
import os
import subprocess
from pathlib import Path

from bench.contract.pipeline import Pipeline
from bench.environments import guarded_commands
from bench.errors import PipelineError

__all__ = ["extract"]

RUNNER = Path(__file__).with_name("_extract_runner.py")
TIME_LIMIT = 120.0
"""Seconds; importing pandas, scikit-learn and matplotlib from a cold disk takes about ten."""


def extract(file: Path, interpreter: Path) -> Pipeline:
    """Return the validated pipeline of a file, with the text of the modules that its stages need.

    The code of the file runs in its own process. Raises PipelineError, with file and line if the
    user's code is at fault.
    """
    file = file.resolve()
    if not file.is_file():
        raise PipelineError(f"no pipeline file {file}")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = [str(interpreter), "-I", "-B", str(RUNNER), str(file)]
    try:
        done = guarded_commands.run(command, env=environment, cwd=file.parent, timeout=TIME_LIMIT)
    except subprocess.TimeoutExpired as error:
        raise PipelineError(
            f"{file}: pipeline() was not done after {TIME_LIMIT:.0f} s; it must only build the graph"
        ) from error
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        said = f": {last[0]}" if last else ""
        raise PipelineError(
            f"{file}: building the pipeline ended early, with code {done.returncode}{said}"
        ) from error
    if "error" in answer:
        raise PipelineError(answer["error"])
    return Pipeline.from_json(answer["pipeline"])
