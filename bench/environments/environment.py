"""One virtual environment per tool, lock and Python, made by uv and kept.

An environment lies in the cache folder as ``environments/<tool>-<digest>``. It is made in place,
because a virtual environment cannot be moved. Its marker ``ready.json`` is written last; a folder
without the marker is removed and made again. A lock file beside it
keeps two processes from making it at once.
"""

import hashlib
import json
import platform
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock
from packaging.utils import canonicalize_name

from bench.contract.adapter_manifest import Manifest, Setup
from bench.contract.driver import Purpose
from bench.environments import _installed, _releases, _uv, guarded_commands
from bench.environments._uv import EARLIER, LOCK, lock, lock_besides, lock_earlier, lock_launchpad
from bench.errors import EnvironmentFault
from bench.folders import cache_folder
from bench.host import untrusted_files

__all__ = [
    "EARLIER",
    "Environment",
    "Event",
    "Request",
    "besides",
    "discard",
    "earlier",
    "ensure",
    "ensure_all",
    "helpers",
    "lock",
    "lock_besides",
    "lock_earlier",
    "lock_launchpad",
    "lookup",
    "verify",
]


@dataclass(frozen=True)
class Environment:
    """A ready environment of one tool.

    digest: of the lock's bytes and the interpreter's version. version: of the tool, as installed.
    packages: version by name. seconds: time to make it. size: bytes of its files. made: when.
    released: day on which this version of the tool was uploaded to the package index. newest, newest_released:
    the newest version at the time when the environment was made, and its day. None if the index could not
    be asked or does not say the day.
    """

    tool: str
    python: Path
    folder: Path
    digest: str
    version: str
    packages: dict[str, str]
    seconds: float
    size: int
    interpreter: str
    made: str | None = None
    released: str | None = None
    newest: str | None = None
    newest_released: str | None = None


@dataclass(frozen=True)
class Request:
    """A requested environment.

    python: path of an interpreter, or None to find one. lock_file: name of one of the adapter's locks, or a path.
    """

    folder: Path
    manifest: Manifest
    python: Path | None = None
    lock_file: str = LOCK


@dataclass(frozen=True)
class Event:
    """An event of one environment; ``text`` is a line for people."""

    tool: str
    kind: Literal["found", "making", "made", "failed"]
    text: str


@dataclass(frozen=True)
class _Place:
    """The place of an environment, which may not exist yet, and what it is made from."""

    tool: str
    package: str
    folder: Path
    digest: str
    requirements: Path
    interpreter: Path
    interpreter_version: str

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def marker(self) -> Path:
        return self.folder / "ready.json"

    def beside(self, suffix: str) -> Path:
        return self.folder.with_name(self.folder.name + suffix)


def lookup(adapter_folder: Path, manifest: Manifest, lock_file: str = LOCK) -> Environment | None:
    """Return the tool's environment if it exists, else None. Raises EnvironmentFault as :func:`ensure`."""
    return _read(_place(adapter_folder, manifest, None, lock_file))


def ensure(
    adapter_folder: Path,
    manifest: Manifest,
    python: Path | None = None,
    on_event: Callable[[Event], None] = lambda _: None,
    lock_file: str = LOCK,
) -> Environment:
    """Return the tool's environment; make it if it does not exist.

    Raises EnvironmentFault with uv's own reason, or with the suitable versions of Python.
    """
    place = _place(adapter_folder, manifest, python, lock_file)
    environment = _read(place)
    if environment is not None:
        on_event(Event(place.tool, "found", f"{place.tool} {environment.version} is there"))
        return environment
    try:
        place.folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(place.beside(".lock")):
            environment = _read(place)
            if environment is None:
                on_event(Event(place.tool, "making", f"making the environment of {place.tool}"))
                environment = _make(place)
    except OSError as error:
        raise EnvironmentFault(
            f"environment of '{place.tool}' cannot be made in {place.folder.parent}: "
            f"{error.strerror or error}; set ORCHESTRATOR_BENCH_CACHE to a folder with room"
        ) from error
    megabytes = environment.size / 1e6
    text = f"{place.tool} {environment.version}: {environment.seconds:.1f} s, {megabytes:.0f} MB"
    on_event(Event(place.tool, "made", text))
    return environment


def elsewhere(adapter_folder: Path, manifest: Manifest) -> Environment | None:
    """Return the tool's environment with another Python minor version; None if no such Python is installed.

    Raises EnvironmentFault as :func:`ensure`.
    """
    other = _uv.other(manifest, platform.python_version())
    return None if other is None else ensure(adapter_folder, manifest, other)


def earlier(adapter_folder: Path, manifest: Manifest) -> Environment | None:
    """Return the environment of the tool's previous minor version; None if the manifest names none.

    Raises EnvironmentFault as :func:`ensure`.
    """
    return None if manifest.earlier is None else ensure(adapter_folder, manifest, lock_file=EARLIER)


def besides(adapter_folder: Path, manifest: Manifest, purpose: Purpose) -> Environment | None:
    """Return the environment with the additional packages for a purpose; None if the tool's own is enough.

    Raises EnvironmentFault as :func:`ensure`.
    """
    lock_file = f"{purpose}.txt"
    if not (adapter_folder / "locks" / lock_file).is_file():
        return None
    return ensure(adapter_folder, manifest, lock_file=lock_file)


def helpers(folder: Path, package: str) -> Environment:
    """Return an environment with programs that a scenario needs besides the tools, from the lock in ``folder``.

    package: its version becomes the version of the environment. Raises EnvironmentFault as :func:`ensure`.
    """
    setups = {"local": Setup(mode="in process", run_by="")}
    manifest = Manifest(
        name=folder.name, display=folder.name, homepage="", licence="", package=package, python=">=3.10",
        default_setup="local", setups=setups,
    )  # fmt: skip
    return ensure(folder, manifest)


def ensure_all(
    requests: Iterable[Request], on_event: Callable[[Event], None] = lambda _: None
) -> dict[str, Environment | EnvironmentFault]:
    """Make several environments, two at a time; return, by tool, the environment or the reason of the failure.

    Only one thread at a time calls ``on_event``.
    """
    turn = threading.Lock()

    def tell(event: Event) -> None:
        with turn:
            on_event(event)

    def one(request: Request) -> Environment | EnvironmentFault:
        try:
            return ensure(request.folder, request.manifest, request.python, tell, request.lock_file)
        except EnvironmentFault as fault:
            tell(Event(request.manifest.name, "failed", str(fault)))
            return fault

    wanted = list(requests)
    with ThreadPoolExecutor(max_workers=2, thread_name_prefix="environment") as pool:
        futures = {request.manifest.name: pool.submit(one, request) for request in wanted}
        try:
            return {tool: future.result() for tool, future in futures.items()}
        except BaseException:
            # When the harness has to end, it does not wait for uv.
            with guarded_commands.ended():
                pool.shutdown(cancel_futures=True)
            raise


def verify(environment: Environment, manifest: Manifest) -> list[str]:
    """Return files that differ from the packages' own records, and files that were added, removed or written since.

    Files that the tool itself writes into its installation, as its manifest says, are left out.
    Paths are relative to the environment's packages. The check takes half a second for an environment of 800 MB.
    """
    own = [one.pattern for one in manifest.installation_writes]
    return _installed.altered(environment.folder, own)


def discard(environment: Environment) -> None:
    """Remove an environment, so that the next :func:`ensure` makes it again."""
    with FileLock(environment.folder.with_name(environment.folder.name + ".lock")):
        (environment.folder / "ready.json").unlink(missing_ok=True)
        untrusted_files.remove(environment.folder)


def _place(adapter_folder: Path, manifest: Manifest, python: Path | None, lock_file: str) -> _Place:
    requirements = adapter_folder / "locks" / lock_file
    try:
        text = requirements.read_bytes()
    except OSError as error:
        raise EnvironmentFault(
            f"environment of '{manifest.name}': {requirements} cannot be read ({error.strerror}); "
            f"make it: bench lock {manifest.name}"
        ) from error
    interpreter, version = _uv.interpreter(manifest, python)
    digest = hashlib.sha256(text + b"\0" + version.encode()).hexdigest()
    folder = cache_folder() / "environments" / f"{manifest.name}-{digest[:16]}"
    return _Place(manifest.name, manifest.package, folder, digest, requirements, interpreter, version)


def _read(place: _Place) -> Environment | None:
    try:
        marker = json.loads(place.marker.read_bytes())
        fields = {key: marker[key] for key in ("version", "packages", "seconds", "size", "interpreter")}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not place.python.exists():  # Its base interpreter was removed or moved.
        return None
    # Older environments lack some of these values.
    fields |= {key: marker.get(key) for key in ("made", "released", "newest", "newest_released")}
    return Environment(place.tool, place.python, place.folder, place.digest, **fields)


def _make(place: _Place) -> Environment:
    log = place.beside(".log")
    log.unlink(missing_ok=True)
    left = untrusted_files.remove(place.folder)
    if left:
        raise EnvironmentFault(
            f"environment of '{place.tool}': what is left of an earlier one cannot be removed: {left[0]}; remove it"
        )
    begun = time.monotonic()
    _step(place, log, ["venv", "--python", str(place.interpreter), str(place.folder)])
    install = ["pip", "install", "--python", str(place.python), "--require-hashes", "--compile-bytecode"]
    install += ["-r", str(place.requirements)]
    _step(place, log, install)
    if _installed.altered(place.folder):
        # Files are hard links into uv's cache, so a write to an older environment also changed the cache.
        _step(place, log, [*install, "--reinstall", "--no-cache"])
    seconds = time.monotonic() - begun
    packages = _installed.packages(place.folder)
    version = _tool_version(place, packages)
    environment = Environment(
        tool=place.tool,
        python=place.python,
        folder=place.folder,
        digest=place.digest,
        version=version,
        packages=packages,
        seconds=round(seconds, 3),
        size=untrusted_files.size(place.folder),
        interpreter=place.interpreter_version,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        **_releases.told(place.python, place.package, version),
    )
    _installed.keep(place.folder)
    part = place.beside(".part")
    part.write_text(json.dumps(asdict(environment), indent=1, default=str))
    part.replace(place.marker)
    return environment


def _tool_version(place: _Place, packages: Mapping[str, str]) -> str:
    if place.package == "python":
        return place.interpreter_version
    try:
        return packages[canonicalize_name(place.package)]
    except KeyError:
        raise EnvironmentFault(
            f"environment of '{place.tool}': its lock does not install '{place.package}', the package that "
            f"adapter.toml names; add it to requirements.in, then: bench lock {place.tool}"
        ) from None


def _step(place: _Place, log: Path, arguments: list[str]) -> None:
    done = _uv.run(arguments)
    if done.returncode != 0 and _uv.unreachable(done.stderr) and arguments[0] == "pip":
        first, done = done, _uv.run([*arguments, "--offline"])
        if done.returncode != 0:
            log.write_text(first.stderr)
            raise EnvironmentFault(
                f"environment of '{place.tool}': the package index cannot be reached, and not all packages "
                f"are in uv's cache ({_uv.reason(first.stderr)}); run once with a network. Full log: {log}"
            )
    if done.returncode != 0:
        log.write_text(done.stderr)
        raise EnvironmentFault(
            f"environment of '{place.tool}' could not be made: {_uv.reason(done.stderr)}. Full log: {log}"
        )
