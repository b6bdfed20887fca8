"""What a scorecard shows, as plain values: computed from records by pure functions, drawn elsewhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench import criteria as criteria_sets
from bench import scenarios
from bench.criteria import Criteria, Criterion
from bench.judging import Judge
from bench.pipeline import Pipeline
from bench.records import Attempt, Check, ResultSet, Run, Store, Target
from bench.report.matrices import Matrix, matrix_of
from bench.report.scored import Scored, scored
from bench.report.warnings import Warned, warnings_of
from bench.scenarios import Indicator, Loaded
from bench.statistics import MIN_SAMPLES, Summary, compared, paired_ratio, summarise
from bench.verdicts import Sample, Verdict

BESIDE = "measured beside"
"""The heading of the numbers that no criterion of a set reads."""

__all__ = ["Answer", "Row", "Section", "Shown", "Table", "View", "slug", "view_of"]


@dataclass(frozen=True)
class Row:
    """One target in one table.

    place: its best and worst possible place, equal where it is sure; None where there are too few samples
    or it is not ranked. ranked: not in what is attribution, and never the twin. ratio: to the control,
    paired within blocks.
    """

    target: str
    role: str
    summary: Summary
    samples: tuple[Sample, ...]
    place: tuple[int, int] | None
    ranked: bool
    ratio: Summary | None


@dataclass(frozen=True)
class Table:
    """One indicator of one case, best target first. ``void``: why its order may not be believed."""

    id: str
    scenario: str
    case: str
    what: str
    indicator: Indicator
    rows: tuple[Row, ...]
    void: str | None


@dataclass(frozen=True)
class Answer:
    """What one cell showed, with all its attempts."""

    verdict: Verdict
    attempts: tuple[Attempt, ...]

    @property
    def id(self) -> str:
        """Return the anchor of the cell."""
        return f"c-{self.verdict.cell.key}"


@dataclass(frozen=True)
class Shown:
    """All cells of one case: per target, one answer for each block."""

    scenario: str
    case: str
    what: str
    size: str
    answers: Mapping[str, tuple[Answer, ...]]


@dataclass(frozen=True)
class Section:
    """One criterion with the tables of numbers that belong to it. ``weight``: 0 for those of none."""

    criterion: Criterion
    weight: float
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class View:
    """All that a scorecard shows."""

    manifest: ResultSet
    sections: tuple[Section, ...]
    cases: tuple[Shown, ...]
    matrices: tuple[Matrix, ...]
    checks: tuple[Check, ...]
    warnings: tuple[Warned, ...]
    share_in_tools: float | None
    displays: Mapping[str, str]
    scored: Scored | None
    worth: Mapping[str, Mapping[str, float]]
    """Per scenario, the value of each of its words, from 0 to 1."""

    def tone(self, answer: Answer) -> str:
        """Return how a word is to be shown: ``good``, ``partly``, ``bad`` or, of no verdict, ``none``."""
        if answer.verdict.outcome in ("unsupported", "not attempted"):
            return "none"
        value = self.worth[answer.verdict.cell.scenario].get(answer.verdict.word, 0.0)
        return "good" if value == 1 else "partly" if value > 0 else "bad"

    @property
    def plain_cases(self) -> list[Shown]:
        """Return the cases of scenarios that are not shown as a matrix."""
        matrices = {matrix.scenario for matrix in self.matrices}
        return [case for case in self.cases if case.scenario not in matrices]

    def tone_of(self, scenario: str, word: str) -> str:
        """Return how a word of a scenario is to be shown, as :meth:`tone` does."""
        value = self.worth[scenario].get(word)
        return "none" if value is None else "good" if value == 1 else "partly" if value > 0 else "bad"

    @property
    def answers(self) -> list[Answer]:
        """Return the answers of all cells."""
        return [answer for case in self.cases for answers in case.answers.values() for answer in answers]

    @property
    def errors(self) -> list[Answer]:
        """Return the cells of which nothing is said, because bench itself failed."""
        return [answer for answer in self.answers if answer.verdict.outcome == "error"]

    @property
    def failures(self) -> list[Answer]:
        """Return the cells in which a tool should have, and did not; those of a matrix stand there."""
        return [
            answer
            for case in self.plain_cases
            for answers in case.answers.values()
            for answer in answers
            if answer.verdict.outcome == "failed"
        ]

    @property
    def tools(self) -> list[Target]:
        """Return the targets that are tools: neither the control nor the twin."""
        return [one for one in self.manifest.targets if self.role(one.tool) == "tool"]

    def role(self, tool: str) -> str:
        """Return ``tool``, ``control`` or ``twin``."""
        return str(self.manifest.adapters.get(tool, {}).get("role", "tool"))


def view_of(store: Store, criteria_set: str = "default") -> View:
    """Compute the view of a result set under a criteria set, by its name or file.

    Raises StoreError, ScenarioError or UsageError.
    """
    criteria = criteria_sets.load(criteria_set)
    manifest = store.read_manifest()
    attempts: list[Attempt] = []
    checks: list[Check] = []
    for record in store.read():
        if isinstance(record, Attempt):
            attempts.append(record)
        else:
            checks.append(record)
    planned = set(manifest.cells)
    earlier = [attempt for attempt in attempts if attempt.cell.key not in planned]
    attempts = [attempt for attempt in attempts if attempt.cell.key in planned]
    loaded = {name: scenarios.load(scenarios.find(name)) for name in manifest.scenarios}
    pipelines = {name: Pipeline.from_json(data) for name, data in manifest.pipelines.items()}
    judge = Judge(_latest(attempts), {name: one.judging for name, one in loaded.items()}, pipelines)
    roles = {tool: str(about.get("role", "tool")) for tool, about in manifest.adapters.items()}
    names = {one.name: roles.get(one.tool, "tool") for one in manifest.targets}
    sections = tuple(_sections(criteria, loaded, judge, names))
    return View(
        manifest=manifest,
        sections=sections,
        scored=scored(criteria, scenarios.manifests(), judge, loaded, manifest, {}, _void(sections)),
        cases=tuple(_shown(judge, loaded)),
        matrices=tuple(
            matrix_of(one, _verdicts(judge, one), manifest.adapters)
            for name, one in loaded.items()
            if one.manifest.families
        ),
        checks=tuple(checks),
        warnings=tuple(warnings_of(judge, loaded, manifest, len(earlier))),
        share_in_tools=share_in_tools(attempts),
        worth={name: {word.name: word.value for word in one.judging.words} for name, one in loaded.items()},
        displays={tool: str(about.get("display", tool)) for tool, about in manifest.adapters.items()},
    )


def slug(*parts: str) -> str:
    """Return an anchor made of the parts."""
    return "-".join("".join(c if c.isalnum() else "-" for c in part).strip("-") for part in parts)


def share_in_tools(attempts: Iterable[Attempt]) -> float | None:
    """Return in which part of the time from the first run's start to the last one's end a run went on.

    Runs side by side count once.
    """
    spans = sorted(
        (run.started, run.started + _length(run)) for attempt in attempts for run in attempt.runs
    )
    if not spans:
        return None
    begin = until = spans[0][0]
    inside = 0.0
    for start, end in spans:
        inside += max(0.0, end - max(start, until))
        until = max(until, end)
    return inside / (until - begin) if until > begin else None


def _length(run: Run) -> float:
    return run.seconds("empty") or run.seconds("exit") or 0.0


def _latest(attempts: list[Attempt]) -> list[Attempt]:
    """Leave out attempts that were void by a fault and measured again by a resumed run."""
    whole = {attempt.cell.key for attempt in attempts if attempt.fault is None}
    return [attempt for attempt in attempts if attempt.fault is None or attempt.cell.key not in whole]


def _shown(judge: Judge, loaded: Mapping[str, Loaded]) -> Iterable[Shown]:
    cases: dict[tuple[str, str], dict[str, list[Answer]]] = {}
    sizes: dict[tuple[str, str], str] = {}
    for cell in judge.cells():
        answer = Answer(judge.verdict(cell), tuple(judge.by_cell[cell.key]))
        cases.setdefault((cell.scenario, cell.case), {}).setdefault(cell.target.name, []).append(answer)
        sizes[cell.scenario, cell.case] = cell.size
    for (scenario, case), answers in cases.items():
        what = loaded[scenario].manifest.cases[case].what
        ordered = {name: tuple(answers[name]) for name in sorted(answers)}
        yield Shown(scenario, case, what, sizes[scenario, case], ordered)


def _verdicts(judge: Judge, loaded: Loaded) -> dict[str, dict[str, Verdict]]:
    """Return the worst verdict of all blocks by case and target."""
    values = {word.name: word.value for word in loaded.judging.words}
    found: dict[str, dict[str, Verdict]] = {}
    for cell in judge.cells():
        if cell.scenario != loaded.manifest.name:
            continue
        row, verdict = found.setdefault(cell.case, {}), judge.verdict(cell)
        known = row.get(cell.target.name)
        if known is None or values.get(verdict.word, -1.0) < values.get(known.word, -1.0):
            row[cell.target.name] = verdict
    return found


def _sections(
    criteria: Criteria, loaded: Mapping[str, Loaded], judge: Judge, roles: Mapping[str, str]
) -> Iterable[Section]:
    """Yield each criterion with the tables of its scenarios, and last those of scenarios that none has."""
    tables = {name: _tables(one, judge, roles) for name, one in loaded.items()}
    taken: set[str] = set()
    for criterion in criteria.criteria:
        named = {metric.partition("/")[0] for one in criterion.indicators for metric in one.metrics}
        own = {
            name for name in named if name in loaded and loaded[name].manifest.criterion == criterion.name
        }
        # A scenario that is some other criterion's own is shown there, though this one reads from it too.
        adopted = {name for name in named & tables.keys() if not _owned(loaded[name], criteria)}
        shown = sorted((own | adopted) - taken)
        taken |= set(shown)
        found = tuple(table for name in shown for table in tables[name])
        yield Section(criterion, criteria.weight(criterion), found)
    left = tuple(table for name in sorted(tables.keys() - taken) for table in tables[name])
    if left:
        yield Section(
            Criterion(name=BESIDE, asks="Numbers that no criterion of this set reads."), 0.0, left
        )


def _owned(loaded: Loaded, criteria: Criteria) -> bool:
    return loaded.manifest.criterion in {one.name for one in criteria.criteria}


def _void(sections: Iterable[Section]) -> str | None:
    """Return why orders by time are void, where a twin differed."""
    return next((table.void for one in sections for table in one.tables if table.void), None)


def _tables(loaded: Loaded, judge: Judge, roles: Mapping[str, str]) -> tuple[Table, ...]:
    """Return a table for each number and case of a scenario."""
    tables = []
    manifest = loaded.manifest
    void = _twin_differs(judge, loaded, roles)
    for indicator in manifest.indicators:
        for case, about in manifest.cases.items():
            samples = judge.samples(manifest.name, case, indicator.id)
            if samples:
                rows = _rows(indicator, samples, roles, timed=manifest.timed)
                anchor = slug("t", manifest.name, case, indicator.id)
                tables.append(Table(anchor, manifest.name, case, about.what, indicator, rows, void))
    return tuple(tables)


def _rows(
    indicator: Indicator,
    samples: Mapping[str, list[Sample]],
    roles: Mapping[str, str],
    *,
    timed: bool,
) -> tuple[Row, ...]:
    """Order the targets, and say how sure that is."""
    # The twin is no candidate, and takes no place from one.
    candidates = {name: found for name, found in samples.items() if roles.get(name) != "twin"}
    places = _places(indicator, candidates, timed=timed) if indicator.ranked else {}
    last = (len(samples) + 1, len(samples) + 1)
    sign = 1 if indicator.direction == "lower" else -1
    summaries = {name: summarise([sample.value for sample in found]) for name, found in samples.items()}
    control = next((name for name in samples if roles.get(name) == "control"), None)
    ordered = sorted(
        samples, key=lambda name: (places.get(name, last), sign * summaries[name].median, name)
    )
    return tuple(
        Row(
            target=name,
            role=roles.get(name, "tool"),
            summary=summaries[name],
            samples=tuple(samples[name]),
            place=places.get(name),
            ranked=indicator.ranked and name in candidates,
            ratio=_ratio(samples[name], samples[control]) if control and name != control else None,
        )
        for name in ordered
    )


def _places(
    indicator: Indicator, samples: Mapping[str, list[Sample]], *, timed: bool
) -> dict[str, tuple[int, int]]:
    """Return for each target its best and worst possible place.

    The best is one more than the targets that are surely better, the worst leaves only those behind
    that are surely worse. What is not timed does not vary, so one sample of it is enough; of what is, a
    target with too few has no place and takes none from another.
    """
    sign = 1 if indicator.direction == "lower" else -1
    known = [name for name, found in samples.items() if not timed or len(found) >= MIN_SAMPLES]
    places = {}
    for name in known:
        others = [_order(samples[name], samples[other], timed=timed) for other in known if other != name]
        better, worse = others.count(sign), others.count(-sign)
        places[name] = (1 + better, len(known) - worse)
    return places


def _order(one: list[Sample], other: list[Sample], *, timed: bool) -> int:
    """Return 1 where ``one`` is surely greater than ``other``, -1 where surely less, else 0."""
    first, second = _paired(one, other)
    if not timed:
        values = [sample.value for sample in one], [sample.value for sample in other]
        return (values[0] > values[1]) - (values[0] < values[1])
    return (compared(first, second) or 0) if first else 0


def _paired(one: list[Sample], other: list[Sample]) -> tuple[list[float], list[float]]:
    """Return the values of the blocks that both have."""
    first = {sample.cell.block: sample.value for sample in one}
    second = {sample.cell.block: sample.value for sample in other}
    blocks = sorted(first.keys() & second.keys())
    return [first[block] for block in blocks], [second[block] for block in blocks]


def _ratio(samples: list[Sample], control: list[Sample]) -> Summary | None:
    first, second = _paired(samples, control)
    if not first or min(*first, *second) <= 0:
        return None
    return paired_ratio(first, second)


def _twin_differs(judge: Judge, loaded: Loaded, roles: Mapping[str, Any]) -> str | None:
    """Return why the scenario's orders are void: one tool under two names did not read the same."""
    primary = next((one.id for one in loaded.manifest.indicators if one.primary), None)
    if primary is None:
        return None
    for case in loaded.manifest.cases:
        samples = judge.samples(loaded.manifest.name, case, primary)
        twins = [found for name, found in samples.items() if roles.get(name) == "twin"]
        if len(twins) == 2:
            first, second = _paired(*twins)
            if first and compared(first, second):
                change = abs(median(first) / median(second) - 1)
                return f"the twin differs from itself by {change:.0%} on {primary} of {case}"
    return None
