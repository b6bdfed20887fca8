"""Runs uv with the user's settings, and reports its errors in one line."""

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import get_args

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from bench.contract.adapter_manifest import Manifest
from bench.contract.driver import Purpose
from bench.environments import guarded_commands
from bench.errors import AdapterError, EnvironmentFault

__all__ = [
    "EARLIER",
    "LAUNCHPAD",
    "LAUNCHPAD_DEV",
    "LOCK",
    "interpreter",
    "lock",
    "lock_besides",
    "lock_earlier",
    "lock_launchpad",
    "other",
    "reason",
    "run",
    "unreachable",
]

LOCK, EARLIER = "requirements.txt", "earlier.txt"
LAUNCHPAD, LAUNCHPAD_DEV = "launchpad.txt", "launchpad-dev.txt"
"""The locks of an adapter: for the measured version, for the previous minor version, for its launchpad, and for the
tests and style checks of the launchpad. Each purpose below has a lock of its own name."""
LOWEST = ">=3.11"
"""The locks are valid for this Python version and later."""

UNREACHABLE = re.compile(
    r"dns error|lookup address|connection refused|network is unreachable|tcp connect|client error|"
    r"error sending request|connectivity is disabled|timed out|unsuccessful tunnel|proxy",
    re.IGNORECASE,
)
DRAWING = re.compile(r"^[\s\u00d7\u2570\u2500\u25b6\u2502\u251c]+")
"""The characters with which uv draws its errors."""


def run(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """Run uv with the user's proxies, certificates and index, but never let it download a Python."""
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv is None:
        raise EnvironmentFault("uv is not installed, it makes the tools' environments; try: pip install uv")
    dropped = {"PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV", "CONDA_PREFIX"}
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    environment |= {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1", "NO_COLOR": "1"}
    done = guarded_commands.run([uv, *arguments], env=environment)
    stdout, stderr = (stream.decode(errors="replace") for stream in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(done.args, done.returncode, stdout, stderr)


def unreachable(stderr: str) -> bool:
    """Whether uv failed because it could not reach the package index."""
    return UNREACHABLE.search(stderr) is not None


def reason(stderr: str) -> str:
    """Return uv's own words from its last error on, as one line without drawing."""
    lines = stderr.splitlines()
    starts = [number for number, line in enumerate(lines) if line.lstrip().startswith(("error", "\u00d7"))]
    plain = [DRAWING.sub("", line).strip() for line in (lines[starts[-1] :] if starts else lines)]
    told = [line for line in plain if line and not line.startswith(("hint:", "warning:"))]
    text = " ".join(told[-12:]).removeprefix("error: ").rstrip(".")
    return text if len(text) <= 500 else f"{text[:240]} ... {text[-240:]}"


def lock(adapter_folder: Path, *, upgrade: bool = False) -> Path:
    """Update the adapter's lock from its requirements and the shared constraints.

    Locked packages keep their version unless ``upgrade``. Raises EnvironmentFault.
    """
    return _compile(adapter_folder, LOCK, ["--upgrade"] if upgrade else [])


def lock_earlier(adapter_folder: Path, manifest: Manifest) -> Path:
    """Write the lock of the previous minor version, which the manifest names, from the same requirements.

    All other packages keep the versions of the adapter's lock if the previous version allows them, so that
    only the tool differs. Raises EnvironmentFault.
    """
    if manifest.earlier is None:
        raise EnvironmentFault(
            f"adapter '{manifest.name}' names no [earlier] version, so there is none to lock"
        )
    target = adapter_folder / "locks" / EARLIER
    shutil.copyfile(adapter_folder / "locks" / LOCK, target)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as override:
        override.write(f"{manifest.package}=={manifest.earlier.version}\n")
        override.flush()
        return _compile(adapter_folder, EARLIER, ["--override", override.name])


def lock_besides(adapter_folder: Path) -> list[Path]:
    """Write the locks of the additional packages for each purpose, at the versions of the adapter's own lock.

    There is one lock for each ``requirements-<purpose>.in`` of the adapter. Raises EnvironmentFault.
    """
    written = []
    for purpose in get_args(Purpose):
        more = adapter_folder / f"requirements-{purpose}.in"
        if more.is_file():
            name = f"{purpose}.txt"
            shutil.copyfile(adapter_folder / "locks" / LOCK, adapter_folder / "locks" / name)
            written.append(_compile(adapter_folder, name, [str(more)]))
    return written


def lock_launchpad(adapter_folder: Path) -> tuple[Path, Path]:
    """Write the locks of the launchpad: for running it, and for its tests and style checks.

    Packages that the adapter has locked keep their version. Raises EnvironmentFault.
    """
    locks = adapter_folder / "locks"
    asked = adapter_folder / "launchpad" / "requirements.in"
    more = [str(asked)] if asked.is_file() else []
    needed = _compile(adapter_folder, LAUNCHPAD, ["-c", str(locks / LOCK), *more])
    tools = Path(__file__).parents[1] / "commands" / "skeleton" / "requirements-dev.in"
    return needed, _compile(adapter_folder, LAUNCHPAD_DEV, ["-c", str(needed)], tools)


def _compile(adapter_folder: Path, name: str, more: list[str], source: Path | None = None) -> Path:
    target = adapter_folder / "locks" / name
    target.parent.mkdir(exist_ok=True)
    command = ["pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
    command += ["--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    command += ["--custom-compile-command", f"bench lock {adapter_folder.name}"]
    constraints = adapter_folder.parent / "constraints.txt"
    if constraints.is_file():
        command += ["-c", str(constraints)]
    done = run([*command, *more, str(source or adapter_folder / "requirements.in"), "-o", str(target)])
    if done.returncode != 0:
        raise EnvironmentFault(f"lock of '{adapter_folder.name}' cannot be made: {reason(done.stderr)}")
    return target


def interpreter(manifest: Manifest, python: Path | None) -> tuple[Path, str]:
    """Return the given interpreter, else this one, else one that uv finds; never download one."""
    try:
        supported = SpecifierSet(manifest.python) & SpecifierSet(LOWEST)
    except InvalidSpecifier as error:
        raise AdapterError(f"adapter '{manifest.name}': python = '{manifest.python}': {error}") from error
    own = Path(sys.executable), platform.python_version()
    chosen = own if python is None else (python, _version(python))
    if supported.contains(chosen[1], prereleases=True):
        return chosen
    if python is None:
        found = run(["python", "find", "--quiet", "--no-project", "--system", str(supported)])
        path = found.stdout.strip()
        if found.returncode == 0 and path:
            return Path(path), _version(Path(path))
    hint = "install one" if python is None else "give the path of such a Python"
    raise EnvironmentFault(
        f"environment of '{manifest.name}': Python {chosen[1]} at {chosen[0]} will not do, "
        f"{manifest.display} needs {supported}; {hint}"
    )


def other(manifest: Manifest, than: str) -> Path | None:
    """Return an installed Python of another minor version that the tool supports; None if there is none.

    uv may find it, or it may lie beside this Python, where version managers put it.
    """
    supported = SpecifierSet(manifest.python) & SpecifierSet(LOWEST)
    minor = int(than.split(".")[1])
    for candidate in (minor + 1, minor - 1, minor + 2):
        found = run(["python", "find", "--quiet", "--no-project", "--system", f"3.{candidate}"])
        told = found.stdout.strip()
        known = [Path(told)] if found.returncode == 0 and told else []
        beside = sorted(Path(sys.base_prefix).parent.glob(f"*/bin/python3.{candidate}"))
        for path in (*known, *beside):
            if supported.contains(_version(path), prereleases=True):
                return path
    return None


def _version(python: Path) -> str:
    done = guarded_commands.run(
        [str(python), "-I", "-c", "import platform; print(platform.python_version())"]
    )
    told = done.stdout.decode(errors="replace").strip()
    if done.returncode != 0 or not told:
        why = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or [
            f"exit code {done.returncode}"
        ]
        raise EnvironmentFault(f"{python} is no Python that can be run: {why[0]}")
    return told
