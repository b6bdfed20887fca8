"""What the workers of one test run share: made once, by whichever needs it first."""

import functools
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from bench.contract.driver import Definition
from bench.environments import pipeline_catalog
from bench.pipeline import Pipeline

__all__ = ["definition", "forget", "once"]

RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
FOLDER = Path(tempfile.gettempdir()) / f"orchestrator-bench-tests-{RUN}"


def once(name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that ``make`` has filled once; others wait for it. Treat it as read-only."""
    folder = FOLDER / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    done = folder.with_name(f"{folder.name}.done")
    with FileLock(f"{folder}.lock"):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder


@functools.cache
def definition(name: str) -> Definition:
    """Return a pipeline that comes with bench, or that of a file, read by this interpreter."""

    def make(folder: Path) -> None:
        found = pipeline_catalog.load(name, Path(sys.executable))
        text = json.dumps([found.pipeline.as_json(), str(found.file), found.digest])
        (folder / "definition.json").write_text(text)

    folder = once(f"pipelines/{name.replace('/', '-')}", make)
    pipeline, file, digest = json.loads((folder / "definition.json").read_text())
    return Definition(Pipeline.from_json(pipeline), Path(file), digest, Path(sys.executable))


def forget() -> None:
    """Remove what was shared; for the process that started the workers, at its end."""
    shutil.rmtree(FOLDER, ignore_errors=True)
