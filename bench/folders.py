"""Where bench keeps what it can make again, and where its own data lie."""

import os
from pathlib import Path

__all__ = ["cache_folder", "data_folder"]


def cache_folder() -> Path:
    """Return the folder of everything that can be made again: environments, data, sandboxes."""
    own = os.environ.get("ORCHESTRATOR_BENCH_CACHE")
    if own:
        return Path(own).absolute()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache").absolute() / "orchestrator-bench"


def data_folder(name: str) -> Path:
    """Return a folder that comes with bench (``adapters``, ``scenarios``, ...), of a checkout or of a wheel."""
    package = Path(__file__).parent
    inside = package / "_data" / name
    return inside if inside.is_dir() else package.parent / name
