#!/bin/sh
# The tool says so itself: https://docs.prefect.io/v3/how-to-guides/workflows/cache-workflow-steps
# prefect[server]@3.8.8, caching/helper-other-module: stale
# summarise: reused although it had to run again
#
# Usage: helper-other-module.sh ENVIRONMENT, a virtual environment with prefect 3.8.8.
# Ends with 0 while every command ends, and the last one delivers, just as when it was measured.
set -u
ENVIRONMENT=$(cd "${1:?give the folder of a virtual environment}" && pwd)
SANDBOX=$(mktemp -d)
cleanup() { [ -z "${SERVER:-}" ] || kill "$SERVER"; rm -rf "$SANDBOX"; }
trap cleanup EXIT
for folder in home tmp project state results data; do mkdir "$SANDBOX/$folder"; done
mkdir "$SANDBOX/server"
env -i PATH="$ENVIRONMENT/bin:/usr/local/bin:/usr/bin:/bin" HOME="$SANDBOX/home" TMPDIR="$SANDBOX/tmp" LANG=C.UTF-8 USER=bench LOGNAME=bench TZ=UTC NO_COLOR=1 VIRTUAL_ENV="$ENVIRONMENT" OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMEXPR_NUM_THREADS=1 VECLIB_MAXIMUM_THREADS=1 PREFECT_HOME="$SANDBOX/server" DO_NOT_TRACK=1 PREFECT_SERVER_ANALYTICS_ENABLED=false PREFECT_LOGGING_SERVER_LEVEL=INFO "$ENVIRONMENT/bin/prefect" server start --host 127.0.0.1 --port 4299 > "$SANDBOX/server/log" 2>&1 &
SERVER=$!
until grep -q 'Uvicorn running on' "$SANDBOX/server/log"; do sleep 0.2; done

# fresh
mkdir -p "$SANDBOX/data"
cat > "$SANDBOX/data/items.csv" <<'end of the file'
name,number
oak,1
elm,2
ash,4
end of the file
touch -d @0 "$SANDBOX/data/items.csv"
mkdir -p "$SANDBOX/project/src"
cat > "$SANDBOX/project/src/helpers.py" <<'end of the file'
"""What stages share, in a module of its own."""


def rounded(value: float) -> float:
    """Round to one digit."""
    return round(value, 1)
end of the file
mkdir -p "$SANDBOX/project/src/tasks"
cat > "$SANDBOX/project/src/tasks/__init__.py" <<'end of the file'

end of the file
truncate -s -1 "$SANDBOX/project/src/tasks/__init__.py"
mkdir -p "$SANDBOX/project/src/tasks"
cat > "$SANDBOX/project/src/tasks/stages.py" <<'end of the file'
"""Stages whose results are to be reused, small enough that only reuse itself is seen."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import helpers
import numpy as np
import pandas as pd
from prefect import task
from prefect.cache_policies import INPUTS

FACTOR = 2.0
ROWS = 1_500_000


def double(values: pd.Series) -> pd.Series:
    """Double each value."""
    return values * 2.0


@task(cache_policy=INPUTS, persist_result=True)
def read_numbers(items: str) -> pd.DataFrame:
    return pd.read_csv(items)


@task(cache_policy=INPUTS, persist_result=True)
def scale(numbers: pd.DataFrame, amount: int, offset: float = 1.0) -> pd.DataFrame:
    larger = double(numbers["number"]) * amount
    return numbers.assign(number=larger * FACTOR + offset)


@task(cache_policy=INPUTS, persist_result=True)
def summarise(scaled: pd.DataFrame) -> dict:
    # The sum, and how many there are.
    return {"total": helpers.rounded(float(scaled["number"].sum())), "rows": float(len(scaled))}


@task(cache_policy=INPUTS, persist_result=True)
def entitle(label: str) -> dict:
    if os.environ.get("ENTITLE") == "fails":
        raise RuntimeError("entitle was asked to fail")
    return {"title": f"{label} {os.environ.get('SEASON', 'spring')}"}


@task
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
mkdir -p "$SANDBOX/project/src"
cat > "$SANDBOX/project/src/workflows.py" <<'end of the file'
"""The flow reuse."""

import argparse

from prefect import flow

from tasks import stages


@flow
def reuse(
    results: str, items: str = "items.csv", amount: int = 3, label: str = "red"
) -> None:
    numbers = stages.read_numbers(items=items)
    title = stages.entitle(label=label)
    scaled = stages.scale(numbers=numbers, amount=amount)
    summary = stages.summarise(scaled=scaled)
    stages.show(
        numbers=numbers, scaled=scaled, summary=summary, title=title, results=results
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--items")
    parser.add_argument("--amount", type=int)
    parser.add_argument("--label")
    parser.add_argument("--results", required=True)
    reuse(**vars(parser.parse_args()))
end of the file
rm -rf "$SANDBOX/results"; mkdir "$SANDBOX/results"
cd "$SANDBOX/project" && env -i PATH="$ENVIRONMENT/bin:/usr/local/bin:/usr/bin:/bin" HOME="$SANDBOX/home" TMPDIR="$SANDBOX/tmp" LANG=C.UTF-8 USER=bench LOGNAME=bench TZ=UTC NO_COLOR=1 VIRTUAL_ENV="$ENVIRONMENT" OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMEXPR_NUM_THREADS=1 VECLIB_MAXIMUM_THREADS=1 PREFECT_HOME="$SANDBOX/state/prefect" DO_NOT_TRACK=1 PREFECT_SERVER_ANALYTICS_ENABLED=false PREFECT_API_URL=http://127.0.0.1:4299/api \
    "$ENVIRONMENT/bin/python" src/workflows.py "--items=$SANDBOX/data/items.csv" --amount=3 --label=red "--results=$SANDBOX/results"
[ $? -eq 0 ] || { echo "another exit code: the finding is gone"; exit 1; }

# changed
mkdir -p "$SANDBOX/project/src"
cat > "$SANDBOX/project/src/helpers.py" <<'end of the file'
"""What stages share, in a module of its own."""


def rounded(value: float) -> float:
    """Round to one digit."""
    return round(value + 1.0, 1)
end of the file
rm -rf "$SANDBOX/results"; mkdir "$SANDBOX/results"
cd "$SANDBOX/project" && env -i PATH="$ENVIRONMENT/bin:/usr/local/bin:/usr/bin:/bin" HOME="$SANDBOX/home" TMPDIR="$SANDBOX/tmp" LANG=C.UTF-8 USER=bench LOGNAME=bench TZ=UTC NO_COLOR=1 VIRTUAL_ENV="$ENVIRONMENT" OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMEXPR_NUM_THREADS=1 VECLIB_MAXIMUM_THREADS=1 PREFECT_HOME="$SANDBOX/state/prefect" DO_NOT_TRACK=1 PREFECT_SERVER_ANALYTICS_ENABLED=false PREFECT_API_URL=http://127.0.0.1:4299/api \
    "$ENVIRONMENT/bin/python" src/workflows.py "--items=$SANDBOX/data/items.csv" --amount=3 --label=red "--results=$SANDBOX/results"
[ $? -eq 0 ] || { echo "another exit code: the finding is gone"; exit 1; }

[ "$(sha256sum "$SANDBOX/results/shown.json" | cut -c1-32)" = 185ac2bd919d9cb5140877f8a74ec7e0 ] ||
    { echo "another shown.json: the finding is gone"; exit 1; }
echo "as measured: the finding holds"
