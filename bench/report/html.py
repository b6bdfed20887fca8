"""``scorecard.html``: one file, no network, every number with a link to its samples, command and logs."""

import base64
import hashlib
import math
import shlex
from itertools import cycle
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bench.contract.safe_text import visible
from bench.judging.run_activity import BUSY_SHARE
from bench.planning import profiles
from bench.report import numbers, trial_list
from bench.report.claims_view import NO_FINDING
from bench.report.criteria_view import asked, unasked
from bench.report.curve_plots import plotted
from bench.report.curve_text import slope
from bench.report.finding_text import grouped
from bench.report.findings import findings_of
from bench.report.glossary import words
from bench.report.headlines import headlines
from bench.report.how_measured import interim_checks, newest, released, repeated, skipped
from bench.report.page_data import View
from bench.report.page_scores import script
from bench.report.published_view import beside
from bench.report.requirement_text import reasons, requirements
from bench.report.sentences import context, leaders, verdict
from bench.report.tables import Row, Table, slug
from bench.report.timelines import timelines
from bench.scoring.draws import DRAWS
from bench.statistics.quantiles import middle

__all__ = ["text"]

TEMPLATES = Path(__file__).with_name("templates")
STYLE = "style.css"
SCRIPTS = ("ranking.js", "leading.js", "page.js", "logs.js")
"""What the page runs, in this order; it runs nothing else, for its policy names these by their hashes."""
HEIGHTS = (50, 32, 68)
"""Of the dots of samples, in hundredths of the height of their strip."""
SLIDER = 10.0
"""The greatest weight that can be chosen, unless the set itself has a greater one."""


def text(view: View) -> str:
    """Return the page."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters |= {
        "number": numbers.number,
        "spread": numbers.spread,
        "weight": numbers.weight,
        "percent": _percent,
        "sentence": _sentence,
        "command": shlex.join,
    }
    environment.globals |= {
        "standing": numbers.standing,
        "bounds": numbers.bounds,
        "chance": numbers.chance,
        "span": numbers.span,
        "within": numbers.within,
        "middle": middle,
        "strip": strip,
        "inlined": _inlined,
        "policy": _policy(),
        "STYLE": STYLE,
        "SCRIPTS": SCRIPTS,
        "slug": slug,
        "glossary": words,
        "profile": profiles.told(view.manifest.profile),
        "asked": asked,
        "unasked": unasked,
        "timelines": timelines,
        "plotted": plotted,
        "reach": numbers.reach,
        "slope": slope,
        "grouped": grouped,
        "headlines": headlines,
        "reasons": reasons,
        "requirements": requirements,
        "NO_FINDING": NO_FINDING,
        "skipped": skipped,
        "interim_checks": interim_checks,
        "repeated": repeated,
        "newest": newest,
        "released": released,
        "busy_share": BUSY_SHARE,
        "MARKS": trial_list.MARKS,
        "again": trial_list.again,
        "bodies": trial_list.bodies,
        "edits": trial_list.edits,
        "logs": trial_list.logs,
        "times": trial_list.times,
    }
    return environment.get_template("scorecard.html.j2").render(
        view=view,
        context=context(view),
        published=beside(view),
        found=findings_of(view, Path()),
        leaders=leaders(view),
        commands=trial_list.Commands(),
        **_scored(view),
    )


def _finalize(value: Any) -> Any:
    """Show what is hidden in any text that is put on the page: it may be a tool's."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _scored(view: View) -> dict[str, Any]:
    """Return what the parts about the order need; nothing where there are no tools."""
    if view.scored is None:
        return {"verdict": [], "targets": (), "tools": (), "scored_criteria": ()}
    scores = view.scored.weighed["all"].scores
    places = {target.name: index for index, target in enumerate(scores.targets)}
    pairs = {}
    for pair in view.scored.weighed["all"].ranking.pairs:
        one, other = places[pair.first], places[pair.second]
        pairs[one, other], pairs[other, one] = pair, pair.turned
    return {
        "verdict": verdict(view.scored),
        "scores": script(view.scored),
        "targets": scores.targets,
        "tools": list(dict.fromkeys(target.tool for target in scores.targets)),
        "scored_criteria": scores.criteria.criteria,
        "place_of": places,
        "pair_of": pairs,
        "draws": DRAWS,
        "greatest": max(SLIDER, *view.scored.criteria.weights.values()),
    }


def _inlined(name: str) -> Markup:
    """Return a style sheet or script of the page's own."""
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))  # noqa: S704 - it is part of the page


def _policy() -> str:
    """Return the Content-Security-Policy of the page: its own style and scripts, no network, no frame, no form.

    Styles in attributes are shades of scores, which are set by number.
    """
    scripts = " ".join(f"'{_hash(name)}'" for name in SCRIPTS)
    return (
        f"default-src 'none'; script-src {scripts}; style-src-elem '{_hash(STYLE)}'; style-src-attr 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(name: str) -> str:
    digest = hashlib.sha256(str(_inlined(name)).encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _sentence(text: str) -> str:
    """Return text with a first capital letter; the others stay, as in units and names."""
    return text[:1].upper() + text[1:]


def strip(table: Table, row: Row) -> dict[str, Any]:
    """Return where the samples of a row stand on the table's scale, in thousandths of its width.

    dots: as the path of a drawing, on three heights in turn, so that neighbours are told apart. The scale is
    logarithmic where all samples are positive and differ by more than ten times.
    """
    least, high = (
        min(each.summary.low for each in table.rows),
        max(each.summary.high for each in table.rows),
    )
    low, high = min(0.0, least), high or 1.0
    logarithmic = least > 0 and high / least > 10
    if logarithmic:
        low, high = math.log(least * 0.9), math.log(high * 1.05)

    def place(value: float) -> int:
        at = math.log(value) if logarithmic else value
        return round(1000 * (at - low) / (high - low)) if high > low else 0

    begin, end = row.summary.bounds
    return {
        "dots": "".join(
            f"M{place(sample.value)} {height}h0"
            for sample, height in zip(row.samples, cycle(HEIGHTS), strict=False)
        ),
        "median": place(row.summary.median),
        "begin": place(begin),
        "end": place(end),
        "logarithmic": logarithmic,
    }
