"""Reads TOML files into typed records, and reports a fault in one line that names file and key."""

from pathlib import Path
from typing import Any, TypeVar

import msgspec

from bench.errors import BenchError

__all__ = ["Table", "read_tables", "read_toml"]

T = TypeVar("T")


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the tables of all files that people write: an unknown key is refused."""


def read_toml(path: Path, kind: type[T], error: type[BenchError], where: str = "") -> T:
    """Return a file as a record. Raises the error if it cannot be read, is not UTF-8 or TOML, or has another form.

    where: start of the message, such as ``adapter 'x': ``.
    """
    try:
        return msgspec.toml.decode(path.read_bytes(), type=kind)
    except OSError as fault:
        raise error(f"{where}{path} cannot be read ({fault.strerror})") from fault
    except UnicodeDecodeError as fault:
        raise error(f"{where}{path} is no UTF-8 (byte {fault.start}); save it as UTF-8") from fault
    except (msgspec.MsgspecError, RecursionError) as fault:
        raise error(f"{where}{path}: {fault}") from fault


def read_tables(path: Path, kind: type[T], error: type[BenchError], where: str = "") -> dict[str, T]:
    """Return the tables of a file by name. Each is converted alone, so that a fault names its table.

    Raises as :func:`read_toml` does.
    """
    found = {}
    for name, table in read_toml(path, dict[str, dict[str, Any]], error, where).items():
        try:
            found[name] = msgspec.convert(table, kind)
        except msgspec.ValidationError as fault:
            raise error(f"{where}{path}: [{name}]: {fault}") from fault
    return found
