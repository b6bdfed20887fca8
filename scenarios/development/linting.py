"""What an editor shows of a mistake while it is typed: the rules of pyflakes, by ruff, which comes with bench."""

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.scenarios import TrialFault

from .said import Place

__all__ = ["Finding", "findings", "new_at"]


@dataclass(frozen=True)
class Finding:
    """One thing that the linter reports. line: from 1; where it stands is no part of what it is."""

    file: str
    line: int
    what: str


def findings(project: Path) -> list[Finding]:
    """Return what the linter reports in the Python files of a project. Raises TrialFault where it does not run.

    With rules of its own only, whatever settings the project has.
    """
    command = [
        sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--exit-zero", "--select", "F",
        "--output-format", "json", str(project),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise TrialFault("scenario", f"the linter does not run: {done.stderr.strip()}")
    return [
        Finding(
            str(Path(one["filename"]).relative_to(project.resolve())),
            one["location"]["row"],
            f"{one['code']} {one['message']}",
        )
        for one in json.loads(done.stdout)
    ]


def new_at(before: Iterable[Finding], after: Iterable[Finding], where: Iterable[Place]) -> list[str]:
    """Return what is reported at one of these places, and was not reported of that file before."""
    known = {(one.file, one.what) for one in before}
    places = set(where)
    return [
        one.what for one in after if (one.file, one.what) not in known and (one.file, one.line) in places
    ]
