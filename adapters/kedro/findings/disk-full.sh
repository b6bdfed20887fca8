#!/bin/sh
# kedro[local]@1.7.0, recovery/disk-full: not recovered
# output: the command by which the user goes on did not end well; 0.0 of 0.4 s of finished work done again
#
# Usage: disk-full.sh ENVIRONMENT, a virtual environment with kedro 1.7.0.
# Ends with 0 while every command ends, and the last one delivers, just as when it was measured.
set -u
ENVIRONMENT=$(cd "${1:?give the folder of a virtual environment}" && pwd)
SANDBOX=$(mktemp -d)
cleanup() { [ -z "${SERVER:-}" ] || kill "$SERVER"; rm -rf "$SANDBOX"; }
trap cleanup EXIT
for folder in home tmp project state results data; do mkdir "$SANDBOX/$folder"; done

# fresh
mkdir -p "$SANDBOX/project/conf/base"
cat > "$SANDBOX/project/conf/base/catalog.yml" <<'end of the file'
# What each node returns, by name. Numbered folders are the layers of the data.

gathered:
  type: json.JSONDataset
  filepath: data/02_intermediate/gathered.json

built:
  type: pandas.ParquetDataset
  filepath: data/02_intermediate/built.parquet

reported:
  type: json.JSONDataset
  filepath: data/02_intermediate/reported.json
end of the file
mkdir -p "$SANDBOX/project/conf/base"
cat > "$SANDBOX/project/conf/base/parameters.yml" <<'end of the file'
# To be given: kedro run --params results=...
seed: 7
nonce: "none"
end of the file
mkdir -p "$SANDBOX/project/conf/local"
cat > "$SANDBOX/project/conf/local/.gitkeep" <<'end of the file'

end of the file
truncate -s -1 "$SANDBOX/project/conf/local/.gitkeep"
mkdir -p "$SANDBOX/project"
cat > "$SANDBOX/project/pyproject.toml" <<'end of the file'
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "table_project"
version = "0.1"
requires-python = ">=3.10"
dependencies = [
    "kedro~=1.7",
    "kedro-datasets[json-jsondataset,pandas-parquetdataset,pickle-pickledataset]",
]

[tool.setuptools.packages.find]
where = ["src"]
namespaces = false

[tool.kedro]
package_name = "table_project"
project_name = "table_project"
kedro_init_version = "1.7.0"
source_dir = "src"
end of the file
mkdir -p "$SANDBOX/project/src/table_project"
cat > "$SANDBOX/project/src/table_project/__init__.py" <<'end of the file'
"""The project of the pipeline table."""
end of the file
mkdir -p "$SANDBOX/project/src/table_project"
cat > "$SANDBOX/project/src/table_project/pipeline_registry.py" <<'end of the file'
"""Project pipelines."""

from kedro.framework.project import find_pipelines
from kedro.pipeline import Pipeline


def register_pipelines() -> dict[str, Pipeline]:
    """Register the project's pipelines."""
    pipelines = find_pipelines(raise_errors=True)
    pipelines["__default__"] = sum(pipelines.values())
    return pipelines
end of the file
mkdir -p "$SANDBOX/project/src/table_project/pipelines"
cat > "$SANDBOX/project/src/table_project/pipelines/__init__.py" <<'end of the file'

end of the file
truncate -s -1 "$SANDBOX/project/src/table_project/pipelines/__init__.py"
mkdir -p "$SANDBOX/project/src/table_project/pipelines/table"
cat > "$SANDBOX/project/src/table_project/pipelines/table/__init__.py" <<'end of the file'
"""The pipeline table."""

from .pipeline import create_pipeline

__all__ = ["create_pipeline"]
end of the file
mkdir -p "$SANDBOX/project/src/table_project/pipelines/table"
cat > "$SANDBOX/project/src/table_project/pipelines/table/nodes.py" <<'end of the file'
"""Stages whose bodies take a known time, so that work which is done twice can be told in seconds.

The variable CHAOS says which stage fails, and how: "STAGE HOW [NOTES]". Without it nothing fails, so a
run that goes on after a failure has the same code and parameters as the one that failed.
"""

import json
import os
import resource
import signal
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROWS = 400_000


def strike(stage: str) -> None:
    """Do what CHAOS says to this stage; NOTES is a file that gets a line for each try."""
    words = os.environ.get("CHAOS", "").split()
    if not words or words[0] != stage:
        return
    if words[1] == "raise":
        raise RuntimeError(f"planted failure in {stage}")
    if words[1] == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if words[1] == "allocate":
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + 100_000_000
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))
        bytearray(1_000_000_000)
    if words[1] == "fill":
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    if words[1] == "flaky":
        with Path(words[2]).open("a") as notes:
            notes.write(f"tried {time.time()}\n")
        if len(Path(words[2]).read_text().splitlines()) < 3:
            raise RuntimeError(f"planted failure in {stage}")
    if words[1] == "hang":
        with Path(words[2]).open("a") as notes:
            notes.write(f"tried {time.time()}\n")
        time.sleep(12.0)
        with Path(words[2]).open("a") as notes:
            notes.write(f"woke {time.time()}\n")


def gather(seed: int) -> list[float]:
    """Bring the data together."""
    strike("gather")
    time.sleep(0.4)
    return [seed * 100.5, seed / 4.0]


def train(gathered: list[float]) -> list[float]:
    """Train for long, as far as a test may."""
    strike("train")
    time.sleep(1.0)
    return [gathered[0] - gathered[1], 0.25]


def assess(trained: list[float]) -> list[float]:
    """Assess what was trained."""
    strike("assess")
    time.sleep(0.5)
    return [trained[0] * 2.0 + trained[1]]


def report(assessed: list[float]) -> list[float]:
    """Sum it up."""
    strike("report")
    time.sleep(0.2)
    return [assessed[0] / 8.0, len(assessed) + 0.5]


def publish(reported: list[float], results: str) -> None:
    """Write the file by which a run is checked."""
    Path(results, "report.json").write_text(json.dumps(reported))


def build(gathered: list[float]) -> pd.DataFrame:
    """Make a table of some megabytes."""
    strike("build")
    time.sleep(0.4)
    return pd.DataFrame({"value": np.random.default_rng(int(gathered[0])).normal(size=ROWS)})


def condense(built: pd.DataFrame) -> list[float]:
    """Bring the table down to two numbers."""
    time.sleep(0.2)
    return [len(built) + 0.5, round(float(built["value"].sum()), 6)]


def enumerate_items(gathered: list[float]) -> list[str]:
    """Name what is to be scored, each by itself."""
    time.sleep(0.2)
    return [f"item {number:02d}" for number in range(48 + len(gathered))]


def score(item: str) -> float:
    """Score one item."""
    if item == "item 17":
        strike("score")
    time.sleep(0.1)
    return len(item) + int(item.split()[1]) / 4.0


def publish_scores(scores: list[float], results: str) -> None:
    """Write the file by which a run is checked."""
    Path(results, "scores.json").write_text(json.dumps(sorted(scores)))


def write_parts(gathered: list[float], store: str) -> list[str]:
    """Write a result in eight parts, one after the other; CHAOS strikes after five of them."""
    names = [f"part-{number}.txt" for number in range(8)]
    Path(store).mkdir(exist_ok=True)
    for number, name in enumerate(names):
        if number == 5:
            strike("write_parts")
        time.sleep(0.1)
        Path(store, name).write_text(f"{gathered[0] + number}")
    return names


def read_parts(written: list[str], store: str) -> list[float]:
    """Add up all parts that there are."""
    time.sleep(0.2)
    found = sorted(Path(store).glob("part-*.txt"))
    return [sum(float(part.read_text()) for part in found), len(written) + 0.5]
end of the file
mkdir -p "$SANDBOX/project/src/table_project/pipelines/table"
cat > "$SANDBOX/project/src/table_project/pipelines/table/pipeline.py" <<'end of the file'
"""The nodes of the pipeline table, and how data flows between them."""

from kedro.pipeline import Node, Pipeline

from . import nodes


def create_pipeline(**kwargs) -> Pipeline:
    return Pipeline(
        [
            Node(
                func=nodes.gather,
                inputs={"seed": "params:seed"},
                outputs="gathered",
                name="gather",
            ),
            Node(
                func=nodes.build,
                inputs={"gathered": "gathered"},
                outputs="built",
                name="build",
            ),
            Node(
                func=nodes.condense,
                inputs={"built": "built"},
                outputs="reported",
                name="condense",
            ),
            Node(
                func=nodes.publish,
                inputs={"reported": "reported", "results": "params:results"},
                outputs=None,
                name="publish",
            ),
        ]
    )
end of the file
mkdir -p "$SANDBOX/project/src/table_project"
cat > "$SANDBOX/project/src/table_project/settings.py" <<'end of the file'
"""Project settings: Kedro's defaults.

See https://docs.kedro.org/en/stable/configure/configuration_basics/
"""
end of the file
rm -rf "$SANDBOX/results"; mkdir "$SANDBOX/results"
cd "$SANDBOX/project" && env -i PATH="$ENVIRONMENT/bin:/usr/local/bin:/usr/bin:/bin" HOME="$SANDBOX/home" TMPDIR="$SANDBOX/tmp" LANG=C.UTF-8 USER=bench LOGNAME=bench TZ=UTC NO_COLOR=1 VIRTUAL_ENV="$ENVIRONMENT" OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMEXPR_NUM_THREADS=1 VECLIB_MAXIMUM_THREADS=1 DO_NOT_TRACK=1 CHAOS="build fill $SANDBOX/notes" \
    "$ENVIRONMENT/bin/kedro" run --params "nonce=\"dbfef983dae8372e\",results=$SANDBOX/results"
[ $? -eq 1 ] || { echo "another exit code: the finding is gone"; exit 1; }

# resumed
rm -rf "$SANDBOX/results"; mkdir "$SANDBOX/results"
cd "$SANDBOX/project" && env -i PATH="$ENVIRONMENT/bin:/usr/local/bin:/usr/bin:/bin" HOME="$SANDBOX/home" TMPDIR="$SANDBOX/tmp" LANG=C.UTF-8 USER=bench LOGNAME=bench TZ=UTC NO_COLOR=1 VIRTUAL_ENV="$ENVIRONMENT" OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMEXPR_NUM_THREADS=1 VECLIB_MAXIMUM_THREADS=1 DO_NOT_TRACK=1 \
    "$ENVIRONMENT/bin/kedro" run --params "nonce=\"dbfef983dae8372e\",results=$SANDBOX/results" --only-missing-outputs
[ $? -eq 1 ] || { echo "another exit code: the finding is gone"; exit 1; }

echo "as measured: the finding holds"
