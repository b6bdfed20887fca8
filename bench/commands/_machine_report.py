"""``bench doctor``: what this machine has, what it lacks, and what that means for results."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.contract.adapter_loading import discover
from bench.contract.adapter_manifest import Manifest, read_manifest
from bench.environments.environment import EARLIER, lookup
from bench.errors import BenchError
from bench.execution import supervisor
from bench.folders import cache_folder
from bench.host import machine
from bench.planning import costs
from bench.planning.request import RunRequest
from bench.planning.selection import choose, drawn_up

__all__ = ["text"]

PYTHONS = ("3.11", "3.12", "3.13", "3.14")


@dataclass(frozen=True)
class Program:
    """An optional program. ``without``: what is *not attempted* if it is missing."""

    name: str
    package: str
    without: str


OPTIONAL = (
    Program("hyperfine", "hyperfine", "the check of the harness's clock against hyperfine"),
    Program(
        "chromium",
        "chromium",
        "the tests that open the scorecard in a browser, and visibility/ui, which opens the pages of a tool",
    ),
    Program("npm", "npm", "the accessibility check of the scorecard, with axe-core"),
    Program("dockerd", "docker.io", "the tests that build the images of launchpads"),
    Program("kubectl", "kubectl", "targets on a cluster"),
)


@dataclass(frozen=True)
class Isolation:
    """Something that the kernel may allow. code: exits with 0 if it does. without: as for a program."""

    name: str
    code: str
    without: str


ISOLATIONS = (
    Isolation(
        "its own network",
        "from bench.execution.no_network import isolate; isolate()",
        "deployment/offline, which makes an artefact without network",
    ),
    Isolation(
        "its own file system",
        "import sys, pathlib; from bench.execution.faulty_disk import SmallDisk; "
        "SmallDisk(pathlib.Path(sys.argv[1]), 1000000)",
        "recovery/no-space and recovery/read-only, which need a failing disk",
    ),
)


def text() -> str:
    """Return one line for each finding: ``ok``, ``--`` (optional, missing) or ``!!`` (fix it)."""
    return "\n".join([*_machine(), *_programs(), *_isolations(), *_environments(), *_minutes()])


def _machine() -> Iterator[str]:
    cache = cache_folder()
    here = machine.inspect(cache)
    yield f"ok  {here.processor}, {here.cores} cores, {here.memory / 2**30:.0f} GiB, {here.system}"
    yield f"ok  Python {here.python} at {sys.executable}"
    if os.access("/proc/self/cgroup", os.R_OK) and _cgroup():
        yield "ok  control groups: memory and CPU are exact, from the kernel"
    else:
        yield (
            "--  bench cannot make a control group, so memory is the sampled proportional set size, and CPU covers "
            "only processes that were waited for; run as root for exact values"
        )
    lost = machine.no_loopback()
    if lost is not None:
        yield f"!!  127.0.0.1 cannot be reached ({lost}), and local servers of tools need it: ip link set lo up"
    existing = next(path for path in (cache, *cache.parents) if path.exists())
    free = shutil.disk_usage(existing).free / 1e9
    yield f"{'ok' if free > 6 else '!!'}  {free:.0f} GB free for {cache} (6 GB are needed)"
    load = os.getloadavg()[0]
    if load > 0.5:
        yield f"!!  the load is {load:.1f}: something else is running, so times will be noisy"


def _cgroup() -> bool:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from _processes import Cgroup; "
        "group = Cgroup(); made = bool(group); group.remove(); sys.exit(not made)"
    )
    command = [sys.executable, "-c", code, str(Path(supervisor.__file__).parent)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _programs() -> Iterator[str]:
    for program in OPTIONAL:
        found = shutil.which(program.name)
        if found:
            yield f"ok  {program.name} at {found}"
        else:
            yield f"--  no {program.name} (Debian package {program.package}); not attempted: {program.without}"
    yield "--  no cluster and no AWS account are configured; not attempted: targets that need them"


def _isolations() -> Iterator[str]:
    for one in ISOLATIONS:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-c", one.code, folder]
            allowed = subprocess.run(command, check=False, capture_output=True).returncode == 0
        if allowed:
            yield f"ok  a run may have {one.name}"
        else:
            yield f"--  a run may not have {one.name}; not attempted: {one.without}"


def _environments() -> Iterator[str]:
    for folder in discover().values():
        try:
            manifest = read_manifest(folder)
            made = lookup(folder, manifest)
        except BenchError as error:
            yield f"!!  {error}"
            continue
        if manifest.earlier is not None:
            yield _earlier(folder, manifest, manifest.earlier.version)
        if made is not None:
            yield f"ok  {manifest.display} {made.version}: environment of {made.size / 1e6:.0f} MB at {made.folder}"
            continue
        cost = costs.known(folder)
        price = "its cost was never measured"
        if cost is not None and cost.megabytes is not None:
            price = f"{cost.megabytes:.0f} MB and {cost.seconds:.0f} s, as measured on {cost.date} ({cost.machine})"
        yield f"--  {manifest.display}: no environment yet; making it costs {price}"


def _minutes() -> Iterator[str]:
    """Yield how long all tools take in each profile, one trial after the other, as far as it was measured."""
    for profile, what in (
        ("smoke", "a first look at all tools and scenarios"),
        ("quick", "all tools and scenarios"),
        ("standard", "all tools and scenarios"),
    ):
        request = RunRequest("all", (), profile, (), None, 0, 1)
        chosen = choose(request)
        minutes = costs.total(drawn_up(chosen, request), chosen.choices) / 60
        yield f"ok  bench run --profile {profile}, {what}: at most {minutes:.0f} min, without making environments"


def _earlier(folder: Path, manifest: Manifest, version: str) -> str:
    made = lookup(folder, manifest, EARLIER)
    what = f"{manifest.display} {version}, the previous minor version"
    if made is None:
        return f"--  {what}: no environment yet; bench makes it when it runs metadata/upgrade"
    return f"ok  {what}: environment of {made.size / 1e6:.0f} MB at {made.folder}"
