"""What a user's pipeline requires of third parties, and the locks of all tools with it.

A pipeline states its requirements in ``requirements.in`` beside it, or in a block of its own file (PEP 723). They come
first: the shared pins of bench (``adapters/constraints.txt``) give way to them. The control's lock decides the one
version of each package that all tools then get. A tool whose own requirements cannot be met with that is refused,
with the reason of uv. Locks are kept in the cache folder, by all that decides them.
"""

import hashlib
import re
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from bench.contract.adapter import Adapter
from bench.environments import _uv
from bench.environments._uv import LOCK
from bench.errors import EnvironmentFault, PipelineError
from bench.folders import cache_folder

__all__ = ["Locks", "Requirements", "asked", "locks", "relocked"]

FILE = "requirements.in"
BLOCK = re.compile(r"(?m)^# /// script$\s(?P<content>(^#(| .*)$\s)+)^# ///$")
"""The pattern of PEP 723: https://peps.python.org/pep-0723/#specification"""
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


@dataclass(frozen=True)
class Requirements:
    """What a pipeline requires.

    lines: as in a requirements file. source: the file that states them. in_block: those of the lines that stand in
    the pipeline's own file.
    """

    lines: tuple[str, ...]
    source: Path
    in_block: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """Return the names of the packages, without versions."""
        found: list[str] = []
        for line in self.lines:
            try:
                found.append(canonicalize_name(Requirement(line.partition(" #")[0]).name))
            except InvalidRequirement:
                continue  # An option or a path, which uv judges.
        return found


@dataclass(frozen=True)
class Locks:
    """The locks of all tools. files: by tool; empty if a pipeline requires nothing. refused: by tool, why it has none.

    pins: version by package of what all tools have in common. asked: what the pipeline requires.
    """

    files: Mapping[str, Path] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    pins: Mapping[str, str] = field(default_factory=dict)
    asked: Requirements | None = None

    def lock_of(self, adapter: Adapter) -> str:
        """Return the lock file from which an adapter's environment is made."""
        found = self.files.get(adapter.manifest.name)
        return LOCK if found is None else str(found)

    @property
    def own_pins(self) -> dict[str, str]:
        """Return the versions of the packages that the pipeline itself names."""
        names = () if self.asked is None else self.asked.names
        return {name: self.pins[name] for name in names if name in self.pins}


def asked(file: Path) -> Requirements | None:
    """Return what the pipeline of a file requires; None if it states nothing. Raises PipelineError."""
    beside = file.with_name(FILE)
    source = beside if beside.is_file() else file
    try:
        block = _block(file)
        lines = (*block, *(_lines(beside.read_text(encoding="utf-8")) if beside.is_file() else ()))
    except (OSError, UnicodeDecodeError) as error:
        raise PipelineError(f"the requirements in {source} cannot be read: {error}") from error
    return Requirements(lines, source, block) if lines else None


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            yield line.strip()


def _block(file: Path) -> tuple[str, ...]:
    """Return the dependencies that the file states in a block of PEP 723. Raises PipelineError."""
    text = file.read_bytes().decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    found = BLOCK.search(text)
    if found is None:
        return ()
    content = "".join(
        line[2:] if line.startswith("# ") else line[1:]
        for line in found["content"].splitlines(keepends=True)
    )
    at = f"{file}:{text.count(chr(10), 0, found.start()) + 1}"
    try:
        stated = tomllib.loads(content).get("dependencies", [])
    except tomllib.TOMLDecodeError as error:
        raise PipelineError(f"{at}: the block '# /// script' is not valid TOML: {error}") from error
    if not isinstance(stated, list) or not all(isinstance(one, str) for one in stated):
        raise PipelineError(f'{at}: dependencies must be a list of texts, such as ["tabulate"]')
    return tuple(stated)


def locks(
    wanted: Requirements | None, adapters: Sequence[Adapter], say: Callable[[str], None] = lambda _: None
) -> Locks:
    """Return the locks of these adapters with what a pipeline requires; the control must be one of them.

    Raises PipelineError if the requirements cannot be met even without a tool, and EnvironmentFault if the
    package index cannot be reached.
    """
    if wanted is None:
        return Locks()
    control = next(one for one in adapters if one.manifest.role == "control")
    tools = [one for one in adapters if one.manifest.role == "tool"]
    folder = cache_folder() / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".lock"), tempfile.TemporaryDirectory(prefix="bench-lock-") as scratch:
        maker = _Maker(wanted, folder, Path(scratch), say)
        base = maker.lock(control, {})
        if isinstance(base, str):
            raise PipelineError(f"the requirements of {wanted.source} cannot be met: {base}")
        pins, files, refused = _agree(maker, control, tools, base)
    return Locks({control.manifest.name: maker.last_control or base, **files}, refused, pins, wanted)


def relocked(wanted: Requirements, stated: str, before: str) -> tuple[str, str]:
    """Return requirements with those of a pipeline added, and their lock with hashes for all platforms.

    stated: the lines of a requirements file; before: its lock, whose versions are kept where they fit. Raises
    PipelineError if both cannot be met together, and EnvironmentFault if the package index cannot be reached.
    """
    together = f"{stated.rstrip()}\n# What the pipeline requires.\n" + "".join(
        f"{one}\n" for one in wanted.lines
    )
    with tempfile.TemporaryDirectory(prefix="bench-lock-") as folder:
        source, target = Path(folder, "requirements.in"), Path(folder, "requirements.txt")
        source.write_text(together, encoding="utf-8")
        target.write_text(before, encoding="utf-8")
        command = [
            "pip",
            "compile",
            "--quiet",
            "--universal",
            "--python-version",
            "3.11",
            "--generate-hashes",
        ]
        command += ["--no-annotate", "--no-header", "--no-emit-index-url", "--no-emit-find-links"]
        done = _uv.run([*command, str(source), "-o", str(target)])
        if done.returncode != 0:
            fault = EnvironmentFault if _uv.unreachable(done.stderr) else PipelineError
            raise fault(f"the requirements of {wanted.source} cannot be locked: {_uv.reason(done.stderr)}")
        return together, target.read_text(encoding="utf-8")


@dataclass
class _Maker:
    """Makes and keeps locks. scratch: a folder for its files."""

    wanted: Requirements
    folder: Path
    scratch: Path
    say: Callable[[str], None]
    last_control: Path | None = None

    def lock(self, adapter: Adapter, pins: Mapping[str, str]) -> Path | str:
        """Return the lock of an adapter with these pins, or uv's reason why there is none.

        Raises EnvironmentFault if the package index cannot be reached.
        """
        own, before = adapter.folder / "requirements.in", adapter.folder / "locks" / LOCK
        interpreter, version = _uv.interpreter(adapter.manifest, None)
        told = "\n".join(f"{name}=={one}" for name, one in sorted(pins.items()))
        lines = "\n".join(self.wanted.lines)
        decisive = [own.read_bytes(), before.read_bytes(), told.encode(), lines.encode(), version.encode()]
        digest = hashlib.sha256(b"\0".join(decisive)).hexdigest()[:16]
        kept = self.folder / f"{adapter.manifest.name}-{digest}.txt"
        if kept.is_file():
            return kept
        self.say(f"resolving the requirements of {self.wanted.source.name} for {adapter.manifest.name}")
        part = kept.with_suffix(".part")
        # uv prefers the versions that stand in the file to be written: those that bench itself measures with.
        shutil.copyfile(before, part)
        constraints = self.scratch / "pins.txt"
        constraints.write_text(told + "\n")
        block = self.scratch / "pipeline.in"
        block.write_text("\n".join(self.wanted.in_block) + "\n", encoding="utf-8")
        stated = [str(block)]
        if self.wanted.source.name == FILE:
            stated.append(str(self.wanted.source))
        command = ["pip", "compile", "--quiet", "--python", str(interpreter), "--generate-hashes"]
        command += ["--no-annotate", "--no-header", "--no-emit-index-url", "--no-emit-find-links"]
        command += ["-c", str(constraints), str(own), *stated, "-o", str(part)]
        done = _uv.run(command)
        if done.returncode != 0 and _uv.unreachable(done.stderr):
            first, done = done, _uv.run([*command, "--offline"])
            if done.returncode != 0:
                raise EnvironmentFault(
                    f"the requirements of {self.wanted.source} cannot be resolved: the package index cannot be "
                    f"reached ({_uv.reason(first.stderr)}); run once with a network"
                )
        if done.returncode != 0:
            part.unlink(missing_ok=True)
            return _uv.reason(done.stderr)
        part.replace(kept)
        return kept


def _agree(
    maker: _Maker, control: Adapter, tools: Sequence[Adapter], base: Path
) -> tuple[dict[str, str], dict[str, Path], dict[str, str]]:
    """Return the common pins, the lock of each tool, and why the other tools have none.

    If a tool cannot take a version that the pipeline does not insist on, the version that the tool takes becomes
    the common one, as long as the control and the tools before it can take that, too.
    """
    pins = _pins(base)
    files: dict[str, Path] = {}
    refused: dict[str, str] = {}
    for tool in tools:
        name = tool.manifest.name
        try:
            found = maker.lock(tool, pins)
        except EnvironmentFault as error:
            if "package index" in str(error):
                raise
            continue  # No Python for it; making its environment says so.
        if isinstance(found, Path):
            files[name] = found
            continue
        moved = _moved(maker, control, tool, pins)
        others = [one for one in tools if one.manifest.name in files]
        if moved is not None and (again := _all(maker, others, moved)) is not None:
            pins, files = moved, again
            both = maker.lock(tool, pins)
            if isinstance(both, Path):
                files[name] = both
                continue
        refused[name] = f"what the pipeline requires cannot be installed beside it: {found}"
    return pins, files, refused


def _moved(
    maker: _Maker, control: Adapter, tool: Adapter, pins: Mapping[str, str]
) -> dict[str, str] | None:
    """Return common pins that a tool can take, if the pipeline's requirements leave room for them."""
    alone = maker.lock(tool, {})
    if isinstance(alone, str):
        return None
    taken = _pins(alone)
    base = maker.lock(control, {name: taken[name] for name in pins if name in taken})
    if isinstance(base, str):
        return None
    maker.last_control = base
    return _pins(base)


def _all(maker: _Maker, tools: Sequence[Adapter], pins: Mapping[str, str]) -> dict[str, Path] | None:
    """Return the locks of all these tools with the pins; None if one of them cannot take these."""
    found = {tool.manifest.name: maker.lock(tool, pins) for tool in tools}
    paths = {name: one for name, one in found.items() if isinstance(one, Path)}
    return paths if len(paths) == len(found) else None


def _pins(lock: Path) -> dict[str, str]:
    return {canonicalize_name(name): version for name, version in PIN.findall(lock.read_text())}
