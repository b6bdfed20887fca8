"""A fresh home, temporary folder, state and results for one trial, and the variables its runs get."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from bench.contract.adapter import Sandbox
from bench.contract.adapter_manifest import Manifest
from bench.errors import SandboxError

__all__ = [
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


SMALL = 1_000_000
"""Bytes up to which an input file is kept as evidence; a larger one is made again from its source."""


def found_by_a_run(sandbox: Sandbox, rendered: Iterable[Path]) -> dict[str, Path]:
    """Return the files that a run finds, by their place in the sandbox: project, small input, libraries."""
    files = {f"project/{relative}": sandbox.project / relative for relative in rendered}
    for folder in (sandbox.data, sandbox.root / "library"):
        files |= {
            str(path.relative_to(sandbox.root)): path
            for path in folder.rglob("*")
            if path.is_file() and path.stat().st_size <= SMALL and "__pycache__" not in path.parts
        }
    return {relative: path for relative, path in sorted(files.items()) if path.is_file()}


def digest_files(files: Mapping[str, Path]) -> str:
    """Return a hash over names and bytes."""
    hasher = hashlib.sha256()
    for relative, path in files.items():
        hasher.update(relative.encode() + b"\0" + path.read_bytes() + b"\0")
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
            f"cannot make a sandbox in {parent}: {error.strerror}; free some room, or give another "
            "place by ORCHESTRATOR_BENCH_CACHE"
        ) from error
    return sandbox


def sweep(parent: Path) -> None:
    """Delete sandboxes whose bench was killed: their names tell its process, which is gone."""
    for root in parent.glob("s-*"):
        owner = root.name.split("-")[1]
        if owner.isdigit() and not Path("/proc", owner).exists():
            shutil.rmtree(root, ignore_errors=True)


def remove(sandbox: Sandbox) -> None:
    """Delete a sandbox; what cannot be deleted stays for ``bench clean``."""
    shutil.rmtree(sandbox.root, ignore_errors=True)


def build_environment(
    sandbox: Sandbox, manifest: Manifest, setup: str, options: tuple[str, ...], extra: Mapping[str, str]
) -> dict[str, str]:
    """Return all variables of a run: built from nothing, not inherited.

    Later ones win: the harness's own, the tool's, the setup's, the options', the command's ``extra``.
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
            environment[name] = variable.value.format(**places)
    return {**environment, **extra}


def snapshot(sandbox: Sandbox) -> dict[str, tuple[int, int]]:
    """Return size and change time of every file in the sandbox, by path."""
    found: dict[str, tuple[int, int]] = {}
    for folder, _, names in os.walk(sandbox.root):
        for name in names:
            path = os.path.join(folder, name)  # noqa: PTH118 - ten thousand files: half the time of pathlib
            try:
                status = os.lstat(path)
            except FileNotFoundError:
                continue
            found[path] = (status.st_size, status.st_mtime_ns)
    return found


def written_since(sandbox: Sandbox, before: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    """Return how many files are new or changed since ``before``, and their total size in bytes."""
    changed = [now for path, now in snapshot(sandbox).items() if before.get(path) != now]
    return len(changed), sum(size for size, _ in changed)


def empty_results(sandbox: Sandbox) -> None:
    """Make ``results`` an empty folder again, whatever a run has made of it."""
    if sandbox.results.is_symlink() or sandbox.results.is_file():
        sandbox.results.unlink()
    shutil.rmtree(sandbox.results, ignore_errors=True)
    sandbox.results.mkdir(exist_ok=True)


def digest_results(sandbox: Sandbox) -> dict[str, str]:
    """Return a hash of each file in ``results``, by its relative path; of a link, where it leads.

    Nothing where the folder is gone, or is a link itself: then the run did not write where it was told.
    """
    digests: dict[str, str] = {}
    if sandbox.results.is_symlink():
        return digests
    for folder, folders, names in os.walk(sandbox.results):
        links = [name for name in folders if Path(folder, name).is_symlink()]
        for name in (*names, *links):
            path = Path(folder, name)
            # A name need not be UTF-8, but what is stored has to be.
            known = os.fsencode(path.relative_to(sandbox.results)).decode("utf-8", "backslashreplace")
            if path.is_symlink():
                digests[known] = f"link to {path.readlink()}"
            else:
                digests[known] = hashlib.sha256(path.read_bytes()).hexdigest()[:32]
    return dict(sorted(digests.items()))
