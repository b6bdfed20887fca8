"""The append-only store of a result set: a manifest, one line for each record, each on disk before the next."""

import errno
import fcntl
import mmap
import os
import shlex
import shutil
import stat
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec

from bench.contract.records import (
    FORMAT,
    MOST_ATTEMPTS,
    Attempt,
    Check,
    Count,
    Fault,
    Number,
    ResultSet,
    Target,
    Trial,
)
from bench.errors import StoreError
from bench.host.safe_write import PART, appending, opened_folder, replacing
from bench.store.archive import EVIDENCE, WORKING, Working
from bench.store.evidence import name_of
from bench.store.manifest_check import fault_of

__all__ = ["Store", "Stored", "whole"]

_Any = TypeVar("_Any")
_Unreadable = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError)
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


class _Format(msgspec.Struct, frozen=True):
    """Only the format version of a manifest."""

    format: int


class _Head(msgspec.Struct, frozen=True, tag="attempt", gc=False):
    """The identity of an attempt; the rest of its line is skipped."""

    trial: _HeadTrial
    number: Number
    evidence: str = ""
    fault: Fault | None = None


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Attempt | Check)
_attempt_decoder = msgspec.json.Decoder(Attempt)
_target_decoder = msgspec.json.Decoder(Target)
_format_decoder = msgspec.json.Decoder(_Format)
_head_decoder = msgspec.json.Decoder(_Head | Check)


class _Lines:
    """Lines of a file, read on demand; the file stays open as long as a line may be needed. Raises OSError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with _regular(path) as file:
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
        except _Unreadable as error:
            raise StoreError(
                f"{self._lines.path}: the record at byte {self._start} cannot be read: {error}"
            ) from error
        # Reuse the known trial object instead of an equal copy, to save memory.
        msgspec.structs.force_setattr(attempt, "trial", self.trial)
        return attempt


def whole(attempt: Attempt | Stored) -> Attempt:
    """Return an attempt, and read it if needed. Raises StoreError if it cannot be read."""
    return attempt.read() if isinstance(attempt, Stored) else attempt


class Store:
    """A result set folder. Records are only appended; each is on disk before the next begins."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock: int | None = None
        self._numbering = threading.Lock()
        self._used: dict[str, int] | None = None

    @property
    def records(self) -> Path:
        """Return the path of the records."""
        return self.folder / "records.jsonl"

    @property
    def manifest(self) -> Path:
        """Return the path of the manifest."""
        return self.folder / "manifest.json"

    def exists(self) -> bool:
        """Whether the folder already holds a result set."""
        return self.manifest.exists() or self.records.exists()

    def create(self, result_set: ResultSet) -> None:
        """Write the manifest atomically and keep an earlier one beside it. Raises StoreError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            self._keep_manifest()
            with replacing(self.folder, self.manifest.name, durable=True) as file:
                file.write(msgspec.json.format(_encoder.encode(result_set), indent=1))
        except OSError as error:
            raise StoreError(f"cannot write a result set to {self.folder}: {error.strerror}") from error

    def _keep_manifest(self) -> None:
        """Give the current manifest a second name, which remains when a new manifest replaces it."""
        if not self.manifest.exists():
            return
        number = 1
        while (kept := self.folder / f"manifest-{number}.json").exists():
            if kept.samefile(self.manifest):  # A run was killed right after this step.
                return
            number += 1
        try:
            kept.hardlink_to(self.manifest)
        except OSError:  # A file system without hard links.
            with replacing(self.folder, kept.name, durable=True) as file:
                file.write(self.manifest.read_bytes())

    def _sweep(self) -> None:
        """Remove what a killed run has left: loose files of attempts without a record, and unfinished files."""
        evidence = self.folder / EVIDENCE
        for folder in (self.folder, *([] if evidence.is_symlink() else [evidence])):
            for part in folder.glob(f".*{PART}"):
                part.unlink(missing_ok=True)
        shutil.rmtree(self.folder / WORKING, ignore_errors=True)

    def begin(self, key: str) -> Working:
        """Make the folder for the evidence of one more attempt of a trial. Raises StoreError."""
        try:
            with self._numbering, opened_folder(self.folder, WORKING) as working:
                if self._used is None:
                    self._used = self._numbers()
                number = self._used.get(key, 0) + 1
                # An archive has no record if the run was killed right before it wrote the record.
                while os.path.lexists(self.folder / EVIDENCE / f"{key}-{number}.zip"):
                    number += 1
                self._used[key] = number
                name = f"{key}-{number}"
                os.mkdir(name, dir_fd=working)
        except OSError as error:
            raise StoreError(
                f"cannot write evidence to {self.folder / WORKING}: {error.strerror}; earlier results "
                "are kept; free some space, then continue with --resume"
            ) from error
        return Working(self.folder, name, self.folder / WORKING / name)

    def _numbers(self) -> dict[str, int]:
        """Return the largest number in the records of each key."""
        used: dict[str, int] = {}
        lines = self._lines()
        for record, _, _ in () if lines is None else _decoded(lines, _head_decoder):
            name = "" if isinstance(record, Check) else name_of(record.evidence)
            key, _, number = name.rpartition("-")
            if name:
                used[key] = max(used.get(key, 0), int(number))
        return used

    def lock(self) -> None:
        """Lock out other writers until this process ends. Raises StoreError if there is one already."""
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise StoreError(f"another bench is writing to {self.folder}; wait for it to end") from None
        self._lock = descriptor

    def append(self, record: Attempt | Check) -> None:
        """Add one record; it is on disk when this returns. Raises StoreError."""
        line = _encoder.encode(record) + b"\n"
        try:
            with appending(self.records) as descriptor:
                _mend_tail(descriptor)
                written = os.write(descriptor, line)
                if written != len(line):
                    raise OSError(errno.ENOSPC, "no space left on device")
                os.fsync(descriptor)
        except OSError as error:
            raise StoreError(
                f"cannot append to {self.records}: {error.strerror}; earlier results are kept; "
                "free some space, then continue with --resume"
            ) from error

    def read_manifest(self) -> ResultSet:
        """Return the manifest. Raises StoreError if there is none, or if its format or form is wrong."""
        try:
            with _regular(self.manifest) as file:
                data = file.read(MOST_BYTES + 1)
        except OSError as error:
            why = "no manifest.json" if error.errno == errno.ENOENT else f"manifest.json: {error.strerror}"
            raise StoreError(
                f"{self.folder} holds no result set ({why}); give the folder that 'bench run' named at its end"
            ) from error
        if len(data) > MOST_BYTES:
            raise StoreError(f"{self.manifest} is greater than {MOST_BYTES >> 20} MiB, and is not read")
        try:
            self._check_format(_format_decoder.decode(data).format)
            result_set = msgspec.json.decode(data, type=ResultSet)
        except _Unreadable as error:
            raise StoreError(f"{self.manifest} cannot be read: {error}") from error
        fault = fault_of(result_set)
        if fault is not None:
            raise StoreError(f"{self.manifest} cannot be read: {fault}")
        return result_set

    def _check_format(self, found: int) -> None:
        """Raise StoreError for another format version, before anything else is read."""
        if found > FORMAT:
            raise StoreError(
                f"{self.folder} has format {found}, this bench reads up to {FORMAT}; use the newer bench"
            )
        if found < FORMAT:
            raise StoreError(
                f"{self.folder} has format {found}, of an older bench; convert it to format {FORMAT} with: "
                f"bench migrate {shlex.quote(str(self.folder))}"
            )

    def read(self) -> Iterator[Attempt | Check]:
        """Yield the records in the order in which they were written.

        A last line that a kill or a full disk cut off is skipped, because its record was never completely
        on disk. Raises StoreError for any other line that cannot be read.
        """
        lines = self._lines()
        if lines is not None:
            for record, _, _ in _decoded(lines, _decoder):
                yield record

    def stored(self) -> Iterator[Stored | Check]:
        """Yield the records as :meth:`read` does, but only the identity of each attempt."""
        lines = self._lines()
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

    def _lines(self) -> _Lines | None:
        """Return the lines of the records; None if nothing was written yet. Raises StoreError."""
        try:
            return _Lines(self.records)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"{self.records} cannot be read: {error.strerror}") from error


def _regular(path: Path) -> BinaryIO:
    """Open a file for reading. Raises OSError, also for a pipe or a device, which might never end."""
    file = open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb")  # noqa: PTH123, SIM115 - by its descriptor
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(22, "it is no regular file")
    return file


def _decode_target(path: Path, text: bytes) -> Target:
    try:
        return _target_decoder.decode(text)
    except _Unreadable as error:
        raise StoreError(f"{path}: the target of a trial cannot be read: {error}") from error


def _decoded(lines: _Lines, decoder: "msgspec.json.Decoder[_Any]") -> Iterator[tuple[_Any, int, int]]:
    """Yield each record with the start and end of its line."""
    for number, (start, end) in enumerate(lines, 1):
        where = f"{lines.path}:{number}"
        if number > MOST_RECORDS:
            raise StoreError(f"{where}: a set of more than {MOST_RECORDS} records is not read")
        if end - start > MOST_BYTES:
            raise StoreError(f"{where}: a record of more than {MOST_BYTES >> 20} MiB is not read")
        try:
            yield decoder.decode(lines.read(start, end)), start, end
        except _Unreadable as error:
            raise StoreError(f"{where} cannot be read: {error}") from error


def _mend_tail(descriptor: int) -> None:
    """Remove an unfinished last line, so that the next record starts on a new line."""
    size = os.fstat(descriptor).st_size
    if size == 0:
        return
    if os.pread(descriptor, 1, size - 1) == b"\n":
        return
    step = 65536
    end = size
    while end > 0:
        start = max(0, end - step)
        at = os.pread(descriptor, end - start, start).rfind(b"\n")
        if at >= 0:
            os.ftruncate(descriptor, start + at + 1)
            return
        end = start
    os.ftruncate(descriptor, 0)
