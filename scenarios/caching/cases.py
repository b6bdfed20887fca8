"""The cases of the caching matrix: what is changed between two runs, as data.

What each must lead to is not said here: the control is run before and after the same change, and what
it delivers is the truth. ``forces`` only says of which cases nothing would be learned if the control
delivered the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bench.contract.scenario_manifest import Turns
from bench.pipeline import Value
from bench.scenarios import SourceEdit

__all__ = ["CASES", "OWN", "Case", "Situation"]


@dataclass(frozen=True)
class Situation:
    """What a run finds. data: name of an input file to what is replaced in it, at equal size and time."""

    parameters: Mapping[str, Value] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    edits: tuple[SourceEdit, ...] = ()
    data: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)
    library: str | None = None


@dataclass(frozen=True)
class Case:
    """One case: the situations of its runs, one after the other; the last is judged.

    forces: whether the last must differ from the first, so that something has to run again. acceptable:
    stages that may run again without need, as a careful tool does; ``*`` for all. judged: the stages that
    the case is about, where others have a case of their own. edited: the first stage that an edit of code
    touches, by the name it has afterwards, which whoever made the edit knows; None where no stage was
    edited, or what has changed is not code. kind: how it is driven, where that is not run after run.
    """

    situations: tuple[Situation, ...]
    forces: bool = False
    acceptable: tuple[str, ...] = ()
    judged: tuple[str, ...] = ()
    edited: str | None = None
    kind: str = "runs"


START = Situation()


def code(old: str, new: str, file: str = "stages.py", *more: SourceEdit) -> Situation:
    """Return the situation after an edit of the source."""
    return Situation(edits=(SourceEdit(file, old, new), *more))


def changed(after: Situation, edited: str | None = None) -> Case:
    """Return a case whose last run has to differ."""
    return Case((START, after), forces=True, edited=edited)


def unchanged(after: Situation, acceptable: tuple[str, ...] = (), edited: str | None = None) -> Case:
    """Return a case whose change changes no result."""
    return Case((START, after), acceptable=acceptable, edited=edited)


def made(old: str, new: str) -> Case:
    """Return a case in which the maker of the table returns another one."""
    return Case((START, code(old, new)), forces=True, judged=("describe",), edited="make_table")


TABLE = 'gap=[1.0, float("nan"), 3.0])'
DOCUMENT = '{"first": 1.0, "second": label}'
SCALED = "    return numbers.assign(number=larger * FACTOR + offset)"
ADDED_STAGE = """def sharpen(numbers: pd.DataFrame) -> pd.DataFrame:
    return numbers.assign(number=numbers["number"] + 0.5)


def scale("""
SWAPPED = (
    '    numbers = flow.stage(stages.read_numbers, Settings(output="numbers", cached=True), items=items)\n',
    '    title = flow.stage(stages.entitle, Settings(output="title", cached=True), label=label)\n',
)
SHARPENED = """    sharp = flow.stage(stages.sharpen, Settings(output="sharp", cached=True), numbers=numbers)
    scaled = flow.stage(
        stages.scale, Settings(output="scaled", cached=True), numbers=sharp, amount=amount
    )
"""
SCALE_CALL = """    scaled = flow.stage(
        stages.scale, Settings(output="scaled", cached=True), numbers=numbers, amount=amount
    )
"""

CODE: dict[str, Case] = {
    "body": changed(code(SCALED, SCALED.replace("+ offset", "- offset")), "scale"),
    "helper-same-module": changed(code("values * 2.0", "values * 3.0"), "scale"),
    "helper-other-module": changed(
        code("round(value, 1)", "round(value + 1.0, 1)", "helpers.py"), "summarise"
    ),
    "constant": changed(code("FACTOR = 2.0", "FACTOR = 5.0"), "scale"),
    "default-argument": changed(code("offset: float = 1.0", "offset: float = 7.0"), "scale"),
    "comment": unchanged(
        code("# The sum, and how many there are.", "# How much, how many?"), ("summarise",), "summarise"
    ),
    "formatting": unchanged(
        code(SCALED, SCALED.replace("assign(number", "assign(\n        number")),
        ("scale", "summarise"),
        "scale",
    ),
    "stage-renamed": unchanged(
        code(
            "def scale(",
            "def rescale(",
            "stages.py",
            SourceEdit("reuse.py", "stages.scale,", "stages.rescale,"),
        ),
        ("rescale", "summarise"),
        "rescale",
    ),
    "stage-added": changed(
        code("def scale(", ADDED_STAGE, "stages.py", SourceEdit("reuse.py", SCALE_CALL, SHARPENED)),
        "sharpen",
    ),
    "order": unchanged(
        code(SWAPPED[0] + SWAPPED[1], SWAPPED[1] + SWAPPED[0], "reuse.py"),
    ),
}
VALUES: dict[str, Case] = {
    "unchanged": unchanged(START),
    "parameter": changed(Situation(parameters={"amount": 4})),
    "parameter-back": Case((START, Situation(parameters={"amount": 4}), START)),
    "frame-anew": Case((START, START), judged=("describe",)),
    "document-anew": Case((START, START), judged=("spell",)),
    "dtype": made(TABLE, 'gap=[1.0, float("nan"), 3.0], number=table["number"].astype("float64"))'),
    "row-order": made(TABLE, TABLE + ".iloc[::-1].reset_index(drop=True)"),
    "index": made(TABLE, TABLE + '.set_axis([7, 8, 9], axis="index")'),
    "negative-zero": made("share=[0.0,", "share=[-0.0,"),
    "key-order": Case(
        (START, code(DOCUMENT, '{"second": label, "first": 1.0}')),
        acceptable=("spell",),
        judged=("spell",),
        edited="make_document",
    ),
    "int-float": Case(
        (code(DOCUMENT, '{"first": 1, "second": label}'), START),
        forces=True,
        judged=("spell",),
        edited="make_document",
    ),
    "same-arguments": Case((START,)),
    "large": unchanged(START),
    "function": unchanged(START),
    "expired": Case((START, START), kind="expired"),
    "raised": Case((Situation(environment={"ENTITLE": "fails"}), START), kind="raised"),
}
FILES: dict[str, Case] = {
    "file-content": changed(Situation(data={"items.csv": ("ash,4", "ash,9")})),
    "file-moved": unchanged(
        Situation(parameters={"items": "other/items.csv"}, copies={"items.csv": "other/items.csv"}),
        ("*",),
    ),
}
ENVIRONMENT: dict[str, Case] = {
    "variable": changed(Situation(environment={"SEASON": "autumn"})),
    "python": Case((START, START), acceptable=("*",), kind="python"),
    "library": Case((Situation(library="1.0"), Situation(library="2.0")), forces=True),
}
STORAGE: dict[str, Case] = {
    "deleted": Case((START, START), kind="deleted"),
    "truncated": Case((START, START), kind="truncated"),
    "replaced": Case((START, START), kind="replaced"),
    "moved": Case((START, START), kind="moved"),
    "shared": Case(
        (START, code(SCALED, SCALED.replace("+ offset", "- offset"))),
        forces=True,
        acceptable=("*",),
        edited="scale",
        kind="shared",
    ),
}
CONCURRENCY: dict[str, Case] = {
    "two-at-once": Case((START,), kind="together"),
    "killed-in-body": Case((START, START), acceptable=("*",), kind="killed at start"),
    "killed-before-entry": Case((START, START), acceptable=("*",), kind="killed at end"),
    "killed-in-entry": Case((START, START), acceptable=("*",), kind="killed in entry"),
}
VISIBILITY: dict[str, Case] = {"visible": Case((START, START), kind="visible")}

OWN: Mapping[str, Turns | None] = {
    "own-unchanged": None,
    "own-stage": "stages",
    "own-helper": "helpers",
    "own-parameter": "parameters",
    "own-file": "files",
}
"""The cases of a user's own pipeline, and the kind of the parts that each takes in turn; None: nothing is changed."""

CASES: Mapping[str, Case] = {
    **CODE,
    **VALUES,
    **FILES,
    **ENVIRONMENT,
    **STORAGE,
    **CONCURRENCY,
    **VISIBILITY,
}
