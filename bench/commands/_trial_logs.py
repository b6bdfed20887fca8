"""``bench logs``: print what a trial's commands wrote."""

import sys
from collections.abc import Iterator
from pathlib import PurePosixPath

from bench.commands._named_trial import named_trials
from bench.contract.records import Attempt
from bench.contract.safe_text import visible
from bench.errors import UsageError, nearest
from bench.store.evidence import Evidence, name_of
from bench.store.record_reading import Stored, whole
from bench.store.result_set import Store

__all__ = ["show"]


def show(store: Store, wanted: str, *, stderr: bool = False, file: str | None = None) -> None:
    """Print the logs of a trial's last attempt, or of the attempt named ``KEY-N``.

    file: print only this file of the evidence. Raises UsageError or StoreError.
    """
    store.read_manifest()
    attempts = [one for one in store.stored() if isinstance(one, Stored)]
    attempt = _attempt(store, attempts, wanted)
    name = name_of(attempt.evidence)
    if not name:
        reason = f": {visible(attempt.fault.reason)}" if attempt.fault else ""
        raise UsageError(f"nothing of {wanted} was run, so there is no log{reason}")
    evidence = Evidence(store.folder)
    files = evidence.files(name)
    if file is not None and file not in files:
        raise UsageError(f"{name} has no file '{file}'{nearest(file, files)}")
    names = [file] if file is not None else list(_logs(attempt, stderr=stderr))
    for number, path in enumerate(names):
        if len(names) > 1:
            _print(f"{'' if number == 0 else chr(10)}==> {name} {path} <==\n".encode())
        for piece in evidence.pieces(name, path):
            _print(piece)
    sys.stdout.flush()


def _attempt(store: Store, attempts: list[Stored], wanted: str) -> Attempt:
    """Return the named attempt, and name the others on standard error."""
    key, _, number = wanted.rpartition("-")
    for one in attempts if number.isdecimal() else ():
        if one.trial.key == key and name_of((found := whole(one)).evidence) == wanted:
            return found
    trials = named_trials(store.folder, (one.trial for one in attempts), wanted)
    keys = list(dict.fromkeys(trial.key for trial in trials))
    tries = [whole(one) for one in attempts if one.trial.key == keys[0]]
    others = [name for one in tries[:-1] if (name := name_of(one.evidence))]
    if len(keys) > 1:
        print(
            f"bench: of the first of {len(keys)} blocks; the others: {' '.join(keys[1:])}", file=sys.stderr
        )
    if others:
        print(f"bench: of the last attempt; earlier ones: {' '.join(others)}", file=sys.stderr)
    return tries[-1]


def _logs(attempt: Attempt, *, stderr: bool) -> Iterator[str]:
    for run in attempt.runs:
        for path in (run.stderr,) if stderr else (run.stdout, run.stderr):
            yield str(PurePosixPath(path))


def _print(piece: bytes) -> None:
    """Print bytes unchanged; in a terminal, show control characters instead of sending them."""
    if sys.stdout.isatty():
        text = piece.decode("utf-8", "backslashreplace")
        sys.stdout.write("\n".join("\t".join(map(visible, line.split("\t"))) for line in text.split("\n")))
    else:
        sys.stdout.buffer.write(piece)
