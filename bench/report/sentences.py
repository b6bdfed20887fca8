"""The sentences that open a scorecard, made from the data."""

from collections.abc import Sequence

from bench.ranking import Pair, Ranking
from bench.report.numbers import number
from bench.report.scored import Scored, Weighed
from bench.report.view import Table, View

__all__ = ["listed", "not_of_tools", "opening", "verdict"]

NEAR_ALL = 0.995


def opening(view: View) -> list[str]:
    """Return the verdict, what was run and came out right, and how far apart the targets are."""
    verdicts = [] if view.scored is None else verdict(view.scored)
    return [sentence for sentence in (*verdicts, _ran(view), *_extents(view)) if sentence]


def verdict(scored: Scored) -> list[str]:
    """Return three sentences: who leads, on how much evidence, and what would change it."""
    weighed = scored.weighed["all"]
    if scored.withheld is not None:
        return [f"No order is claimed: {scored.withheld}.", _evidence(weighed)]
    return [_leads(weighed.ranking), _evidence(weighed), _turns(weighed)]


def not_of_tools(scored: Scored) -> str:
    """Return why the order is one of targets and not of tools; empty where it is one of tools too."""
    if not scored.local:
        return ""
    return (
        "This is an order of targets, each in the mode that stands beside its name. No order of the tools "
        f"themselves is claimed: {listed(scored.local)} {'was' if len(scored.local) == 1 else 'were'} "
        "measured in local modes alone."
    )


def listed(names: Sequence[str]) -> str:
    """Return names as a list in words."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "none"


def _leads(found: Ranking) -> str:
    if not found.leaders:
        return "No target leads: none has evidence for enough of the weight."
    if len(found.leaders) > 1:
        return (
            f"{listed(found.leaders)} lead together: on what they have in common, no other is ahead of them "
            "beyond the noise and the effect floor of 5 %."
        )
    leader = found.leaders[0]
    ahead = [other for other, relation in _relations(found.pairs, leader) if relation == "ahead"]
    level = [other for other, relation in _relations(found.pairs, leader) if relation == "tie"]
    text = f"{leader} leads"
    if ahead:
        text += f": on what both have, it is ahead of {listed(ahead)}"
    if level:
        text += f"{',' if ahead else ':'} and level with {listed(level)}"
    return f"{text}."


def _relations(pairs: Sequence[Pair], leader: str) -> list[tuple[str, str]]:
    turned = {"ahead": "behind", "behind": "ahead"}
    return [(pair.second, pair.relation) for pair in pairs if pair.first == leader] + [
        (pair.first, turned.get(pair.relation, pair.relation)) for pair in pairs if pair.second == leader
    ]


def _evidence(weighed: Weighed) -> str:
    totals = weighed.ranking.totals
    known = [total.known for total in totals]
    documented = max(total.documented for total in totals)
    extent = (
        f"{min(known):.0%}" if max(known) - min(known) < 0.005 else f"{min(known):.0%} to {max(known):.0%}"
    )
    text = f"There is evidence for {extent} of the weight"
    if documented:
        text += f" (up to {documented:.0%} by documents)"
    if any(total.place[0] != total.place[1] for total in totals):
        return f"{text}; what is missing could still change the order, so places are given as ranges."
    return f"{text}; what is missing cannot change the order."


def _turns(weighed: Weighed) -> str:
    shares = weighed.kept_tiers.low
    first = max(shares, key=lambda name: shares[name])
    share = "nearly all" if shares[first] > NEAR_ALL else f"{shares[first]:.0%} of all"
    text = f"Under {share} weights that keep the tiers, {first} has the greatest total on the evidence"
    turn = weighed.turn
    if turn is None:
        return f"{text}, and no change of a single weight puts another first."
    return (
        f"{text}; the smallest change that puts another first is {turn.criterion} from {turn.weight:.3g} "
        f"to {turn.new_weight:.3g} ({turn.successor})."
    )


def _ran(view: View) -> str:
    tools = [f"{view.displays[one.tool]} {one.version}" for one in view.tools]
    if not tools:
        return "No tool was measured here, only the control."
    failed = {answer.verdict.cell.target.name for answer in view.failures}
    errors = len(view.errors)
    text = f"{listed(list(dict.fromkeys(tools)))} ran the same pipelines on the same data"
    if view.plain_cases:
        right = len({one.name for one in view.tools} - failed)
        text += f"; the output of {right} of {len(view.tools)} targets was the control's in every cell"
    text += "."
    if failed:
        text += f" Failed somewhere: {', '.join(sorted(failed))}."
    if errors:
        what = "1 cell is an error" if errors == 1 else f"{errors} cells are errors"
        text += f" {what} of the harness or its set-up: nothing is said of the tools there."
    return text


def _extents(view: View) -> list[str]:
    return [
        _extent(table)
        for section in view.sections
        for table in section.tables
        if table.indicator.primary and table.indicator.unit == "s"
    ][:1]


def _extent(table: Table) -> str:
    rows = [row for row in table.rows if row.role == "tool"]
    if not rows:
        return ""
    first, last = rows[0], rows[-1]
    unit = table.indicator.unit
    text = (
        f"{table.indicator.title.capitalize()}, for {table.what}: from {number(first.summary.median, unit)} {unit} "
        f"({first.target}) to {number(last.summary.median, unit)} {unit} ({last.target})"
    )
    if table.void:
        return f"{text}; the order between is void, because {table.void}."
    if first.place is None:
        return f"{text}; {first.summary.count} samples are too few for an order."
    return f"{text}."
