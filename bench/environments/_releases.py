"""Asks the package index for the newest release of a package and for the age of releases."""

import tempfile
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bench.environments import _uv

__all__ = ["Release", "measured_and_newest", "told"]


@dataclass(frozen=True)
class Release:
    """A release and the day of its first upload to the index; None if the index does not say."""

    version: str
    day: date | None


def measured_and_newest(python: Path, package: str, version: str) -> tuple[Release, Release] | None:
    """Return the installed release and the newest one for its Python; None if the index cannot be asked.

    Makes a lock of the one package and installs nothing: the lock has the upload times (PEP 751, from PEP 700's index).
    """
    measured, newest = (_asked(python, one) for one in (f"{package}=={version}", package))
    return None if measured is None or newest is None else (measured, newest)


def told(python: Path, package: str, version: str) -> dict[str, str | None]:
    """Return what the package index says about a tool's releases, for the manifest of a result set.

    Empty if the tool is Python itself, or if the index cannot be asked.
    """
    found = None if package == "python" else measured_and_newest(python, package, version)
    if found is None:
        return {}
    measured, newest = found
    return {
        "released": None if measured.day is None else measured.day.isoformat(),
        "newest": newest.version,
        "newest_released": None if newest.day is None else newest.day.isoformat(),
    }


def _asked(python: Path, requirement: str) -> Release | None:
    with tempfile.NamedTemporaryFile("w", suffix=".in") as wanted:
        wanted.write(f"{requirement}\n")
        wanted.flush()
        options = ["--format", "pylock.toml", "--no-deps", "--quiet", "--python", str(python)]
        done = _uv.run(["pip", "compile", *options, wanted.name])
    if done.returncode != 0:
        return None
    (package,) = tomllib.loads(done.stdout)["packages"]
    return Release(package["version"], _day(package))


def _day(package: dict[str, Any]) -> date | None:
    files = [*package.get("wheels", ()), *([package["sdist"]] if "sdist" in package else ())]
    times = [one["upload-time"] for one in files if "upload-time" in one]
    return min(times).date() if times else None
