#!/bin/sh
# The tool says so itself: https://www.kubeflow.org/docs/components/pipelines/user-guides/core-functions/caching/
# kfp[local]@2.17.0, caching/file-content: stale
# read_numbers, scale: reused although it had to run again
#
# Usage: file-content.sh ENVIRONMENT, a virtual environment with kfp 2.17.0.
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
mkdir -p "$SANDBOX/project"
cat > "$SANDBOX/project/components.py" <<'end of the file'
"""The components of the pipeline reuse.

Each runs alone, from its own source: what a component needs is imported or defined in its body.
"""

from typing import TYPE_CHECKING

from kfp import dsl
from kfp.dsl import Dataset, Input, Output

if TYPE_CHECKING:
    import pandas as pd


def double(values: "pd.Series") -> "pd.Series":
    """Double each value."""
    return values * 2.0


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def read_numbers(items: str, numbers_dataset: Output[Dataset]) -> None:
    import pandas as pd

    numbers = pd.read_csv(items)

    numbers.to_parquet(numbers_dataset.path)


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def entitle(label: str) -> dict:
    import os

    if os.environ.get("ENTITLE") == "fails":
        raise RuntimeError("entitle was asked to fail")
    return {"title": f"{label} {os.environ.get('SEASON', 'spring')}"}


@dsl.component(
    base_image="python:3.11", install_kfp_package=False, additional_funcs=[double]
)
def scale(
    numbers_dataset: Input[Dataset],
    amount: int,
    scaled_dataset: Output[Dataset],
    offset: float = 1.0,
) -> None:
    import pandas as pd

    FACTOR = 2.0

    numbers = pd.read_parquet(numbers_dataset.path)

    larger = double(numbers["number"]) * amount
    scaled = numbers.assign(number=larger * FACTOR + offset)

    scaled.to_parquet(scaled_dataset.path)


@dsl.component(
    base_image="python:3.11", install_kfp_package=False, embedded_artifact_path="shared"
)
def summarise(scaled_dataset: Input[Dataset]) -> dict:
    import helpers
    import pandas as pd

    scaled = pd.read_parquet(scaled_dataset.path)

    # The sum, and how many there are.
    return {"total": helpers.rounded(float(scaled["number"].sum())), "rows": float(len(scaled))}


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def show(
    numbers_dataset: Input[Dataset],
    scaled_dataset: Input[Dataset],
    summary: dict,
    title: dict,
    results: str,
) -> None:
    import json
    from pathlib import Path

    import pandas as pd

    numbers = pd.read_parquet(numbers_dataset.path)
    scaled = pd.read_parquet(scaled_dataset.path)

    shown = {
        "numbers": numbers.to_csv(),
        "scaled": scaled.to_csv(),
        "summary": summary,
        "title": title,
    }
    Path(results, "shown.json").write_text(json.dumps(shown, indent=1, sort_keys=True) + "\n")
end of the file
mkdir -p "$SANDBOX/project"
cat > "$SANDBOX/project/pipeline.py" <<'end of the file'
"""The pipeline reuse: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="reuse")
def reuse(
    results: str, items: str = "items.csv", amount: int = 3, label: str = "red"
) -> None:
    read_numbers_task = components.read_numbers(items=items)
    entitle_task = components.entitle(label=label)
    scale_task = components.scale(
        numbers_dataset=read_numbers_task.output, amount=amount
    )
    summarise_task = components.summarise(scaled_dataset=scale_task.output)
    show_task = components.show(
        numbers_dataset=read_numbers_task.output,
        scaled_dataset=scale_task.output,
        summary=summarise_task.output,
        title=entitle_task.output,
        results=results,
    )
    show_task.set_caching_options(enable_caching=False)
end of the file
mkdir -p "$SANDBOX/project"
cat > "$SANDBOX/project/run.py" <<'end of the file'
"""Run the pipeline reuse on this machine."""

import argparse

from kfp import local

import pipeline


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", default="items.csv")
    parser.add_argument("--amount", type=int, default=3)
    parser.add_argument("--label", default="red")
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    local.init(runner=local.SubprocessRunner(use_venv=False), enable_caching=True)
    pipeline.reuse(**vars(args))


if __name__ == "__main__":
    main()
end of the file
mkdir -p "$SANDBOX/project/shared"
cat > "$SANDBOX/project/shared/helpers.py" <<'end of the file'
"""What stages share, in a module of its own."""


def rounded(value: float) -> float:
    """Round to one digit."""
    return round(value, 1)
end of the file
rm -rf "$SANDBOX/results"; mkdir "$SANDBOX/results"
cd "$SANDBOX/project" && env -i PATH="$ENVIRONMENT/bin:/usr/local/bin:/usr/bin:/bin" HOME="$SANDBOX/home" TMPDIR="$SANDBOX/tmp" LANG=C.UTF-8 USER=bench LOGNAME=bench TZ=UTC NO_COLOR=1 VIRTUAL_ENV="$ENVIRONMENT" OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMEXPR_NUM_THREADS=1 VECLIB_MAXIMUM_THREADS=1 \
    "$ENVIRONMENT/bin/python" run.py "--items=$SANDBOX/data/items.csv" --amount=3 --label=red "--results=$SANDBOX/results"
[ $? -eq 0 ] || { echo "another exit code: the finding is gone"; exit 1; }

# changed
mkdir -p "$SANDBOX/data"
cat > "$SANDBOX/data/items.csv" <<'end of the file'
name,number
oak,1
elm,2
ash,9
end of the file
touch -d @0 "$SANDBOX/data/items.csv"
rm -rf "$SANDBOX/results"; mkdir "$SANDBOX/results"
cd "$SANDBOX/project" && env -i PATH="$ENVIRONMENT/bin:/usr/local/bin:/usr/bin:/bin" HOME="$SANDBOX/home" TMPDIR="$SANDBOX/tmp" LANG=C.UTF-8 USER=bench LOGNAME=bench TZ=UTC NO_COLOR=1 VIRTUAL_ENV="$ENVIRONMENT" OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMEXPR_NUM_THREADS=1 VECLIB_MAXIMUM_THREADS=1 \
    "$ENVIRONMENT/bin/python" run.py "--items=$SANDBOX/data/items.csv" --amount=3 --label=red "--results=$SANDBOX/results"
[ $? -eq 0 ] || { echo "another exit code: the finding is gone"; exit 1; }

[ "$(sha256sum "$SANDBOX/results/shown.json" | cut -c1-32)" = 185ac2bd919d9cb5140877f8a74ec7e0 ] ||
    { echo "another shown.json: the finding is gone"; exit 1; }
echo "as measured: the finding holds"
