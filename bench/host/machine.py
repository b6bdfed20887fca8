"""The facts of the measuring machine, and its load from other processes."""

import hashlib
import os
import platform
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

__all__ = ["RUN_MEMORY_SHARE", "Machine", "busy_seconds", "inspect", "no_loopback", "run_memory"]

LOOPBACK_S = 5.0
RUN_MEMORY_SHARE = 0.4
"""Share of the memory that one run may use before the harness ends it; two runs may be parallel."""
CGROUP_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
"""Files with the memory limit of a container, for both versions of control groups."""


@dataclass(frozen=True)
class Machine:
    """Facts that identify a machine, without those that change by themselves, such as the clock rate.

    memory in bytes.
    """

    processor: str
    cores: int
    memory: int
    kernel: str
    system: str
    architecture: str
    virtual: bool
    filesystem: str
    python: str

    @property
    def identity(self) -> str:
        """Return a hash of the facts. Times are only compared between equal hashes."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:12]

    def as_json(self) -> dict[str, Any]:
        """Return the facts, the identity and the bytes that a run may use as JSON values."""
        return {**asdict(self), "identity": self.identity, "run_memory": run_memory()}


def inspect(folder: Path) -> Machine:
    """Read the facts of this machine. ``folder``: parent of the sandboxes, for the type of its file system."""
    info = _pairs(Path("/proc/cpuinfo"), ":")
    release = _pairs(Path("/etc/os-release"), "=")
    return Machine(
        processor=info.get("model name", platform.processor() or "unknown"),
        cores=len(os.sched_getaffinity(0)),
        memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        kernel=platform.release(),
        system=release.get("PRETTY_NAME", platform.system()).strip('"'),
        architecture=platform.machine(),
        virtual="hypervisor" in info.get("flags", "").split(),
        filesystem=_filesystem(folder),
        python=platform.python_version(),
    )


def no_loopback() -> str | None:
    """Return why 127.0.0.1, which local servers of tools need, cannot be reached; None if it can."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname(), timeout=LOOPBACK_S).close()
    except OSError as error:
        return str(error)
    return None


def run_memory() -> int:
    """Return how many bytes one run may use: a share of the memory of the machine or container."""
    found = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for path in CGROUP_LIMITS:
        try:
            found.append(int(Path(path).read_text()))
        except (OSError, ValueError):  # no such file, or the word "max"
            continue
    return int(RUN_MEMORY_SHARE * min(found))


def busy_seconds() -> float:
    """Return the busy CPU seconds of all cores since boot, including stolen time."""
    fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    user, nice, system, _idle, _iowait, irq, softirq, steal = fields
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def _pairs(path: Path, separator: str) -> dict[str, str]:
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return {}
    pairs: dict[str, str] = {}
    for line in lines:
        key, found, value = line.partition(separator)
        if found:
            pairs.setdefault(key.strip(), value.strip())
    return pairs


def _filesystem(folder: Path) -> str:
    """Return the type of the file system that holds a folder."""
    best, kind = "", "unknown"
    try:
        lines = Path("/proc/mounts").read_text().splitlines()
    except OSError:
        return kind
    for line in lines:
        _, mount, name, *_ = line.split()
        inside = folder == Path(mount) or Path(mount) in folder.parents
        if inside and len(mount) >= len(best):
            best, kind = mount, name
    return kind
