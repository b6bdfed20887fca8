"""Reads the records of a result set: each line is checked and bounded, an attempt may stay on disk."""

import mmap
import os
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

from bench.contract.records import MOST_ATTEMPTS, Attempt, Check, Count, Fault, Number, Target, Trial
from bench.errors import StoreError

__all__ = [
    "MOST_BYTES",
    "UNREADABLE",
    "Head",
    "Stored",
    "heads",
    "open_regular",
    "read_records",
    "read_stored",
    "whole",
]

_Any = TypeVar("_Any")
UNREADABLE = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError)
"""What decoding raises for a text of another form or with too deep nesting."""
MOST_RECORDS = 200_000
"""Largest number of records in a set. A complete set has some thousand, and each takes memory."""
MOST_BYTES = 64 * 2**20
"""Largest size of a manifest or of one record, in bytes."""


class _HeadTrial(msgspec.Struct, frozen=True, gc=False):
    """A trial whose target is decoded separately, because a result set has few targets and many trials."""

    target: msgspec.Raw
    scenario: str
    case: str
    pipeline: str
    size: str
    block: Count
    order: Count
    key: str


class Head(msgspec.Struct, frozen=True, tag="attempt", gc=False):
    """The identity of an attempt; the rest of its line is skipped."""

    trial: _HeadTrial
    number: Number
    evidence: str = ""
    fault: Fault | None = None


_decoder = msgspec.json.Decoder(Attempt | Check)
_attempt_decoder = msgspec.json.Decoder(Attempt)
_target_decoder = msgspec.json.Decoder(Target)
_head_decoder = msgspec.json.Decoder(Head | Check)


class _Lines:
    """Lines of a file, read on demand; the file stays open as long as a line may be needed. Raises OSError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
            # An empty file cannot be mapped.
            self._file = mmap.mmap(file.fileno(), size, prot=mmap.PROT_READ) if size else b""
        self._bytes = memoryview(self._file)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """Yield the start and end of each complete line. An unfinished last line is skipped."""
        start = 0
        while end := self._file.find(b"\n", start) + 1:
            yield start, end
            start = end

    def read(self, start: int, end: int) -> memoryview:
        return self._bytes[start:end]


class Stored:
    """An attempt that stays on disk: its identity is in memory, the rest is read on demand.

    So a result set may be larger than the memory.
    """

    __slots__ = ("_end", "_lines", "_start", "faulty", "number", "trial")

    def __init__(
        self, trial: Trial, number: int, lines: _Lines, start: int, end: int, *, faulty: bool
    ) -> None:
        self.trial = trial
        self.number = number
        self.faulty = faulty
        self._lines, self._start, self._end = lines, start, end

    def read(self) -> Attempt:
        """Return the whole attempt. Raises StoreError if it cannot be read."""
        line = self._lines.read(self._start, self._end)
        try:
            attempt = _attempt_decoder.decode(line)
        except UNREADABLE as error:
            raise StoreError(
                f"{self._lines.path}: the record at byte {self._start} cannot be read: {error}"
            ) from error
        # Reuse the known trial object instead of an equal copy, to save memory.
        msgspec.structs.force_setattr(attempt, "trial", self.trial)
        return attempt


def whole(attempt: Attempt | Stored) -> Attempt:
    """Return an attempt, and read it if needed. Raises StoreError if it cannot be read."""
    return attempt.read() if isinstance(attempt, Stored) else attempt


def read_records(path: Path) -> Iterator[Attempt | Check]:
    """Yield the records of a file in the order in which they were written; none if there is no file.

    A last line that a kill or a full disk cut off is skipped, because its record was never completely
    on disk. Raises StoreError for any other line that cannot be read.
    """
    for record, _, _ in _decoded(_lines(path), _decoder):
        yield record


def heads(path: Path) -> Iterator[Head | Check]:
    """Yield of each attempt only its identity. Raises StoreError as :func:`read_records`."""
    for record, _, _ in _decoded(_lines(path), _head_decoder):
        yield record


def read_stored(path: Path) -> Iterator[Stored | Check]:
    """Yield the records as :func:`read_records` does, but leave each attempt on disk."""
    lines = _lines(path)
    if lines is None:
        return
    targets: dict[bytes, Target] = {}
    attempts: Counter[str] = Counter()
    for record, start, end in _decoded(lines, _head_decoder):
        if isinstance(record, Check):
            yield record
            continue
        head = record.trial
        attempts[head.key] += 1
        if attempts[head.key] > MOST_ATTEMPTS:
            raise StoreError(
                f"{lines.path} has more than {MOST_ATTEMPTS} attempts of the trial {head.key}, and is not read"
            )
        known = bytes(head.target)
        target = targets.get(known)
        if target is None:
            target = targets[known] = _decode_target(lines.path, known)
        trial = Trial(
            target=target,
            scenario=head.scenario,
            case=head.case,
            pipeline=head.pipeline,
            size=head.size,
            block=head.block,
            order=head.order,
            key=head.key,
        )
        yield Stored(trial, record.number, lines, start, end, faulty=record.fault is not None)


def _lines(path: Path) -> _Lines | None:
    """Return the lines of a file; None if there is none yet. Raises StoreError."""
    try:
        return _Lines(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}") from error


def open_regular(path: Path) -> BinaryIO:
    """Open a file for reading. Raises OSError, also for a pipe or a device, which might never end."""
    file = open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb")  # noqa: PTH123, SIM115 - by its descriptor
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(22, "it is no regular file")
    return file


def _decode_target(path: Path, text: bytes) -> Target:
    try:
        return _target_decoder.decode(text)
    except UNREADABLE as error:
        raise StoreError(f"{path}: the target of a trial cannot be read: {error}") from error


def _decoded(
    lines: _Lines | None, decoder: "msgspec.json.Decoder[_Any]"
) -> Iterator[tuple[_Any, int, int]]:
    """Yield each record with the start and end of its line."""
    if lines is None:
        return
    for number, (start, end) in enumerate(lines, 1):
        where = f"{lines.path}:{number}"
        if number > MOST_RECORDS:
            raise StoreError(f"{where}: a set of more than {MOST_RECORDS} records is not read")
        if end - start > MOST_BYTES:
            raise StoreError(f"{where}: a record of more than {MOST_BYTES >> 20} MiB is not read")
        try:
            yield decoder.decode(lines.read(start, end)), start, end
        except UNREADABLE as error:
            raise StoreError(f"{where} cannot be read: {error}") from error
