"""How long users' pipelines took in plain Python on this machine, by digest; for later plans."""

import msgspec

from bench.folders import cache_folder

__all__ = ["keep", "seconds"]


def keep(digest: str, took: float) -> None:
    """Keep how many seconds the pipeline of this digest took."""
    path = cache_folder() / "costs" / "pipelines" / f"{digest}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.encode(round(took, 2)))


def seconds(digest: str) -> float | None:
    """Return how many seconds the pipeline of this digest took; None if it was never run here."""
    try:
        return msgspec.json.decode(
            (cache_folder() / "costs" / "pipelines" / f"{digest}.json").read_bytes(), type=float
        )
    except (OSError, msgspec.MsgspecError):
        return None
