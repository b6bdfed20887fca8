"""What a scorecard shows, as plain values: computed from records by pure functions, drawn elsewhere."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import msgspec

from bench.contract.published_figures import Figure
from bench.contract.records import Attempt, Check, ResultSet, Target
from bench.contract.scenario import Loaded, manifests
from bench.contract.scenario_manifest import Manifest
from bench.judging.blocks import judged, worst
from bench.judging.judge import Judge
from bench.judging.results import Results, read
from bench.judging.rules import rules_of
from bench.judging.verdicts import Verdict
from bench.report.claims_view import Claimed, claimed
from bench.report.matrices import Matrix, matrix_of
from bench.report.score_view import Scored, scored
from bench.report.tables import LISTED, Table, tables_of
from bench.report.warnings import Warned, warnings_of
from bench.scoring import checklist, criteria_files
from bench.scoring.claims import claims
from bench.scoring.criteria import Criteria, Criterion
from bench.scoring.readings import Readings
from bench.scoring.scaling_lines import Curve
from bench.store.record_reading import Stored, whole
from bench.store.result_set import Store

__all__ = ["Answer", "Section", "Shown", "View", "view_of", "viewed"]

NO_VERDICT = ("unsupported", "not attempted")
"""Outcomes, and words of a part, that judge nothing."""
BESIDE = "measured beside"
"""The heading of the numbers that no criterion of a set reads."""
ROOM = 1000
"""Trials that fit into a page of 3 MB; of a greater result set, fewer blocks are listed."""


class Answer(msgspec.Struct, frozen=True, gc=False):
    """What one trial showed, with all its attempts. ``kept``: these, perhaps still on disk."""

    verdict: Verdict
    kept: tuple[Attempt | Stored, ...]

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Return its attempts. Raises StoreError if one cannot be read."""
        return tuple(whole(attempt) for attempt in self.kept)

    @property
    def id(self) -> str:
        """Return the anchor of the trial."""
        return f"c-{self.verdict.trial.key}"


@dataclass(frozen=True)
class Shown:
    """All trials of one case: per target, one answer for each block.

    listed: those that a page lists: of the first blocks, and of the others the first with each word that was
    not said before. So every trial to which a table leads is among them.
    """

    scenario: str
    case: str
    what: str
    size: str
    answers: Mapping[str, tuple[Answer, ...]]
    listed: Mapping[str, tuple[Answer, ...]]

    def said(self, target: str) -> list[Answer]:
        """Return the answers of a target that say something of it; where none does, all."""
        keys = {verdict.trial.key for verdict in judged(one.verdict for one in self.answers[target])}
        return [one for one in self.answers[target] if one.verdict.trial.key in keys]

    def words(self, target: str) -> list[str]:
        """Return the words of these answers, each once."""
        return sorted({one.verdict.word for one in self.said(target)})

    def worst(self, target: str) -> Answer:
        """Return the one of these answers that is told: one that failed before one that was measured."""
        said = self.said(target)
        return next((one for one in said if one.verdict.outcome != "measured"), said[0])

    @property
    def unlisted(self) -> int:
        """Return how many answers a page does not list."""
        return sum(len(found) - len(self.listed[name]) for name, found in self.answers.items())


@dataclass(frozen=True)
class Section:
    """One criterion with the tables of numbers that belong to it. ``weight``: 0 for those of none."""

    criterion: Criterion
    weight: float
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Documents:
    """The checklist's questions, and by tool its documented answers."""

    questions: Mapping[str, checklist.Question]
    answers: Mapping[str, Mapping[str, checklist.Answer]]


@dataclass(frozen=True)
class View:
    """All that a scorecard shows."""

    manifest: ResultSet
    sections: tuple[Section, ...]
    cases: tuple[Shown, ...]
    listed: int
    """Blocks of a target and case that are listed one by one: :data:`LISTED`, or as many as there is room for."""
    matrices: tuple[Matrix, ...]
    curves: tuple[Curve, ...]
    void: Mapping[str, str]
    """Scenarios whose numbers may not be compared, because the A/A check differed from itself, each with the reason."""
    checks: tuple[Check, ...]
    warnings: tuple[Warned, ...]
    share_in_tools: float | None
    timed: int
    """Timed runs."""
    busy: tuple[float, ...]
    """Cores that others used on average, of the timed runs in which that was too much."""
    displays: Mapping[str, str]
    scored: Scored | None
    documents: Documents
    claims: tuple[Claimed, ...]
    worth: Mapping[str, Mapping[str, float]]
    """Per scenario, the value of each of its words, from 0 to 1."""
    published: Mapping[str, tuple[Figure, ...]]
    """Per scenario, the figures of others."""
    own: str = ""
    """A sentence about the user's own pipeline, if there is one."""

    def tone(self, answer: Answer) -> str:
        """Return how a word is to be shown: ``good``, ``partly``, ``bad`` or, of no verdict, ``none``."""
        if answer.verdict.outcome in NO_VERDICT:
            return "none"
        value = self.worth[answer.verdict.trial.scenario].get(answer.verdict.word, 0.0)
        return "good" if value == 1 else "partly" if value > 0 else "bad"

    @cached_property
    def plain_cases(self) -> list[Shown]:
        """Return the cases of scenarios that are not shown as a matrix."""
        matrices = {matrix.scenario for matrix in self.matrices}
        return [case for case in self.cases if case.scenario not in matrices]

    def tone_of(self, scenario: str, word: str) -> str:
        """Return how a word of a scenario is to be shown, as :meth:`tone` does."""
        value = None if word in NO_VERDICT else self.worth[scenario].get(word)
        return "none" if value is None else "good" if value == 1 else "partly" if value > 0 else "bad"

    @cached_property
    def answers(self) -> list[Answer]:
        """Return the answers of all trials."""
        return [answer for case in self.cases for answers in case.answers.values() for answer in answers]

    @cached_property
    def errors(self) -> list[Answer]:
        """Return the trials of which nothing is said, because bench itself failed."""
        return [answer for answer in self.answers if answer.verdict.outcome == "error"]

    @cached_property
    def failures(self) -> list[Answer]:
        """Return the trials in which a tool should have, and did not; those of a matrix stand there."""
        return [
            answer
            for case in self.plain_cases
            for answers in case.answers.values()
            for answer in answers
            if answer.verdict.outcome == "failed"
        ]

    @cached_property
    def tools(self) -> list[Target]:
        """Return the targets that are tools: neither the control nor the A/A check."""
        return [one for one in self.manifest.targets if one.role == "tool"]


def view_of(store: Store, criteria_set: str = "default") -> View:
    """Compute the view of a result set under a criteria set, by its name or file.

    Raises StoreError, ScenarioError or UsageError.
    """
    return viewed(read(store), criteria_set)


def viewed(results: Results, criteria_set: str = "default") -> View:
    """Compute the view of a result set that was read. Raises UsageError."""
    criteria = criteria_files.load(criteria_set)
    manifest, loaded, judge, ran = results.manifest, results.loaded, results.judge, results.ran
    names = results.roles
    documents = _documents(manifest)
    known = manifests()
    readings = Readings(manifest, loaded, judge)
    sections = tuple(_sections(criteria, loaded, judge, names))
    void = _void(sections)
    listed = _room(judge)
    return View(
        manifest=manifest,
        sections=sections,
        scored=scored(criteria, known, readings, _worth(documents), void),
        claims=_claimed(readings, known, documents, names),
        documents=documents,
        cases=tuple(_shown(judge, loaded, listed)),
        listed=listed,
        matrices=tuple(
            matrix_of(one, verdicts, manifest.adapters)
            for one in loaded.values()
            if one.manifest.families and (verdicts := _verdicts(judge, one))
        ),
        curves=readings.curves,
        void=void,
        checks=results.checks,
        warnings=tuple(warnings_of(judge, ran, loaded, manifest, results.checks, results.earlier)),
        share_in_tools=ran.share,
        timed=ran.timed,
        busy=ran.shares,
        worth={
            name: {word.name: word.value for word in rules_of(one.folder).words}
            for name, one in loaded.items()
        },
        published={name: one.published for name, one in loaded.items()},
        own=results.own,
        displays={tool: str(about.get("display", tool)) for tool, about in manifest.adapters.items()},
    )


def _room(judge: Judge) -> int:
    """Return how many blocks of each target and case can be listed."""
    blocks = Counter((trial.scenario, trial.case, trial.target.name) for trial in judge.trials())
    fits = (count for count in range(LISTED, 1, -1) if sum(min(count, n) for n in blocks.values()) <= ROOM)
    return next(fits, 1)


def _shown(judge: Judge, loaded: Mapping[str, Loaded], room: int) -> Iterable[Shown]:
    cases: dict[tuple[str, str], dict[str, list[Answer]]] = defaultdict(lambda: defaultdict(list))
    sizes: dict[tuple[str, str], str] = {}
    for trial in judge.trials():
        place = (trial.scenario, trial.case)
        cases[place][trial.target.name].append(Answer(judge.verdict(trial), judge.kept(trial)))
        sizes[place] = trial.size
    for (scenario, case), answers in cases.items():
        what = loaded[scenario].manifest.cases[case].what
        ordered = {name: tuple(answers[name]) for name in sorted(answers)}
        listed = {name: _listed(found, room) for name, found in ordered.items()}
        yield Shown(scenario, case, what, sizes[scenario, case], ordered, listed)


def _listed(answers: Sequence[Answer], room: int) -> tuple[Answer, ...]:
    said = {(one.verdict.outcome, one.verdict.word) for one in answers[:room]}
    late = []
    for one in answers[room:]:
        word = (one.verdict.outcome, one.verdict.word)
        if word not in said:
            said.add(word)
            late.append(one)
    return (*answers[:room], *late)


def _verdicts(judge: Judge, loaded: Loaded) -> dict[str, dict[str, Verdict]]:
    """Return the worst verdict of all blocks by case and target."""
    place = rules_of(loaded.folder).place
    found: dict[str, dict[str, list[Verdict]]] = {}
    for trial in judge.trials(loaded.manifest.name):
        found.setdefault(trial.case, {}).setdefault(trial.target.name, []).append(judge.verdict(trial))
    return {
        case: {name: worst(verdicts, place) for name, verdicts in row.items()}
        for case, row in found.items()
    }


def _sections(
    criteria: Criteria, loaded: Mapping[str, Loaded], judge: Judge, roles: Mapping[str, str]
) -> Iterable[Section]:
    """Yield each criterion with the tables of its scenarios, and last those of scenarios that none has."""
    tables = {name: tables_of(one, judge, roles) for name, one in loaded.items()}
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


def _documents(manifest: ResultSet) -> Documents:
    """Return the answers of the tools of a result set, and the questions.

    A set that was made before there was a checklist gets the answers of the adapters at hand: they are no
    measurements, and hold as well for it.
    """
    asked, told = checklist.recorded(manifest)
    if asked:
        return Documents(asked, told)
    from bench.contract.adapter_loading import discover

    folders = discover()
    tools = {target.tool for target in manifest.targets} & folders.keys()
    return Documents(checklist.questions(), {tool: checklist.answers(folders[tool]) for tool in tools})


def _worth(documents: Documents) -> dict[str, dict[str, float | None]]:
    return {
        tool: {name: answer.score(documents.questions[name]) for name, answer in answers.items()}
        for tool, answers in documents.answers.items()
    }


def _claimed(
    readings: Readings, known: Mapping[str, Manifest], documents: Documents, roles: Mapping[str, str]
) -> tuple[Claimed, ...]:
    """Return the published claims beside what was found of the tools; none where there are no tools."""
    targets = [one for one in readings.manifest.targets if roles[one.name] == "tool"]
    if not targets:
        return ()
    found = claims(known)
    return claimed(found, readings, known, targets, documents.questions, documents.answers)


def _owned(loaded: Loaded, criteria: Criteria) -> bool:
    return loaded.manifest.criterion in {one.name for one in criteria.criteria}


def _void(sections: Iterable[Section]) -> dict[str, str]:
    """Return the scenarios whose orders are void, because an A/A check differed, each with the reason."""
    return {table.scenario: table.void for one in sections for table in one.tables if table.void}
