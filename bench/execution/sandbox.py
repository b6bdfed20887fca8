"""Makes a fresh home, temporary folder, state and results for one trial, and the variables for its runs."""

import hashlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from bench.contract.adapter import Sandbox
from bench.contract.adapter_manifest import Manifest
from bench.errors import SandboxError
from bench.host import untrusted_files

__all__ = [
    "apart",
    "build_environment",
    "digest_files",
    "digest_results",
    "empty_results",
    "found_by_a_run",
    "make",
    "remove",
    "snapshot",
    "sweep",
    "written_since",
]

THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
"""Numeric libraries use one thread everywhere, in the control too."""


PLACE = re.compile(r"\{(\w+)\}")
"""The name of a folder of the sandbox in a variable of a manifest."""
RESULT_BYTES = 1_000_000_000
"""Most bytes of a run's results that are read; a file beyond the limit is named and not read."""
ODD_FILES, SHOWN = 20, 200
"""Most odd files that are named, and most letters of a name."""
SMALL = 1_000_000
"""Largest input file, in bytes, that is kept as evidence; a larger one can be made again from its source."""


def found_by_a_run(sandbox: Sandbox, rendered: Iterable[Path]) -> dict[str, Path]:
    """Return the files that a run starts with, by path in the sandbox: project, small input, libraries."""
    files = {f"project/{relative}": sandbox.project / relative for relative in rendered}
    # Named alike wherever these folders lie, so that a project at another place is kept once.
    for name, folder in (("data", sandbox.data), ("library", sandbox.root / "library")):
        files |= {
            f"{name}/{os.path.relpath(path, folder)}": Path(path)
            for path, status in untrusted_files.walk(folder)
            if status.st_size <= SMALL and "__pycache__" not in path
        }
    return {relative: path for relative, path in sorted(files.items()) if _regular(path)}


def _regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def digest_files(files: Mapping[str, Path]) -> str:
    """Return a hash over names and bytes."""
    hasher = hashlib.sha256()
    for relative, path in files.items():
        hasher.update(os.fsencode(relative) + b"\0" + untrusted_files.read(path) + b"\0")
    return hasher.hexdigest()


def make(parent: Path, python: Path) -> Sandbox:
    """Make an empty sandbox below ``parent``. Raises SandboxError (disk full, no permission)."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        # Short names: Unix sockets of tools must stay under 108 bytes.
        root = Path(tempfile.mkdtemp(prefix=f"s-{os.getpid()}-", dir=parent))
        sandbox = Sandbox(
            root=root,
            home=root / "home",
            tmp=root / "tmp",
            project=root / "project",
            state=root / "state",
            results=root / "results",
            data=root / "data",
            python=python,
        )
        for folder in (
            sandbox.home,
            sandbox.tmp,
            sandbox.project,
            sandbox.state,
            sandbox.results,
            sandbox.data,
        ):
            folder.mkdir()
    except OSError as error:
        raise SandboxError(
            f"cannot make a sandbox in {parent}: {error.strerror}; free some space, or set "
            "ORCHESTRATOR_BENCH_CACHE to another folder"
        ) from error
    return sandbox


def apart(sandbox: Sandbox, name: str) -> Sandbox:
    """Make fresh folders inside a sandbox, at places of their own, with a copy of the input files.

    Raises SandboxError if a folder of that name is there already, or none can be made.
    """
    root = sandbox.root / name
    places = {one: root / one for one in ("home", "tmp", "project", "state", "results")}
    try:
        for place in places.values():
            place.mkdir(parents=True)
        shutil.copytree(sandbox.data, root / "data")
    except (OSError, shutil.Error) as error:
        raise SandboxError(f"cannot make a sandbox in {root}: {error}") from error
    return replace(sandbox, data=root / "data", **places)


def sweep(parent: Path) -> list[str]:
    """Delete sandboxes of a killed bench; their names contain its process id.

    Returns what cannot be deleted, each with the reason.
    """
    left = []
    for root in parent.glob("s-*"):
        owner = root.name.split("-")[1]
        if owner.isdigit() and not Path("/proc", owner).exists():
            left += untrusted_files.remove(root)
    return left


def remove(sandbox: Sandbox) -> list[str]:
    """Delete a sandbox; return what cannot be deleted and is left to ``bench clean``, each with the reason."""
    return untrusted_files.remove(sandbox.root)


def build_environment(
    sandbox: Sandbox, manifest: Manifest, setup: str, options: tuple[str, ...], extra: Mapping[str, str]
) -> dict[str, str]:
    """Return all environment variables of a run. None is inherited.

    Later ones win, in this order: harness, tool, set-up, options, and ``extra`` of the command.
    """
    places = {name: str(getattr(sandbox, name)) for name in ("home", "tmp", "state", "project")}
    environment = {
        "PATH": f"{sandbox.python.parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(sandbox.home),
        "TMPDIR": str(sandbox.tmp),
        "LANG": "C.UTF-8",
        "USER": "bench",
        "LOGNAME": "bench",
        "TZ": "UTC",
        "NO_COLOR": "1",
        "VIRTUAL_ENV": str(sandbox.python.parent.parent),
        **dict.fromkeys(THREADS, "1"),
    }
    layers = [manifest.environment, manifest.setups[setup].environment]
    layers += [manifest.options[option].environment for option in options]
    for layer in layers:
        for name, variable in layer.items():
            # Not format(), because a value such as JSON may contain other braces.
            environment[name] = PLACE.sub(lambda match: places.get(match[1], match[0]), variable.value)
    return {**environment, **extra}


def snapshot(sandbox: Sandbox) -> dict[str, tuple[int, int]]:
    """Return size and modification time of every file in the sandbox, by path."""
    return {
        path: (status.st_size, status.st_mtime_ns) for path, status in untrusted_files.walk(sandbox.root)
    }


def written_since(sandbox: Sandbox, before: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    """Return how many files are new or changed since ``before``, and their total size in bytes."""
    changed = [now for path, now in snapshot(sandbox).items() if before.get(path) != now]
    return len(changed), sum(size for size, _ in changed)


def empty_results(sandbox: Sandbox) -> None:
    """Make ``results`` an empty folder again, whatever a run has put there. Raises SandboxError."""
    left = untrusted_files.remove(sandbox.results)
    if left:
        raise SandboxError(f"cannot remove what a run has left in its results: {left[0]}")
    sandbox.results.mkdir(exist_ok=True)


def digest_results(sandbox: Sandbox) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return a hash of each file in ``results`` by relative path, and a list of entries that are not regular files.

    The digest of a link is its target, that of a FIFO or the like is its kind: they are named and not read. At most
    RESULT_BYTES are read in total. Returns nothing if the folder is gone or is a link, because then the run did not
    write where it should.
    """
    digests: dict[str, str] = {}
    odd: list[str] = []
    if sandbox.results.is_symlink():
        return digests, ()

    def unread(folder: str, error: OSError) -> None:
        # The name may be as long as a path can be.
        if Path(folder) != sandbox.results:
            odd.append(f"{_known(folder, sandbox)[:SHOWN]}: cannot be listed: {error.strerror}")

    left = RESULT_BYTES
    for path, status in untrusted_files.walk(sandbox.results, unread):
        known = _known(path, sandbox)
        try:
            if stat.S_ISLNK(status.st_mode):
                digests[known] = f"link to {_readable(os.readlink(path))}"  # noqa: PTH115 - the target may not be text
            else:
                digests[known] = untrusted_files.digest(path, left)[:32]
                left -= status.st_size
        except OSError as error:
            digests[known] = f"not read: {error.strerror}"
            odd.append(f"{known[:SHOWN]}: {error.strerror}")
    more = len(odd) - ODD_FILES
    told = sorted(odd)[:ODD_FILES] + ([f"and {more} more"] if more > 0 else [])
    return dict(sorted(digests.items())), tuple(told)


def _known(path: str, sandbox: Sandbox) -> str:
    return _readable(os.path.relpath(path, sandbox.results))


def _readable(name: str) -> str:
    """Return a name, which may not be UTF-8, as text that can be stored."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
