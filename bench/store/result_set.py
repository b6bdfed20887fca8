"""The append-only store of a result set: a manifest, one line for each record, each on disk before the next."""

import errno
import fcntl
import os
import shlex
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec

from bench.contract.records import FORMAT, Attempt, Check, ResultSet
from bench.errors import StoreError
from bench.host import untrusted_files
from bench.host.safe_write import PART, appending, opened_folder, replacing
from bench.store.archive import EVIDENCE, WORKING, Working
from bench.store.evidence import name_of
from bench.store.manifest_check import fault_of
from bench.store.record_reading import (
    MOST_BYTES,
    UNREADABLE,
    Stored,
    heads,
    open_regular,
    read_records,
    read_stored,
)

__all__ = ["Store"]


class _Format(msgspec.Struct, frozen=True):
    """Only the format version of a manifest."""

    format: int


_encoder = msgspec.json.Encoder()
_format_decoder = msgspec.json.Decoder(_Format)


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
        working = self.folder / WORKING
        if not working.is_symlink():
            untrusted_files.remove(working)

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
        for record in heads(self.records):
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
            with open_regular(self.manifest) as file:
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
        except UNREADABLE as error:
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
        """Yield the records in the order in which they were written; see :func:`read_records`."""
        return read_records(self.records)

    def stored(self) -> Iterator[Stored | Check]:
        """Yield the records as :meth:`read` does, but leave each attempt on disk."""
        return read_stored(self.records)


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
