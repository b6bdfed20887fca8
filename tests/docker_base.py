"""A base image for docker builds, made from this machine's own files: no registry is needed."""

import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

COMMANDS = ("sh", "env", "mkdir", "mktemp", "rm", "ls", "cat")
"""What Dockerfiles and entry points of the launchpads call, beside Python."""


def missing() -> str:
    """Return why no image can be built here, or nothing where a Docker engine answers."""
    docker = shutil.which("docker")
    if docker is None:
        return "docker is not installed"
    asked = subprocess.run(
        [docker, "version", "--format", "{{.Server.Version}}"], capture_output=True, text=True, check=False
    )
    return "" if asked.returncode == 0 else f"no Docker engine answers: {asked.stderr.strip()[:200]}"


def load(name: str, site_packages: Path) -> None:
    """Import this Python, a few commands and installed packages as the image ``name``."""
    prefix = Path(sys.base_prefix)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    commands = [Path(str(shutil.which(command))).resolve() for command in COMMANDS]
    binary = (prefix / "bin" / version).resolve()
    library = prefix / "lib" / version
    modules = [*(library / "lib-dynload").glob("*.so"), *site_packages.rglob("*.so*")]
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder, "base.tar")
        with tarfile.open(archive, "w") as tar:
            tar.add(library, f"usr/local/lib/{version}", filter=_without_packages)
            tar.add(site_packages, f"usr/local/lib/{version}/site-packages")
            if not (site_packages / "pip").is_dir():
                for part in (library / "site-packages").glob("pip*"):
                    tar.add(part, f"usr/local/lib/{version}/site-packages/{part.name}")
            for alias in ("python", "python3", version):
                tar.add(binary, f"usr/local/bin/{alias}")
            for name_, command in zip(COMMANDS, commands, strict=True):
                tar.add(command, f"bin/{name_}")
            for needed in sorted({*_needed([binary, *commands, *modules])}):
                tar.add(Path(needed).resolve(), needed.lstrip("/"))
            for script in sorted(site_packages.parents[2].joinpath("bin").iterdir()):
                _add_script(tar, script)
            _add_folder(tar, "tmp")
        subprocess.run(
            [
                *("docker", "import", "--change", "ENV PATH=/usr/local/bin:/bin:/usr/bin"),
                *("--change", 'CMD ["python"]', str(archive), name),
            ],
            check=True,
            capture_output=True,
        )


def _without_packages(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if re.search(r"/(site-packages|test|__pycache__)(/|$)", member.name) else member


def _needed(files: Iterable[Path]) -> Iterator[str]:
    """Yield the shared libraries of the system that these files are linked with."""
    told = subprocess.run(["ldd", *map(str, files)], capture_output=True, text=True, check=False).stdout
    for path in re.findall(r"(/\S+) \(0x", told):
        if path.startswith(("/lib", "/usr/lib", sys.base_prefix)):
            yield path


def _add_script(tar: tarfile.TarFile, script: Path) -> None:
    """Add an installed command, to be run by the image's Python."""
    with script.open("rb") as file:
        first = file.readline()
        rest = file.read()
    if script.is_symlink() or not first.startswith(b"#!") or b"python" not in first:
        return
    with tempfile.NamedTemporaryFile() as copy:
        copy.write(b"#!/usr/local/bin/python\n" + rest)
        copy.flush()
        member = tar.gettarinfo(copy.name, f"usr/local/bin/{script.name}")
        member.mode = 0o755
        copy.seek(0)
        tar.addfile(member, copy)


def _add_folder(tar: tarfile.TarFile, name: str) -> None:
    member = tarfile.TarInfo(name)
    member.type = tarfile.DIRTYPE
    member.mode = 0o1777
    tar.addfile(member)
