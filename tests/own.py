"""A small pipeline as a user would bring it: two stages side by side, helpers, a parameter and a file."""

import sys
from pathlib import Path

from bench.contract.driver import Definition
from bench.environments import pipeline_catalog
from bench.pipeline import Pipeline

__all__ = ["FILES", "definition", "definition_of", "flow"]

FILES = {
    "pipeline.py": """
import stages
from bench.pipeline import File, Pipeline, Settings


def pipeline():
    flow = Pipeline("small")
    items = flow.parameter("items", File, default="items.csv")
    factor = flow.parameter("factor", int, default=2)
    results = flow.parameter("results", File)
    numbers = flow.stage(stages.read, Settings(output="numbers", cached=True), items=items)
    total = flow.stage(stages.total, Settings(output="sum", cached=True), numbers=numbers)
    scaled = flow.stage(stages.scale, Settings(output="scaled", cached=True), numbers=numbers, factor=factor)
    flow.stage(stages.show, scaled=scaled, sum=total, results=results)
    return flow
""",
    "stages.py": '''
from pathlib import Path

from rounding import rounded


def double(value: float) -> float:
    return value * 2.0


def read(items: str) -> list[float]:
    return [float(line) for line in Path(items).read_text().split()]


def total(numbers: list[float]) -> float:
    return rounded(sum(numbers))


def scale(numbers: list[float], factor: int) -> list[float]:
    """Scale each number."""
    return [rounded(double(number)) * factor for number in numbers]


def show(scaled: list[float], sum: float, results: str) -> None:
    Path(results, "shown.txt").write_text(f"{scaled} {sum}")
''',
    "rounding.py": """
def rounded(value: float) -> float:
    return round(value + 0.25, 3)
""",
    "items.csv": "1.5\n2.5\n3.5\n4.5\n",
}


def definition(folder: Path) -> Definition:
    """Write the pipeline to a folder, and read it."""
    for name, text in FILES.items():
        (folder / name).write_text(text.lstrip())
    return definition_of(folder)


def definition_of(folder: Path) -> Definition:
    """Read the pipeline of a folder."""
    return pipeline_catalog.load(str(folder / "pipeline.py"), Path(sys.executable))


def flow() -> Pipeline:
    """Return its graph, without reading it in a process."""
    from bench.contract.stage import Output, Parameter, Stage

    made = Pipeline("small")
    made.parameters = {
        "items": Parameter("items", "file", "items.csv"),
        "factor": Parameter("factor", "int", 2),
        "results": Parameter("results", "file"),
    }
    made.stages = {
        "read": Stage("read", "read", "stages", {"items": "items"}, (Output("numbers", "json"),), cached=True),
        "total": Stage("total", "total", "stages", {"numbers": "numbers"}, (Output("sum", "float"),), cached=True),
        "scale": Stage(
            "scale", "scale", "stages", {"numbers": "numbers", "factor": "factor"}, (Output("scaled", "json"),),
            cached=True,
        ),
        "show": Stage("show", "show", "stages", {"scaled": "scaled", "sum": "sum", "results": "results"}, ()),
    }  # fmt: skip
    made.modules = {name.removesuffix(".py"): FILES[name].lstrip() for name in ("stages.py", "rounding.py")}
    return made
