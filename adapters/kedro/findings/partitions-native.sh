#!/bin/sh
# kedro[local]@1.7.0, recovery/partitions-native: wrong output
# output: the command ended well, but what it delivered differs from the control's; 0.0 of 0.9 s of finished work done again
#
# Usage: partitions-native.sh ENVIRONMENT, a virtual environment with kedro 1.7.0.
# Ends with 0 while every command ends, and delivers where it is judged, as when it was measured.
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

written:
  type: partitions.PartitionedDataset
  path: data/02_intermediate/written
  dataset: text.TextDataset
  filename_suffix: .txt

reported:
  type: json.JSONDataset
  filepath: data/02_intermediate/reported.json
end of the file
mkdir -p "$SANDBOX/project/conf/base"
cat > "$SANDBOX/project/conf/base/parameters.yml" <<'end of the file'
# To be given: kedro run --params results=...
seed: 7
nonce: "none"
store: "parts"
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
name = "parts_project"
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
package_name = "parts_project"
project_name = "parts_project"
kedro_init_version = "1.7.0"
source_dir = "src"
end of the file
mkdir -p "$SANDBOX/project/src/parts_project"
cat > "$SANDBOX/project/src/parts_project/__init__.py" <<'end of the file'
"""The project of the pipeline parts."""
end of the file
mkdir -p "$SANDBOX/project/src/parts_project"
cat > "$SANDBOX/project/src/parts_project/pipeline_registry.py" <<'end of the file'
"""Project pipelines."""

from kedro.framework.project import find_pipelines
from kedro.pipeline import Pipeline


def register_pipelines() -> dict[str, Pipeline]:
    """Register the project's pipelines."""
    pipelines = find_pipelines(raise_errors=True)
    pipelines["__default__"] = sum(pipelines.values())
    return pipelines
end of the file
mkdir -p "$SANDBOX/project/src/parts_project/pipelines"
cat > "$SANDBOX/project/src/parts_project/pipelines/__init__.py" <<'end of the file'

end of the file
truncate -s -1 "$SANDBOX/project/src/parts_project/pipelines/__init__.py"
mkdir -p "$SANDBOX/project/src/parts_project/pipelines/parts"
cat > "$SANDBOX/project/src/parts_project/pipelines/parts/__init__.py" <<'end of the file'
"""The pipeline parts."""

from .pipeline import create_pipeline

__all__ = ["create_pipeline"]
end of the file
mkdir -p "$SANDBOX/project/src/parts_project/pipelines/parts"
cat > "$SANDBOX/project/src/parts_project/pipelines/parts/nodes.py" <<'end of the file'
"""Stages whose bodies take a known time, so that work which is done twice can be told in seconds.

The variable CHAOS says which stage fails, and how: "STAGE HOW [FILE]". Without it nothing fails, so a
run that goes on after a failure has the same code and parameters as the one that failed.
"""

import json
import os
import resource
import shutil
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

ROWS = 400_000


def strike(stage: str) -> None:
    """Do what CHAOS says to this stage; FILE gets a line for each try, or is the ballast."""
    words = os.environ.get("CHAOS", "").split()
    how = words[1] if words[:1] == [stage] else "nothing"
    if how == "raise":
        raise RuntimeError(f"planted failure in {stage}")
    if how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "allocate":
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + 100_000_000
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))
        bytearray(1_000_000_000)
    if how == "fill":
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    if how == "fill-up":
        free = shutil.disk_usage(Path(words[2]).parent).free
        if free > 100_000_000:
            raise RuntimeError(f"{words[2]} is on no small disk: it is not filled up")
        Path(words[2]).write_bytes(bytes(max(0, free - 1_000_000)))
    if how == "flaky":
        with Path(words[2]).open("a") as notes:
            notes.write(f"tried {time.time()}\n")
        if len(Path(words[2]).read_text().splitlines()) < 3:
            raise RuntimeError(f"planted failure in {stage}")
    if how == "hang":
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


def make_part(gathered: list[float], number: int) -> str:
    """Make one part; CHAOS strikes at the sixth."""
    if number == 5:
        strike("write_parts")
    time.sleep(0.1)
    return f"{gathered[0] + number}" + " " * int(os.environ.get("PART_BYTES", "0"))


def write_parts(gathered: list[float], store: str) -> dict[str, Callable[[], str]]:
    """Return what makes each of eight parts."""
    return {f"part-{number}": partial(make_part, gathered, number) for number in range(8)}


def read_parts(written: dict[str, Callable[[], str]], store: str) -> list[float]:
    """Add up all parts that there are."""
    time.sleep(0.2)
    return [sum(float(load()) for _, load in sorted(written.items())), 8.5]
end of the file
mkdir -p "$SANDBOX/project/src/parts_project/pipelines/parts"
cat > "$SANDBOX/project/src/parts_project/pipelines/parts/pipeline.py" <<'end of the file'
"""The nodes of the pipeline parts, and how data flows between them."""

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
                func=nodes.write_parts,
                inputs={"gathered": "gathered", "store": "params:store"},
                outputs="written",
                name="write_parts",
            ),
            Node(
                func=nodes.read_parts,
                inputs={"written": "written", "store": "params:store"},
                outputs="reported",
                name="read_parts",
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
mkdir -p "$SANDBOX/project/src/parts_project"
cat > "$SANDBOX/project/src/parts_project/settings.py" <<'end of the file'
"""Project settings: Kedro's defaults.

See https://docs.kedro.org/en/stable/configure/configuration_basics/
"""
end of the file
rm -rf "$SANDBOX/results"; mkdir "$SANDBOX/results"
cd "$SANDBOX/project" && env -i PATH="$ENVIRONMENT/bin:/usr/local/bin:/usr/bin:/bin" HOME="$SANDBOX/home" TMPDIR="$SANDBOX/tmp" LANG=C.UTF-8 USER=bench LOGNAME=bench TZ=UTC NO_COLOR=1 VIRTUAL_ENV="$ENVIRONMENT" OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMEXPR_NUM_THREADS=1 VECLIB_MAXIMUM_THREADS=1 DO_NOT_TRACK=1 CHAOS="write_parts raise $SANDBOX/notes" \
    "$ENVIRONMENT/bin/kedro" run --params "nonce=\"4b9217dbc5adadf7\",store=$SANDBOX/parts,results=$SANDBOX/results"
[ $? -eq 1 ] || { echo "another exit code: the finding is gone"; exit 1; }

# resumed
rm -rf "$SANDBOX/results"; mkdir "$SANDBOX/results"
cd "$SANDBOX/project" && env -i PATH="$ENVIRONMENT/bin:/usr/local/bin:/usr/bin:/bin" HOME="$SANDBOX/home" TMPDIR="$SANDBOX/tmp" LANG=C.UTF-8 USER=bench LOGNAME=bench TZ=UTC NO_COLOR=1 VIRTUAL_ENV="$ENVIRONMENT" OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMEXPR_NUM_THREADS=1 VECLIB_MAXIMUM_THREADS=1 DO_NOT_TRACK=1 \
    "$ENVIRONMENT/bin/kedro" run --params "nonce=\"4b9217dbc5adadf7\",store=$SANDBOX/parts,results=$SANDBOX/results" --only-missing-outputs
[ $? -eq 0 ] || { echo "another exit code: the finding is gone"; exit 1; }
[ "$(sha256sum "$SANDBOX/results/report.json" | cut -c1-32)" = da3c71c758e5166afd08ffaffc56df29 ] ||
    { echo "another report.json: the finding is gone"; exit 1; }

# changed
rm -rf "$SANDBOX/results"; mkdir "$SANDBOX/results"
cd "$SANDBOX/project" && env -i PATH="$ENVIRONMENT/bin:/usr/local/bin:/usr/bin:/bin" HOME="$SANDBOX/home" TMPDIR="$SANDBOX/tmp" LANG=C.UTF-8 USER=bench LOGNAME=bench TZ=UTC NO_COLOR=1 VIRTUAL_ENV="$ENVIRONMENT" OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMEXPR_NUM_THREADS=1 VECLIB_MAXIMUM_THREADS=1 DO_NOT_TRACK=1 PART_BYTES=0 \
    "$ENVIRONMENT/bin/kedro" run --params "seed=8,nonce=\"4b9217dbc5adadf7\",store=$SANDBOX/parts-0,results=$SANDBOX/results"
[ $? -eq 0 ] || { echo "another exit code: the finding is gone"; exit 1; }

# changed
rm -rf "$SANDBOX/results"; mkdir "$SANDBOX/results"
cd "$SANDBOX/project" && env -i PATH="$ENVIRONMENT/bin:/usr/local/bin:/usr/bin:/bin" HOME="$SANDBOX/home" TMPDIR="$SANDBOX/tmp" LANG=C.UTF-8 USER=bench LOGNAME=bench TZ=UTC NO_COLOR=1 VIRTUAL_ENV="$ENVIRONMENT" OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMEXPR_NUM_THREADS=1 VECLIB_MAXIMUM_THREADS=1 DO_NOT_TRACK=1 PART_BYTES=24000000 \
    "$ENVIRONMENT/bin/kedro" run --params "seed=9,nonce=\"4b9217dbc5adadf7\",store=$SANDBOX/parts-1,results=$SANDBOX/results"
[ $? -eq 0 ] || { echo "another exit code: the finding is gone"; exit 1; }
[ "$(sha256sum "$SANDBOX/results/report.json" | cut -c1-32)" = b6b12b4218dda120282bf10f6b92d3e6 ] ||
    { echo "another report.json: the finding is gone"; exit 1; }

echo "as measured: the finding holds"
