"""Writes a result set for publication: as a few files for a repository, or as loose files for a static host."""

import hashlib
import shutil
import zipfile
from pathlib import Path

import msgspec

from bench.errors import StoreError
from bench.host.safe_write import replacing
from bench.store.archive import EVIDENCE, entry
from bench.store.evidence import ALL, INDEX, Evidence, File, Index, blob, loose_name
from bench.store.result_set import Store

__all__ = ["LARGEST", "publish", "unpack"]

LARGEST = 20_000_000
"""Largest file of evidence, in bytes, that is published. Of a larger file only size and SHA-256 are."""


def publish(store: Store, folder: Path, largest: int = LARGEST) -> Store:
    """Write manifest, records and one archive of the evidence, each content once. Raises StoreError.

    folder: new or empty. Another function writes the scorecard.
    """
    try:
        published = _records(store, folder)
        with (
            replacing(folder, ALL, durable=True) as file,
            zipfile.ZipFile(file, "w", allowZip64=True) as archive,
        ):
            index = _blobs(Evidence(store.folder), archive, largest)
            entry(archive, INDEX, [msgspec.json.encode(index, order="sorted")])
    except OSError as error:
        raise _cannot(folder, error) from error
    return published


def unpack(store: Store, folder: Path) -> Store:
    """Write manifest, records and all evidence as loose files, with an index of them. Raises StoreError.

    folder: new or empty. A file that a browser would run gets the suffix ``.txt``.
    """
    evidence = Evidence(store.folder)
    attempts = {}
    try:
        unpacked = _records(store, folder)
        for name in evidence.attempts():
            attempts[name] = evidence.files(name)
            for path, file in attempts[name].items():
                if file.kept:
                    with replacing(folder, f"{EVIDENCE}/{name}/{loose_name(path)}") as target:
                        target.writelines(evidence.pieces(name, path))
        with replacing(folder, f"{EVIDENCE}/{INDEX}", durable=True) as target:
            target.write(msgspec.json.encode(Index(attempts, LARGEST), order="sorted"))
    except OSError as error:
        raise _cannot(folder, error) from error
    return unpacked


def _records(store: Store, folder: Path) -> Store:
    """Write manifest and records."""
    store.read_manifest()  # Raises StoreError for another format.
    folder.mkdir(parents=True, exist_ok=True)
    for path in (store.manifest, store.records):
        if path.exists():
            with path.open("rb") as source, replacing(folder, path.name, durable=True) as target:
                shutil.copyfileobj(source, target)
    return Store(folder)


def _blobs(evidence: Evidence, archive: zipfile.ZipFile, largest: int) -> Index:
    """Write each different content once; return the index."""
    attempts: dict[str, dict[str, File]] = {}
    known: set[str] = set()
    for name in evidence.attempts():
        attempts[name] = {}
        for path, file in evidence.files(name).items():
            if not file.kept:
                attempts[name][path] = file
                continue
            digest = hashlib.sha256()
            for piece in evidence.pieces(name, path):
                digest.update(piece)
            content = digest.hexdigest()
            attempts[name][path] = File(file.size, content, file.size <= largest)
            if content not in known and file.size <= largest:
                known.add(content)
                entry(archive, blob(content), evidence.pieces(name, path))
    return Index(attempts, largest)


def _cannot(folder: Path, error: OSError) -> StoreError:
    return StoreError(
        f"cannot write to {folder}: {error.strerror}; give another folder, or free some space"
    )
