"""Where points and the line through them stand in a small drawing of a curve."""

from dataclasses import dataclass

from bench.scoring.scaling_lines import Curve
from bench.statistics.line_fit import Fit

__all__ = ["Plot", "plotted"]

WIDTH, HEIGHT = 320, 180
HEADROOM = 1.05


@dataclass(frozen=True)
class Plot:
    """One target's points. least, most: of the x axis; top: of the y axis.

    dots, line: places in the drawing, from its upper left corner.
    """

    fit: Fit
    least: str
    most: str
    top: float
    dots: tuple[tuple[float, float], ...]
    line: tuple[float, float, float, float]
    width: int = WIDTH
    height: int = HEIGHT


def plotted(curve: Curve) -> tuple[Plot, ...]:
    """Return a drawing for each target, each on a scale of its own from zero on, so that a bend is seen."""
    return tuple(_plot(fit) for fit in curve.fits)


def _plot(fit: Fit) -> Plot:
    xs = [point.x for point in fit.points]
    end = fit.intercept + fit.slope * max(xs)
    top = max(*(point.y for point in fit.points), fit.intercept, end, 0.0) * HEADROOM or 1.0

    def place(x: float, y: float) -> tuple[float, float]:
        return round(WIDTH * x / (max(xs) * HEADROOM), 1), round(HEIGHT * (1 - max(y, 0.0) / top), 1)

    return Plot(
        fit=fit,
        least=f"{min(xs):g}",
        most=f"{max(xs):g}",
        top=top,
        dots=tuple(place(point.x, point.y) for point in fit.points),
        line=(*place(0, fit.intercept), *place(max(xs), end)),
    )
