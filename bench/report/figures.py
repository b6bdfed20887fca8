"""Pictures of a result set, as SVG: times, truth matrices, and when the stages of each target ran.

Drawn without pyplot, so nothing is kept between pictures; the same result set gives the same bytes. What a
colour says, a symbol, a shape or a label says too.
"""

import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.folders import cache_folder

# Its list of fonts is kept with what bench keeps, not in the user's own settings.
os.environ.setdefault("MPLCONFIGDIR", str(cache_folder() / "matplotlib"))
# Where that list is made for the first time it is a warning, which helps nobody here.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)

from matplotlib import rc_context  # noqa: E402 - after its folder is named
from matplotlib.figure import Figure  # noqa: E402
from matplotlib.patches import Rectangle  # noqa: E402
from matplotlib.ticker import NullFormatter  # noqa: E402

from bench.contract.records import Run  # noqa: E402
from bench.contract.safe_text import visible  # noqa: E402
from bench.errors import StoreError  # noqa: E402
from bench.host.safe_write import opened_folder, replacing  # noqa: E402
from bench.report.matrices import Matrix  # noqa: E402
from bench.report.numbers import number  # noqa: E402
from bench.report.page_data import View  # noqa: E402
from bench.report.tables import Row, Table, slug  # noqa: E402

__all__ = ["draw"]

FIGURES = "figures"
OWN = re.compile(r"(times|matrix|stages)-.*\.svg")
"""The pictures of an earlier report."""
STYLE: Any = {
    # Ids in the file come from this and not from chance.
    "svg.hashsalt": "orchestrator-bench",
    # Text stays text: it can be searched, and read aloud.
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    # What a tool says is no formula.
    "text.parse_math": False,
}
INK, SOFT, MARK = "#1c2430", "#5a6675", "#1f5fbf"
TONES = {
    "good": ("#cfe8d8", "✓"),
    "partly": ("#f6e3b8", "~"),
    "bad": ("#f3c6c2", "✗"),
    "none": ("#eef1f5", "-"),
}
"""By tone of a word, the colour of its trial and the symbol before it (blue and red are told apart by light)."""
STAGES = ("#1f5fbf", "#b3541e", "#5b8c2a", "#7a3e9d", "#8a6d00", "#177e89")
LOGARITHMIC_FROM = 10
ROW, COLUMN, CASE = 0.3, 1.35, 3.4
"""Heights and widths in inches."""


def draw(view: View, folder: Path) -> list[Path]:
    """Draw all pictures into ``figures`` of a result set; those of before are gone. Raises StoreError."""
    try:
        with opened_folder(folder, FIGURES) as place:
            for old in os.listdir(place):  # noqa: PTH208 - a descriptor
                if OWN.fullmatch(old):
                    os.unlink(old, dir_fd=place)
        with rc_context(STYLE):
            return [_save(figure, folder, f"{FIGURES}/{name}.svg") for name, figure in _figures(view)]
    except OSError as error:
        raise StoreError(
            f"cannot write pictures to {folder / FIGURES}: {error.strerror}; leave them out with --no-figures"
        ) from error


def _save(figure: Figure, folder: Path, name: str) -> Path:
    with replacing(folder, name) as file:
        figure.savefig(file, format="svg", metadata={"Date": None})
    return folder / name


def _figures(view: View) -> Iterator[tuple[str, Figure]]:
    for section in view.sections:
        for table in section.tables:
            # What was measured once has nothing to show but the figure that stands in the table.
            measured = max(row.summary.count for row in table.rows)
            if table.indicator.primary and table.indicator.unit == "s" and measured > 1:
                yield f"times-{slug(table.scenario, table.case, table.indicator.id)}", _times(table)
    for matrix in (one for one in view.matrices if one.lines):
        yield f"matrix-{slug(matrix.scenario)}", _matrix(view, matrix)
    for target, run in _reference_runs(view):
        yield f"stages-{slug(target)}", _stages(target, run)


def _sheet(width: float, height: float, title: str) -> tuple[Figure, Any]:
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", fontsize=10, color=INK)
    axes.tick_params(colors=INK, length=0)
    return figure, axes


def _times(table: Table) -> Figure:
    """Draw the samples of each target as dots, its median as a line, the interval or range as a bar."""
    rows = list(reversed(table.rows))
    title = f"{table.indicator.title}: {table.what}"
    figure, axes = _sheet(8.0, 1.2 + ROW * len(rows), title)
    for place, row in enumerate(rows):
        _strip(axes, place, row)
    least, most = min(row.summary.low for row in rows), max(row.summary.high for row in rows)
    if least > 0 and most / least > LOGARITHMIC_FROM:
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.xaxis.set_minor_formatter(NullFormatter())
    else:
        axes.set_xlim(left=min(0.0, least))
    axes.set_yticks(range(len(rows)), [_name(row, table.indicator.unit) for row in rows])
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.grid(axis="x", color="#e3e7ee")
    axes.set_axisbelow(True)
    spread = "95 % interval" if all(row.summary.interval for row in rows) else "interval or range"
    scale = "logarithmic; " if axes.get_xscale() == "log" else ""
    void = "; THE ORDER IS VOID" if table.void else ""
    axes.set_xlabel(f"s ({scale}dots: samples, line: median, bar: {spread}{void})", color=SOFT)
    return figure


def _strip(axes: Any, place: int, row: Row) -> None:
    begin, end = row.summary.bounds
    colour = MARK if row.role == "tool" else SOFT
    axes.plot([begin, end], [place, place], color=colour, alpha=0.35, linewidth=7, solid_capstyle="butt")
    values = [sample.value for sample in row.samples]
    axes.plot(values, [place] * len(values), "o", color=colour, markersize=3.5, alpha=0.7)
    axes.plot([row.summary.median] * 2, [place - 0.32, place + 0.32], color=INK, linewidth=1.6)


def _name(row: Row, unit: str) -> str:
    return f"{row.target}  {number(row.summary.median, unit)}"


def _matrix(view: View, matrix: Matrix) -> Figure:
    """Draw a word in each trial, with the symbol and colour of what it is worth."""
    targets = [column.target for column in matrix.columns]
    width, height = CASE + COLUMN * len(targets), 1.5 + ROW * len(matrix.lines)
    figure, axes = _sheet(width, height, f"{matrix.scenario}: {matrix.question}")
    for row, line in enumerate(matrix.lines):
        for column, target in enumerate(targets):
            word = line.words.get(target)
            if word is not None:
                colour, symbol = TONES[view.tone_of(matrix.scenario, word)]
                axes.add_patch(Rectangle((column, row), 1, 1, facecolor=colour, edgecolor="white"))
                axes.text(
                    column + 0.5,
                    row + 0.5,
                    f"{symbol} {visible(word)}",
                    ha="center",
                    va="center",
                    color=INK,
                )
    axes.set_xlim(0, len(targets))
    axes.set_ylim(len(matrix.lines), 0)
    axes.set_xticks([place + 0.5 for place in range(len(targets))], targets, rotation=30, ha="left")
    axes.xaxis.tick_top()
    lines = [
        line.case if line.part is None else f"{line.case}: {visible(line.part)}" for line in matrix.lines
    ]
    axes.set_yticks([place + 0.5 for place in range(len(lines))], lines)
    axes.spines[:].set_visible(False)
    worth = "✓ worth 1, ~ less, ✗ nothing, - no verdict"
    axes.set_xlabel(worth, color=SOFT)
    return figure


def _reference_runs(view: View) -> Iterator[tuple[str, Run]]:
    """Yield for each target its first good traced run of the reference pipeline, of its first block."""
    found: dict[str, Run] = {}
    for case in view.cases:
        for name, answers in case.answers.items():
            trial = answers[0].verdict.trial
            if trial.pipeline != "reference" or name in found:
                continue
            runs = (run for attempt in answers[0].attempts for run in attempt.runs)
            run = next((run for run in runs if run.ended.well and run.bodies), None)
            if run is not None:
                found[name] = run
    yield from sorted(found.items())


def _stages(target: str, run: Run) -> Figure:
    """Draw when the bodies of each stage ran, in seconds since the command was started."""
    bodies = sorted((body for body in run.bodies if body.end is not None), key=lambda body: body.start)
    stages = list(dict.fromkeys(body.stage for body in bodies))
    begin = run.marks["spawn"]
    figure, axes = _sheet(8.0, 1.3 + ROW * len(stages), f"{target}: when its stages ran")
    for body in bodies:
        row = stages.index(body.stage)
        start, length = (body.start - begin) / 1e9, ((body.end or body.start) - body.start) / 1e9
        colour = STAGES[row % len(STAGES)]
        # With an edge, so that a short one can be seen.
        axes.barh(row, length, left=start, height=0.6, color=colour, edgecolor=colour, linewidth=1.5)
    whole = run.seconds("exit") or max((body.end or body.start) - begin for body in bodies) / 1e9
    _marks(axes, run)
    axes.set_yticks(range(len(stages)), [visible(stage) for stage in stages])
    axes.set_ylim(len(stages) - 0.4, -0.9)
    axes.set_xlim(0, whole * 1.02)
    axes.set_xlabel(f"s since the command was started ({run.role} run, {number(whole, 's')} s)", color=SOFT)
    return figure


def _marks(axes: Any, run: Run) -> None:
    for mark, name in (("module", "project loaded"), ("exit", "end")):
        seconds = run.seconds(mark)
        if seconds is not None:
            axes.axvline(seconds, color=SOFT, linewidth=0.8, linestyle="--")
            align = "right" if mark == "exit" else "left"
            axes.text(seconds, -0.55, f" {name} ", ha=align, va="bottom", color=SOFT, fontsize=8)
