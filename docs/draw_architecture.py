"""Draws docs/architecture.svg from the import contract: ``./run python docs/draw_architecture.py``.

The order of the packages is that of the contract in ``pyproject.toml``, their text that of each package's
``__init__``, and the arrows are the imports that there are.
"""

import ast
import tomllib
from pathlib import Path

import grimp
import matplotlib as mpl

mpl.use("svg")
mpl.rcParams.update({"svg.hashsalt": "architecture", "svg.fonttype": "none", "font.family": "sans-serif"})

from matplotlib import pyplot as plt  # noqa: E402
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch  # noqa: E402

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "architecture.svg"
HEIGHT = 1.0
"""Of a box; the next one begins 1.25 below."""


def packages() -> list[str]:
    """Return the packages, high to low, as the contract has them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one["type"] == "layers")
    names = [layer.removeprefix("bench.") for layer in layers]
    return [name for name in names if (ROOT / "bench" / name / "__init__.py").is_file()]


def told(package: str) -> list[str]:
    """Return the lines of a package's own description."""
    text = ast.get_docstring(ast.parse((ROOT / "bench" / package / "__init__.py").read_text())) or ""
    return [line for line in text.splitlines() if line][:2]


def imports(names: list[str]) -> list[tuple[str, str]]:
    """Return which package imports which."""
    graph = grimp.build_graph("bench")
    found = set()
    for module in graph.modules:
        importer = module.split(".")[1] if module.count(".") else ""
        for imported in graph.find_modules_directly_imported_by(module):
            other = imported.split(".")[1] if imported.count(".") else ""
            if importer in names and other in names and importer != other:
                found.add((importer, other))
    return sorted(found)


def draw() -> None:
    """Write the picture."""
    names = packages()
    top = {name: -1.25 * place for place, name in enumerate(names)}
    figure, axes = plt.subplots(figsize=(11, 0.72 * len(names)))
    for name in names:
        box = FancyBboxPatch(
            (0, top[name]), 11.6, HEIGHT, boxstyle="round,pad=0.05", fc="#eef3f8", ec="#44617b"
        )
        axes.add_patch(box)
        axes.text(0.15, top[name] + 0.5, name, va="center", fontsize=13, weight="bold")
        for place, line in enumerate(told(name)):
            axes.text(2.6, top[name] + 0.72 - 0.42 * place, line, va="center", fontsize=8.5)
    for importer, other in imports(names):
        down = (names.index(other) - names.index(importer)) / len(names)
        axes.add_patch(
            FancyArrowPatch(
                (11.7, top[importer] + 0.4),
                (11.7, top[other] + 0.6),
                connectionstyle=f"arc3,rad={-0.25 - 0.35 * down}",
                arrowstyle="-|>",
                mutation_scale=8,
                lw=0.6,
                color="#8a9aa8",
            )
        )
    axes.set_xlim(-0.1, 14.4)
    axes.set_ylim(min(top.values()) - 0.15, HEIGHT + 0.15)
    axes.axis("off")
    figure.savefig(PICTURE, metadata={"Date": None}, bbox_inches="tight")


if __name__ == "__main__":
    draw()
