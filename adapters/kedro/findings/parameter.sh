#!/bin/sh
# The tool says so itself: https://github.com/kedro-org/kedro/pull/4859
# kedro[local]@1.7.0, caching/parameter: stale
# scale, summarise: reused although it had to run again
#
# Usage: parameter.sh ENVIRONMENT, a virtual environment with kedro 1.7.0.
# Ends with 0 while every command ends, and the last one delivers, just as when it was measured.
set -u
ENVIRONMENT=$(cd "${1:?give the folder of a virtual environment}" && pwd)
SANDBOX=$(mktemp -d)
cleanup() { [ -z "${SERVER:-}" ] || kill "$SERVER"; rm -rf "$SANDBOX"; }
trap cleanup EXIT
for folder in home tmp project state results data; do mkdir "$SANDBOX/$folder"; done

# fresh
mkdir -p "$SANDBOX/data"
cat > "$SANDBOX/data/items.csv" <<'end of the file'
name,number
oak,1
elm,2
ash,4
end of the file
touch -d @0 "$SANDBOX/data/items.csv"
mkdir -p "$SANDBOX/project/conf/base"
cat > "$SANDBOX/project/conf/base/catalog.yml" <<'end of the file'
# What each node returns, by name. Numbered folders are the layers of the data.

numbers:
  type: pandas.ParquetDataset
  filepath: data/02_intermediate/numbers.parquet

title:
  type: json.JSONDataset
  filepath: data/02_intermediate/title.json

scaled:
  type: pandas.ParquetDataset
  filepath: data/02_intermediate/scaled.parquet

summary:
  type: json.JSONDataset
  filepath: data/02_intermediate/summary.json
end of the file
mkdir -p "$SANDBOX/project/conf/base"
cat > "$SANDBOX/project/conf/base/parameters.yml" <<'end of the file'
# To be given: kedro run --params results=...
items: "items.csv"
amount: 3
label: "red"
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
name = "reuse_project"
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
package_name = "reuse_project"
project_name = "reuse_project"
kedro_init_version = "1.7.0"
source_dir = "src"
end of the file
mkdir -p "$SANDBOX/project/src"
cat > "$SANDBOX/project/src/helpers.py" <<'end of the file'
"""What stages share, in a module of its own."""


def rounded(value: float) -> float:
    """Round to one digit."""
    return round(value, 1)
end of the file
mkdir -p "$SANDBOX/project/src/reuse_project"
cat > "$SANDBOX/project/src/reuse_project/__init__.py" <<'end of the file'
"""The project of the pipeline reuse."""
end of the file
mkdir -p "$SANDBOX/project/src/reuse_project"
cat > "$SANDBOX/project/src/reuse_project/pipeline_registry.py" <<'end of the file'
"""Project pipelines."""

from kedro.framework.project import find_pipelines
from kedro.pipeline import Pipeline


def register_pipelines() -> dict[str, Pipeline]:
    """Register the project's pipelines."""
    pipelines = find_pipelines(raise_errors=True)
    pipelines["__default__"] = sum(pipelines.values())
    return pipelines
end of the file
mkdir -p "$SANDBOX/project/src/reuse_project/pipelines"
cat > "$SANDBOX/project/src/reuse_project/pipelines/__init__.py" <<'end of the file'

end of the file
truncate -s -1 "$SANDBOX/project/src/reuse_project/pipelines/__init__.py"
mkdir -p "$SANDBOX/project/src/reuse_project/pipelines/reuse"
cat > "$SANDBOX/project/src/reuse_project/pipelines/reuse/__init__.py" <<'end of the file'
"""The pipeline reuse."""

from .pipeline import create_pipeline

__all__ = ["create_pipeline"]
end of the file
mkdir -p "$SANDBOX/project/src/reuse_project/pipelines/reuse"
cat > "$SANDBOX/project/src/reuse_project/pipelines/reuse/nodes.py" <<'end of the file'
"""Stages whose results are to be reused, small enough that only reuse itself is seen."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import helpers
import numpy as np
import pandas as pd

FACTOR = 2.0
ROWS = 1_500_000


def double(values: pd.Series) -> pd.Series:
    """Double each value."""
    return values * 2.0


def read_numbers(items: str) -> pd.DataFrame:
    return pd.read_csv(items)


def scale(numbers: pd.DataFrame, amount: int, offset: float = 1.0) -> pd.DataFrame:
    larger = double(numbers["number"]) * amount
    return numbers.assign(number=larger * FACTOR + offset)


def summarise(scaled: pd.DataFrame) -> dict:
    # The sum, and how many there are.
    return {"total": helpers.rounded(float(scaled["number"].sum())), "rows": float(len(scaled))}


def entitle(label: str) -> dict:
    if os.environ.get("ENTITLE") == "fails":
        raise RuntimeError("entitle was asked to fail")
    return {"title": f"{label} {os.environ.get('SEASON', 'spring')}"}


def show(numbers: pd.DataFrame, scaled: pd.DataFrame, summary: dict, title: dict, results: str) -> None:
    shown = {
        "numbers": numbers.to_csv(),
        "scaled": scaled.to_csv(),
        "summary": summary,
        "title": title,
    }
    Path(results, "shown.json").write_text(json.dumps(shown, indent=1, sort_keys=True) + "\n")


def make_table(items: str) -> pd.DataFrame:
    table = pd.read_csv(items)
    return table.assign(share=[0.0, 0.25, 0.75], gap=[1.0, float("nan"), 3.0])


def make_document(label: str) -> dict:
    return {"first": 1.0, "second": label}


def describe(table: pd.DataFrame) -> dict:
    return {"types": [str(one) for one in table.dtypes], "rows": table.to_csv()}


def spell(document: dict) -> dict:
    return {"text": repr(sorted(document.items()))}


def show_values(described: dict, spelled: dict, results: str) -> None:
    shown = {"described": described, "spelled": spelled}
    Path(results, "shown.json").write_text(json.dumps(shown, indent=1, sort_keys=True) + "\n")


def grow(amount: int) -> pd.DataFrame:
    return pd.DataFrame({"noise": np.random.default_rng(amount).random(ROWS)})


def show_large(grown: pd.DataFrame, results: str) -> None:
    shown = f"{len(grown)} {grown['noise'].sum():.6f} {grown['noise'].iloc[0]:.6f}\n"
    Path(results, "shown.txt").write_text(shown)


def begin(label: str) -> dict:
    return {"text": f"{label} begins"}


def finish(label: str) -> dict:
    return {"text": f"{label} ends"}


def show_alike(begun: dict, finished: dict, results: str) -> None:
    shown = {"begun": begun, "finished": finished}
    Path(results, "shown.json").write_text(json.dumps(shown, indent=1, sort_keys=True) + "\n")


def paint(label: str) -> dict:
    import paintbox

    return {"colour": paintbox.mixed(label)}


def show_painted(painted: dict, results: str) -> None:
    Path(results, "shown.json").write_text(json.dumps(painted, indent=1, sort_keys=True) + "\n")


def make_function(label: str) -> Callable:
    return lambda text: f"{label} {text}"


def apply(function: Callable) -> dict:
    return {"text": function("sky")}


def show_applied(applied: dict, results: str) -> None:
    Path(results, "shown.json").write_text(json.dumps(applied, indent=1, sort_keys=True) + "\n")
end of the file
mkdir -p "$SANDBOX/project/src/reuse_project/pipelines/reuse"
cat > "$SANDBOX/project/src/reuse_project/pipelines/reuse/pipeline.py" <<'end of the file'
"""The nodes of the pipeline reuse, and how data flows between them."""

from kedro.pipeline import Node, Pipeline

from . import nodes


def create_pipeline(**kwargs) -> Pipeline:
    return Pipeline(
        [
            Node(
                func=nodes.read_numbers,
                inputs={"items": "params:items"},
                outputs="numbers",
                name="read_numbers",
            ),
            Node(
                func=nodes.entitle,
                inputs={"label": "params:label"},
                outputs="title",
                name="entitle",
            ),
            Node(
                func=nodes.scale,
                inputs={"numbers": "numbers", "amount": "params:amount"},
                outputs="scaled",
                name="scale",
            ),
            Node(
                func=nodes.summarise,
                inputs={"scaled": "scaled"},
                outputs="summary",
                name="summarise",
            ),
            Node(
                func=nodes.show,
                inputs={
                    "numbers": "numbers",
                    "scaled": "scaled",
                    "summary": "summary",
                    "title": "title",
                    "results": "params:results",
                },
                outputs=None,
                name="show",
            ),
        ]
    )
end of the file
mkdir -p "$SANDBOX/project/src/reuse_project"
cat > "$SANDBOX/project/src/reuse_project/settings.py" <<'end of the file'
"""Project settings: Kedro's defaults.

See https://docs.kedro.org/en/stable/configure/configuration_basics/
"""
end of the file
rm -rf "$SANDBOX/results"; mkdir "$SANDBOX/results"
cd "$SANDBOX/project" && env -i PATH="$ENVIRONMENT/bin:/usr/local/bin:/usr/bin:/bin" HOME="$SANDBOX/home" TMPDIR="$SANDBOX/tmp" LANG=C.UTF-8 USER=bench LOGNAME=bench TZ=UTC NO_COLOR=1 VIRTUAL_ENV="$ENVIRONMENT" OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMEXPR_NUM_THREADS=1 VECLIB_MAXIMUM_THREADS=1 DO_NOT_TRACK=1 \
    "$ENVIRONMENT/bin/kedro" run --params "items=$SANDBOX/data/items.csv,results=$SANDBOX/results"
[ $? -eq 0 ] || { echo "another exit code: the finding is gone"; exit 1; }

# changed
rm -rf "$SANDBOX/results"; mkdir "$SANDBOX/results"
cd "$SANDBOX/project" && env -i PATH="$ENVIRONMENT/bin:/usr/local/bin:/usr/bin:/bin" HOME="$SANDBOX/home" TMPDIR="$SANDBOX/tmp" LANG=C.UTF-8 USER=bench LOGNAME=bench TZ=UTC NO_COLOR=1 VIRTUAL_ENV="$ENVIRONMENT" OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMEXPR_NUM_THREADS=1 VECLIB_MAXIMUM_THREADS=1 DO_NOT_TRACK=1 \
    "$ENVIRONMENT/bin/kedro" run --params "items=$SANDBOX/data/items.csv,amount=4,results=$SANDBOX/results" --only-missing-outputs
[ $? -eq 0 ] || { echo "another exit code: the finding is gone"; exit 1; }

[ "$(sha256sum "$SANDBOX/results/shown.json" | cut -c1-32)" = 185ac2bd919d9cb5140877f8a74ec7e0 ] ||
    { echo "another shown.json: the finding is gone"; exit 1; }
echo "as measured: the finding holds"
