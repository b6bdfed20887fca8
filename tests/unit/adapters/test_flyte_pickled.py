"""Data classes that Flyte cannot turn into JSON are handed on by pickle; all others as they are."""

import sys
from pathlib import Path

import pytest

from bench.adapters import load
from bench.environments import pipeline_catalog
from tests.command_line import ROOT

PIPELINE = """
import stages
from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    flow = Pipeline("classes")
    results = flow.parameter("results", File)
    made = flow.stage(stages.make, Settings(output="made"))
    flow.stage(stages.use, made=made, results=results)
    return flow
"""
STAGES = """
from dataclasses import dataclass

import numpy as np


@dataclass
class Plain:
    rate: float
    names: list[str]


@dataclass
class Factors:
    users: np.ndarray
    plain: Plain


@dataclass
class Outer:
    factors: Factors


def make() -> %(type)s:
    raise NotImplementedError


def use(made: %(type)s, results: str) -> None:
    raise NotImplementedError
"""


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("Factors", "FlytePickle[Factors]"),
        ("Outer", "FlytePickle[Outer]"),
        ("list[Factors]", "list[FlytePickle[Factors]]"),
        ('"Factors"', "FlytePickle[Factors]"),
        ("Plain", "Plain"),
        ("dict[str, float]", "dict[str, float]"),
    ],
)
def test_a_field_that_flyte_does_not_know_asks_for_pickle(
    type_: str, expected: str, tmp_path: Path
) -> None:
    """On both sides of a call, and wherever such a class is nested."""
    (tmp_path / "pipeline.py").write_text(PIPELINE)
    (tmp_path / "stages.py").write_text(STAGES % {"type": type_})
    found = pipeline_catalog.load(str(tmp_path / "pipeline.py"), Path(sys.executable))
    load(ROOT / "adapters" / "flyte").render(found.pipeline, tmp_path / "project", frozenset())
    text = (tmp_path / "project/src/tasks/stages.py").read_text()
    assert f"def make() -> {expected}:" in text
    assert f"def use(made: {expected}, results: str)" in text
    assert ("from flytekit.types.pickle import FlytePickle" in text) == ("FlytePickle" in expected)
