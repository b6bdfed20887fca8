"""Converts a whole result set of format 1 to the current format: manifest, records, one archive for each attempt."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from bench.contract.records import Attempt, Check, ResultSet
from bench.errors import StoreError
from bench.host.safe_write import replacing
from bench.store.archive import EVIDENCE, pack
from bench.store.format_1_records import manifest_from_1, record_from_1
from bench.store.result_set import Store

__all__ = ["migrate"]


def migrate(source: Path, output: Path | None) -> Path:
    """Write the converted set; return the folder of the old set. Raises StoreError.

    output: a new or empty folder for the new set; the old set stays in place. Without it, the new set takes the place
    of the old one, which is renamed. Nothing is changed before everything is written.
    """
    aside = source.with_name(f"{source.name}.format-1")
    if output is None and not source.exists() and aside.exists():
        raise StoreError(
            f"{source} is not there: a migration was killed at its last step; rename {aside} to it"
        )
    if output is None and aside.exists():
        raise StoreError(f"{aside} is there already; move it away, or give --output")
    store = Store(source)
    _must_be_format_1(store)
    store.lock()
    try:
        if output is not None:
            output.mkdir(parents=True, exist_ok=True)
            _write(source, output)
            return source
        made = Path(tempfile.mkdtemp(prefix=f".{source.name}.", dir=source.parent))
        try:
            made.chmod(source.stat().st_mode & 0o777)
            _write(source, made)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
        source.rename(aside)
        made.rename(source)
    except OSError as error:
        raise StoreError(f"cannot migrate {source}: {error.strerror}; it is unchanged") from error
    return aside


def _must_be_format_1(store: Store) -> None:
    try:
        manifest = json.loads(store.manifest.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise StoreError(f"{store.folder} holds no result set that can be read: {error}") from error
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if found != 1:
        raise StoreError(f"{store.folder} has format {found}; only format 1 is migrated")


def _write(source: Path, made: Path) -> None:
    for path in sorted(source.glob("manifest*.json")):
        with replacing(made, path.name, durable=True) as file:
            manifest = _moved(path, path.read_bytes(), _manifest)
            file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
    owners = _owners(source)
    records = source / "records.jsonl"
    with replacing(made, records.name, durable=True) as file:
        for number, line in enumerate(_lines(records), 1):
            record = _moved(records, line, _record)
            if isinstance(record, Attempt):
                owned = owners.get(number)
                archive = "" if owned is None else _archive(source, made, *owned)
                record = msgspec.structs.replace(record, evidence=archive)
            file.write(msgspec.json.encode(record) + b"\n")
    for key, attempt in _unnamed(source, owners):
        _archive(source, made, key, attempt)
    for path in source.iterdir():
        if path.name.startswith("manifest") or path.name in (records.name, EVIDENCE):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, made / path.name, symlinks=True)
        elif path.is_file() or path.is_symlink():
            shutil.copy2(path, made / path.name, follow_symlinks=False)


def _lines(records: Path) -> Iterator[bytes]:
    """Yield the lines of the records, without an unfinished last line."""
    if records.exists():
        with records.open("rb") as file:
            yield from (line for line in file if line.endswith(b"\n"))


def _moved(path: Path, data: bytes, move: Callable[[bytes], Any]) -> Any:
    try:
        return move(data)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, msgspec.MsgspecError) as error:
        raise StoreError(
            f"{path} cannot be converted from format 1: {type(error).__name__}: {error}"
        ) from error


def _manifest(data: bytes) -> ResultSet:
    return msgspec.convert(manifest_from_1(json.loads(data)), ResultSet)


def _record(line: bytes) -> Attempt | Check:
    return msgspec.convert(record_from_1(line), Attempt | Check)


def _owners(source: Path) -> dict[int, tuple[str, str]]:
    """Return the evidence folder of each line; if two lines name the same folder, it belongs to the later one."""
    lines: dict[tuple[str, str], int] = {}
    records = source / "records.jsonl"
    for number, line in enumerate(_lines(records), 1):
        record = _moved(records, line, _record)
        parts = PurePosixPath(record.evidence).parts if isinstance(record, Attempt) else ()
        if len(parts) == 3 and parts[0] == EVIDENCE and parts[1:] in _folders(source, parts[1]):
            lines[parts[1], parts[2]] = number
    return {line: folder for folder, line in lines.items()}


def _unnamed(source: Path, owners: dict[int, tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the folders of attempts that were killed before they ended, so that no record names them."""
    evidence = source / EVIDENCE
    keys = sorted(path.name for path in evidence.iterdir()) if evidence.is_dir() else []
    named = set(owners.values())
    return [one for key in keys for one in _folders(source, key) if one not in named]


def _folders(source: Path, key: str) -> list[tuple[str, str]]:
    """Return the folders of a key's attempts, without links."""
    place = source / EVIDENCE / key
    if (
        key in ("", ".", "..")
        or any(each.is_symlink() for each in (place.parent, place))
        or not place.is_dir()
    ):
        return []
    found = [one.name for one in place.iterdir() if one.is_dir() and not one.is_symlink()]
    return [(key, name) for name in sorted(found) if name.isdecimal()]


def _archive(source: Path, made: Path, key: str, number: str) -> str:
    """Write the archive of an attempt from its loose files."""
    archive = f"{EVIDENCE}/{key}-{number}.zip"
    with replacing(made, archive, durable=True) as file:
        pack(source / EVIDENCE / key / number, file)
    return archive
