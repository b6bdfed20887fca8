"""Reads the graph of a pipeline from a user's file, with an interpreter that has its requirements."""

import json
import os
import subprocess
from pathlib import Path

from bench.contract.pipeline import Pipeline
from bench.environments import guarded_commands
from bench.errors import PipelineError, PipelineFails

__all__ = ["extract"]

RUNNER = Path(__file__).with_name("_extract_runner.py")
TIME_LIMIT = 30.0
"""Seconds; importing pandas, scikit-learn and matplotlib from a cold disk takes about ten."""
GRACE = 5.0
"""Seconds after which the process is ended if it could not say itself where it was, as in an endless call into C."""


def extract(file: Path, interpreter: Path, time_limit: float = TIME_LIMIT) -> Pipeline:
    """Return the validated pipeline of a file, with the text of the modules that its stages need.

    The code of the file runs in its own process. time_limit: in seconds, for importing the file and building the
    graph. Raises PipelineError, with file and line if the user's code is at fault; PipelineFails if it raised.
    """
    file = file.resolve()
    if not file.is_file():
        raise PipelineError(f"no pipeline file {file}")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = [str(interpreter), "-I", "-B", str(RUNNER), str(file), str(time_limit)]
    try:
        done = guarded_commands.run(command, env=environment, cwd=file.parent, timeout=time_limit + GRACE)
    except subprocess.TimeoutExpired as error:
        raise PipelineError(
            f"{file}: pipeline() was not done after {time_limit:g} s; it must only build the graph"
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
        raise (PipelineFails if answer.get("raised") else PipelineError)(answer["error"])
    return Pipeline.from_json(answer["pipeline"])
