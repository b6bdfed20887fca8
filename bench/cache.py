"""Where bench keeps what can be made anew: environments, data, sandboxes, compiled templates."""

import os
from pathlib import Path

__all__ = ["cache_folder"]


def cache_folder() -> Path:
    """Return the folder in which all of it is kept."""
    own = os.environ.get("ORCHESTRATOR_BENCH_CACHE")
    if own:
        return Path(own).absolute()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache").absolute() / "orchestrator-bench"
