"""The sentences that open a scorecard, made from the data."""

from collections import Counter
from collections.abc import Iterator, Sequence

from bench.report.numbers import number, rounded_weight, weight
from bench.report.page_data import View
from bench.report.score_view import Scored, Weighed
from bench.report.tables import Table
from bench.scoring.leaders import COMMON_FLOOR
from bench.scoring.ranks import Pair, Ranking
from bench.scoring.sensitivity import WeightThreshold

__all__ = ["TOLD", "context", "leaders", "listed", "opening", "turns", "verdict"]

NEAR_ALL = 0.995
TOLD = {
    "withheld": "No order is claimed: {why}.",
    "stands": (
        "What was right or wrong stands all the same, and so does each pair, on what both have; only the order of "
        "the totals is open."
    ),
    "nobody_meets": "No target leads: none is known to meet every requirement.",
    "nobody_measured": "No target leads: too little was measured, less than a tenth of the weight.",
    "nobody": "No target leads: each lacks evidence that another has and that could put it behind.",
    "together": (
        "{leaders} lead together{so_far}: no other is ahead of them beyond the noise and the effect floor of 5%, on "
        "what they have in common, and with what only the other has counted against them."
    ),
    "leads": "{leader} leads{so_far}.",
    "leads_ahead": "{leader} leads{so_far}: on what both have, it is ahead of {ahead}.",
    "leads_level": "{leader} leads{so_far}, level with {level}.",
    "leads_ahead_level": (
        "{leader} leads{so_far}: on what both have, it is ahead of {ahead}, and level with {level}."
    ),
    "so_far": " so far",
    "evidence": "There is evidence for {extent}{documents}{end}.",
    "even": "{least} of the weight",
    "range": "{least} to {most} of the weight, depending on the target",
    "documents": " (up to {documented} from documents alone)",
    "open": "; what is missing, or the noise, could still change the order, so places are given as ranges",
    "closed": "; neither what is missing nor the noise can change the order",
    "unclaimed": "",
    "turns": (
        "{turn}; under {share} weights that keep the set's tiers the greatest total, with what is missing as the "
        "worst, is that of {most}."
    ),
    "turn": (
        "The smallest change of one weight that changes who leads is {criterion} from {given} to {new}: then {leads}"
    ),
    "no_turn": "No change of a single weight changes who leads",
    "then_nobody": "nobody does",
    "then_one": "{leaders} leads",
    "then_together": "{leaders} lead together",
    "of_own": "{turns} This holds for the set's own weights, not for those that you chose.",
    "no_first": "No target is known to meet all requirements, so none can be first.",
    "changed": "These are not the set's own weights: {changes}.",
    "change": "{criterion} {new} in place of {given}",
    "measured": "Documented answers are left out.",
    "bad_address": "The address of this page asks for weights that it cannot have: these are the set's own.",
    "weightless": "At least one weight must be above 0.",
}
"""The sentences of the verdict, and their parts; the page fills the same ones."""


def opening(view: View) -> list[str]:
    """Return the verdict, and what is to be known beside it."""
    return [*([] if view.scored is None else verdict(view.scored)), *context(view)]


def context(view: View) -> list[str]:
    """Return what was run and came out right, how far apart the targets are, and that they are not tools."""
    local = "" if view.scored is None else _not_of_tools(view.scored)
    return [sentence for sentence in (view.own, _ran(view), *_extents(view), local) if sentence]


def verdict(scored: Scored) -> list[str]:
    """Return three sentences: who leads, on how much evidence, and what would change it.

    Where no order is claimed: why, on how much evidence, and what stands all the same.

    ``templates/page.js`` fills :data:`TOLD` in the same way when a weight is changed.
    """
    weighed = scored.weighed["all"]
    if scored.withheld is not None:
        return [
            TOLD["withheld"].format(why=scored.withheld),
            _evidence(weighed, TOLD["unclaimed"]),
            TOLD["stands"],
        ]
    return [_leads(weighed.ranking), _evidence(weighed, _openness(weighed)), turns(weighed)]


def _not_of_tools(scored: Scored) -> str:
    """Return why the order is one of targets and not of tools; empty where it is one of tools too, or of none."""
    if not scored.local or scored.withheld is not None:
        return ""
    return (
        "This is an order of targets, each in the mode that stands beside its name. No order of the tools "
        f"themselves is claimed: {listed(scored.local)} {'was' if len(scored.local) == 1 else 'were'} "
        "measured in local modes alone."
    )


def leaders(view: View) -> tuple[str, ...]:
    """Return who leads under the set's own weights; nobody where no order is claimed."""
    if view.scored is None or view.scored.withheld is not None:
        return ()
    return view.scored.weighed["all"].ranking.leaders


def listed(names: Sequence[str]) -> str:
    """Return names as a list in words."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "none"


def _leads(found: Ranking) -> str:
    so_far = TOLD["so_far"] if _is_open(found) else ""
    if not found.leaders:
        return TOLD[_nobody(found)]
    if len(found.leaders) > 1:
        return TOLD["together"].format(leaders=listed(found.leaders), so_far=so_far)
    leader = found.leaders[0]
    ahead = [other for other, relation in _relations(found.pairs, leader) if relation == "ahead"]
    level = [other for other, relation in _relations(found.pairs, leader) if relation == "tie"]
    which = "_".join(["leads", *(["ahead"] if ahead else []), *(["level"] if level else [])])
    return TOLD[which].format(leader=leader, ahead=listed(ahead), level=listed(level), so_far=so_far)


def _nobody(found: Ranking) -> str:
    """Return which sentence says why nobody leads."""
    meeting = [one for one in found.totals if one.meets]
    if not meeting:
        return "nobody_meets"
    enough = any(one.known - one.documented >= COMMON_FLOOR for one in meeting)
    return "nobody" if enough else "nobody_measured"


def _relations(pairs: Sequence[Pair], leader: str) -> list[tuple[str, str]]:
    seen = [pair for pair in pairs if pair.first == leader]
    seen += [pair.turned for pair in pairs if pair.second == leader]
    return [(pair.second, pair.relation) for pair in seen]


def _evidence(weighed: Weighed, end: str) -> str:
    known = [total.known for total in weighed.ranking.totals]
    documented = max(total.documented for total in weighed.ranking.totals)
    which = "range" if max(known) - min(known) >= 0.005 else "even"
    extent = TOLD[which].format(least=f"{min(known):.0%}", most=f"{max(known):.0%}")
    documents = TOLD["documents"].format(documented=f"{documented:.0%}") if documented else ""
    return TOLD["evidence"].format(extent=extent, documents=documents, end=end)


def _openness(weighed: Weighed) -> str:
    """Return whether what is missing could change the order."""
    return TOLD["open" if _is_open(weighed.ranking) else "closed"]


def _is_open(found: Ranking) -> bool:
    """Whether what is missing, or the noise, could still change the order."""
    return any(one.place[0] != one.place[1] for one in found.totals)


def turns(weighed: Weighed) -> str:
    """Return what would change who leads, under the weights of the set, in a sentence."""
    if not any(one.meets for one in weighed.ranking.totals):
        return TOLD["no_first"]
    most, share = _firsts(weighed)
    return TOLD["turns"].format(turn=_turn(weighed.turn), share=share, most=most)


def _turn(turn: WeightThreshold | None) -> str:
    """Return the smallest change that changes who leads, as a clause."""
    if turn is None:
        return TOLD["no_turn"]
    which = ("then_nobody", "then_one", "then_together")[min(len(turn.leaders), 2)]
    return TOLD["turn"].format(
        criterion=turn.criterion,
        given=weight(turn.weight),
        new=rounded_weight(turn.new_weight, up=turn.new_weight > turn.weight),
        leads=TOLD[which].format(leaders=listed(turn.leaders)),
    )


def _firsts(weighed: Weighed) -> tuple[str, str]:
    """Return who is first under most weights that keep the tiers, and under how many, in words."""
    shares = {name: places[0] for name, places in weighed.kept_tiers.low.items()}
    first = max(shares, key=lambda name: shares[name])
    return first, "nearly all" if shares[first] > NEAR_ALL else f"{shares[first]:.0%} of all"


def _ran(view: View) -> str:
    tools = [f"{view.displays[one.tool]} {one.version}" for one in view.tools]
    if not tools:
        return "No tool was measured here, only the control."
    text = f"{listed(list(dict.fromkeys(tools)))} ran the same pipelines on the same data."
    errors = len(view.errors)
    if errors:
        what = "1 test is an error" if errors == 1 else f"{errors} tests are errors"
        text += f" {what} of the harness or its set-up: nothing is said of the tools there."
    return " ".join([text, *_right(view), *_failures(view)])


def _right(view: View) -> Iterator[str]:
    """Yield of how many targets all was right where nothing else is asked, by the words of the tables."""
    if not view.plain_cases:
        return
    where = listed(list(dict.fromkeys(case.scenario for case in view.plain_cases)))
    words = {one.name: _plain_words(view, one.name) for one in view.tools}
    right = [name for name, found in words.items() if found and set(found.values()) == {"good"}]
    wrong = {
        name: [word for word, tone in found.items() if tone in ("partly", "bad")]
        for name, found in words.items()
    }
    unknown = [name for name in words if name not in right and not wrong[name]]
    if len(unknown) == len(words):
        yield f"In {where} nothing could be judged."
        return
    told = f"In {where} {len(right)} of {len(words)} targets were right in every test"
    if any(wrong.values()):
        named = [f"{name} ({', '.join(found)})" for name, found in sorted(wrong.items()) if found]
        told += f"; not {listed(named)}"
    if unknown:
        told += f"; of {listed(sorted(unknown))} too little can be said"
    yield f"{told}."


def _plain_words(view: View, target: str) -> dict[str, str]:
    """Return the words of a target in the cases that are not shown as a matrix, each with its tone."""
    said = [one for case in view.plain_cases if target in case.answers for one in case.said(target)]
    return {one.verdict.word: view.tone(one) if one.verdict.outcome != "error" else "none" for one in said}


def _failures(view: View) -> Iterator[str]:
    """Yield in how many cases each target failed where every case asks something else, as the matrices have it."""
    names = {one.name for one in view.tools}
    ran: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for line in (line for matrix in view.matrices for line in matrix.lines if line.part is None):
        for name in names & line.verdicts.keys():
            ran[name] += line.verdicts[name].outcome in ("measured", "failed")
            failed[name] += line.verdicts[name].outcome == "failed"
    if ran.total():
        told = [f"{name} {failed[name]} of {ran[name]}" for name in sorted(ran) if ran[name]]
        asked = sorted(matrix.scenario for matrix in view.matrices)
        yield f"Of the cases of {listed(asked)} these failed: {', '.join(told)}."


def _extents(view: View) -> list[str]:
    """Return between what the targets lie in the first time that was measured in several blocks."""
    return [
        _extent(table)
        for section in view.sections
        for table in section.tables
        if table.indicator.primary
        and table.indicator.unit == "s"
        and max(row.summary.count for row in table.rows) > 1
    ][:1]


def _extent(table: Table) -> str:
    rows = sorted((row for row in table.rows if row.role == "tool"), key=lambda row: row.summary.median)
    if not rows or rows[0].summary.median == rows[-1].summary.median:
        return ""
    first, last = rows[0], rows[-1]
    unit = table.indicator.unit
    text = (
        f"{table.indicator.title.capitalize()}, for {table.what}: from {number(first.summary.median, unit)} {unit} "
        f"({first.target}) to {number(last.summary.median, unit)} {unit} ({last.target})"
    )
    if table.void:
        return f"{text}; the order between is void, because {table.void}."
    if None in (first.place, last.place):
        few = min(first.summary.count, last.summary.count)
        return f"{text}; {few} sample{'' if few == 1 else 's'} of one are too few for an order."
    return f"{text}."
