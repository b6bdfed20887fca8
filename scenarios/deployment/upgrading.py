"""Running a project with the minor version before, with the measured one, and with the one before again."""

import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from bench.adapters import Sandbox
from bench.scenarios import Driver, RunOptions, SourceEdit, TrialFault

LIMIT_S = 300.0
UNCACHED = SourceEdit("kept.py", ", cached=True", "")
WARNING = re.compile(r"(?i)\b\w*(warning\b|deprecat).*")
ERROR = re.compile(r"\w*Error\b.*:")
PATH, NUMBER = re.compile(r"\S*/\S*"), re.compile(r"\d+")
MOST, LENGTH = 20, 200
"""Warnings of a run that are kept, and letters of each."""


def upgrade(driver: Driver) -> None:
    """Run with three versions in one project and state, each with the server of its own version."""
    manifest = driver.adapter.manifest.earlier
    if manifest is not None and "cache" in manifest.absent:
        # A project of the version before cannot ask for it.
        driver.edit([UNCACHED])
    earlier = driver.earlier_version()
    driver.facts["by_harness"] = "it was run by two versions of the tool in turn"
    told: dict[str, object] = {}
    driver.facts["upgrade"] = told
    for which, box in (("before", earlier), ("after", driver.sandbox), ("back", earlier)):
        told[which] = _ran(driver, box, which)


def _ran(driver: Driver, box: Sandbox, which: str) -> dict[str, object]:
    """Run with one version; a server that does not come up on the data of a newer one is an answer too."""
    folder = driver.sandbox.root / "server"
    try:
        driver.start_server(folder, box)
    except TrialFault as fault:
        if which == "before":
            raise
        return {"well": False, "how": _why(folder / "server.log") or fault.reason, "warnings": []}
    # A nonce of its own, so that nothing of the run before can be reused and the stages run.
    run_options = RunOptions(parameters={"nonce": secrets.token_hex(6)}, sandbox=box, time_limit=LIMIT_S)
    run = driver.run("fresh", run_options)
    driver.stop_server()
    delivered = bool(run.result_digest)
    lines = [line for path in driver.logs(run) for line in path.read_text(errors="replace").splitlines()]
    said = run.ended.how if delivered or not run.ended.well else "nothing delivered"
    return {"well": run.ended.well and delivered, "how": said, "warnings": warnings(lines)}


def _why(log: Path) -> str:
    """Return the last error in a server's log; it names one and goes on to say how it ends."""
    lines = log.read_text(errors="replace").splitlines() if log.is_file() else []
    return next((line.strip() for line in reversed(lines) if ERROR.search(line)), "")


def warnings(lines: Iterable[str]) -> list[str]:
    """Return what lines warn of, each text once: from the word on, without numbers and paths, which change."""
    found = (WARNING.search(line) for line in lines)
    texts = (NUMBER.sub("N", PATH.sub("PATH", one[0])).strip(" │|")[:LENGTH] for one in found if one)
    return sorted(set(texts))[:MOST]
