r"""A native edit of a rendered project, as one file: ``adapters/<tool>/changes/<name>.toml``.

It says what a user of the tool does for a named requirement, according to the tool's documentation: texts to replace,
files to add, words to add to the command. Other folders of named edits (``mistakes/``) have the same form.
A file that only says why there is no such edit has one table, ``[unsupported]``::

    source = "https://docs.example.org/retries"    # the page that tells a user to do it so
    note = "why this way, if there are others"
    arguments = ["--max-workers", "2"]             # added to the end of the run's command
    before = "src/workflows.py"                    # or in front of this word of it
    command = ["{bin}/tool", "run", "{results}"]   # or the whole command, in place of the run's own
    answer = "y\n"                                 # what is typed where the run asks a person
    approve = ["{python}", "approve.py"]           # or the command by which a person agrees, while it waits
    told = "has no effect locally"                 # pattern of the tool's own words that it will not do it

    [environment]                                  # variables of the run
    TOOL_MODE = "prod"

    [[edits]]                                      # ``old`` stands there exactly once
    file = "src/workflows.py"
    old = "..."
    new = "..."

    [[files]]
    path = "conf/prod/parameters.yml"
    text = "..."

    [[stages]]                                     # functions that are traced besides, or instead
    stage = "extra"
    file = "src/tasks/stages.py"
    function = "extra"

Everything is checked against the rendered project before anything runs or is written.
"""

import hashlib
import re
from collections.abc import Collection
from pathlib import Path, PurePosixPath
from typing import Literal

from msgspec.structs import replace

from bench.contract.adapter import Sandbox
from bench.contract.records import Command, Declared
from bench.contract.toml import Table, read_toml
from bench.errors import AdapterError, nearest

__all__ = ["CHANGES", "Change", "check", "digest", "given", "load", "names"]

CHANGES = "changes"
"""The folder of the edits for requirements."""
PLACES = ("home", "tmp", "state", "project", "results", "data", "python")


class Edit(Table, frozen=True, kw_only=True):
    """An edit of a file of the project: ``old`` becomes ``new``."""

    file: str
    old: str
    new: str


class NewFile(Table, frozen=True, kw_only=True):
    """A file that the rendered project does not have."""

    path: str
    text: str


class Traced(Table, frozen=True, kw_only=True):
    """A function whose whole body is traced as a stage. If it has the name of a known stage, it replaces that stage."""

    stage: str
    file: str
    function: str


class Unsupported(Table, frozen=True, kw_only=True):
    """Why there is no such edit: ``tool``, in no set-up; ``mode``, not in these set-ups (an empty list means all).

    outcome: ``not attempted`` if the edit needs something that this machine lacks, such as the network.
    """

    scope: Literal["tool", "mode"]
    reason: str
    source: str
    setups: tuple[str, ...] = ()
    outcome: Literal["unsupported", "not attempted"] = "unsupported"


class Change(Table, frozen=True, kw_only=True):
    """One file of a folder of edits; the module's docstring explains its keys."""

    source: str = ""
    note: str = ""
    arguments: tuple[str, ...] = ()
    before: str | None = None
    command: tuple[str, ...] = ()
    answer: str | None = None
    approve: tuple[str, ...] = ()
    told: str | None = None
    environment: dict[str, str] = {}
    edits: tuple[Edit, ...] = ()
    files: tuple[NewFile, ...] = ()
    stages: tuple[Traced, ...] = ()
    unsupported: Unsupported | None = None

    def declared(self, setup: str) -> Declared | None:
        """Return why the edit cannot be made in a set-up; None if it can."""
        why = self.unsupported
        if why is None or (why.setups and setup not in why.setups):
            return None
        return Declared(outcome=why.outcome, scope=why.scope, reason=why.reason, source=why.source)

    def typed(self, command: Command, sandbox: Sandbox) -> Command:
        """Return the run's command with what a user types for this change.

        Raises AdapterError if ``before`` is not a word of the command.
        """
        argv = [*command.argv]
        if self.command:
            argv = [self.placed(word, sandbox) for word in self.command]
        elif self.before is None:
            argv += self.arguments
        elif argv.count(self.before) != 1:
            raise AdapterError(
                f"before = '{self.before}' stands {argv.count(self.before)} times in the command {' '.join(argv)}"
            )
        else:
            place = argv.index(self.before)
            argv[place:place] = self.arguments
        environment = {name: self.placed(value, sandbox) for name, value in self.environment.items()}
        return replace(
            command,
            argv=tuple(argv),
            env={**command.env, **environment},
            stdin=command.stdin if self.answer is None else self.answer,
        )

    @staticmethod
    def placed(word: str, sandbox: Sandbox) -> str:
        """Return a word with the folders of the sandbox, and ``{bin}`` of the tool, filled in."""
        places = {name: str(getattr(sandbox, name)) for name in PLACES} | {
            "bin": str(sandbox.python.parent)
        }
        for name, place in places.items():
            word = word.replace(f"{{{name}}}", place)
        return word


def names(adapter: Path, folder: str = CHANGES) -> list[str]:
    """Return the names of an adapter's edits of one kind."""
    return sorted(path.stem for path in (adapter / folder).glob("*.toml"))


def check(adapter: Path, known: Collection[str], folder: str = CHANGES) -> None:
    """Check that a folder of edits has exactly one file for each known name. Raises AdapterError."""
    found = names(adapter, folder)
    for name in found:
        if name not in known:
            raise AdapterError(
                f"adapter '{adapter.name}': {folder}/{name}.toml is of no known name{nearest(name, known)}"
            )
    for name in sorted(known):
        if name not in found:
            raise AdapterError(f"adapter '{adapter.name}': no file {folder}/{name}.toml")
    for name in found:
        load(adapter, name, folder)


def load(adapter: Path, name: str, folder: str = CHANGES) -> Change:
    """Read one edit of an adapter. Raises AdapterError naming the file and the key."""
    path = adapter / folder / f"{name}.toml"
    where = f"adapter '{adapter.name}': {folder}/{name}.toml"
    change = read_toml(path, Change, AdapterError, f"adapter '{adapter.name}': ")
    wrong = _wrong(change)
    if wrong is not None:
        raise AdapterError(f"{where}: {wrong}")
    return change


def digest(adapter: Path, name: str, folder: str = CHANGES) -> str:
    """Return a hash of one edit's file, or the hash of nothing if there is no file."""
    path = adapter / folder / f"{name}.toml"
    return hashlib.sha256(path.read_bytes() if path.is_file() else b"").hexdigest()


def given(adapter: Path, name: str, folder: str = CHANGES) -> bool:
    """Whether an adapter has a file for an edit of that name, even if the file only says that there is none."""
    return (adapter / folder / f"{name}.toml").is_file()


def _wrong(change: Change) -> str | None:
    """Return what is wrong with the keys of a change."""
    does = bool(change.edits or change.files or change.arguments or change.command or change.environment)
    everywhere = change.unsupported is not None and not change.unsupported.setups
    rules = {
        "says [unsupported] without setups, and also how it is done; keep one of them": everywhere and does,
        "changes nothing; add [[edits]], [[files]], arguments, or [unsupported]": not everywhere
        and not does,
        "names no source; give the page that tells a user to do it so": does and not change.source,
        "has a command and arguments; a command is the whole of it": change.command and change.arguments,
        "says before, but has no arguments to put there": change.before is not None
        and not change.arguments,
    }
    for rule, broken in rules.items():
        if broken:
            return rule
    for place in (*(edit.file for edit in change.edits), *(file.path for file in change.files)):
        if PurePosixPath(place).is_absolute() or ".." in PurePosixPath(place).parts:
            return f"names {place}, which is not inside the project"
    for edit in change.edits:
        if edit.old == edit.new or not edit.old:
            return f"has an edit of {edit.file} that changes nothing, or has no old"
    try:
        re.compile(change.told or "")
    except re.error as error:
        return f"told is no pattern: {error}"
    return None
