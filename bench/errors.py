"""The one tree of errors.

::

    BenchError                   a person can act on it: shown as one line, with no traceback
    ├── UsageError               the command line asked for something that does not exist
    ├── PipelineError            a pipeline file or a stage is not of the supported form
    │   ├── PipelineFails        the user's code does not work in plain Python; its frames are shown below the line
    │   └── UnsupportedError     one tool cannot take a pipeline; the others can
    ├── AdapterError             an adapter folder does not keep the contract
    ├── ScenarioError            a scenario folder does not keep the contract
    ├── EnvironmentFault         a tool's environment could not be made
    ├── SandboxError             a sandbox could not be made (disk full, no permission)
    ├── TraceError               a trace cannot be made or read, or is not complete
    └── StoreError               a result set cannot be read or written

A fault inside one trial is none of these: it is stored with the attempt and makes the trial an *error*.
"""

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

__all__ = [
    "AdapterError",
    "BenchError",
    "EnvironmentFault",
    "PipelineError",
    "PipelineFails",
    "SandboxError",
    "ScenarioError",
    "StoreError",
    "TraceError",
    "UnsupportedError",
    "UsageError",
    "nearest",
]


LIKE, MUCH_LIKE = 0.6, 0.75
"""Share of letters that a name has in common with a wrong one, to be its nearest; and if it begins otherwise."""
NAMED = 40
"""Names that are listed before it is said how many more there are."""


class BenchError(Exception):
    """What happened, where, and what to do next, in one line.

    details: lines that are shown below it.
    """

    details: tuple[str, ...] = ()


class UsageError(BenchError):
    """The command line asked for something that does not exist."""


class PipelineError(BenchError):
    """A pipeline file or one of its stages is not of the supported form."""


class PipelineFails(PipelineError):
    """A user's pipeline does not work in plain Python. ``details``: the frames of the user's code, outermost first."""

    def __init__(self, message: str, details: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.details = details


class UnsupportedError(PipelineError):
    """The tool of an adapter cannot take this pipeline, so that its trials are *unsupported*.

    source: where the tool's limit is documented, or the version with which it was observed.
    """

    def __init__(self, said: str, source: str) -> None:
        super().__init__(said)
        self.source = source


class AdapterError(BenchError):
    """An adapter folder does not keep the contract."""


class ScenarioError(BenchError):
    """A scenario folder does not keep the contract."""


class EnvironmentFault(BenchError):
    """A tool's environment could not be made."""


class SandboxError(BenchError):
    """A sandbox could not be made."""


class TraceError(BenchError):
    """A trace cannot be made or read, or is not complete."""


class StoreError(BenchError):
    """A result set cannot be read or written."""


def nearest(wrong: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the nearest known name, else a list of known names."""
    names = sorted(known)
    close = get_close_matches(wrong, names, n=1, cutoff=LIKE)
    # A word that begins otherwise is more often another word (airflow, metaflow) than a slip of the pen.
    if close and (close[0][:1] == wrong[:1] or SequenceMatcher(None, wrong, close[0]).ratio() >= MUCH_LIKE):
        return f"; did you mean '{close[0]}'?"
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"; known: {', '.join(names[:NAMED])}{more}"
