"""How long users' pipelines took in plain Python on this machine, by digest; for later plans."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from bench.folders import cache_folder

__all__ = ["Own", "keep", "seconds"]

BASE = "reference/flights/small"
"""The trial of which the control's time stands for one run of the reference pipeline, which the user's replaces."""


RUNS = 2
"""Runs of a trial of which nothing is known yet."""


@dataclass(frozen=True)
class Own:
    """The user's pipeline in a plan. seconds: of its run in plain Python; None if it was never run here."""

    name: str
    seconds: float | None

    def scaled(self, kind: str, tool: Mapping[str, float], control: Mapping[str, float]) -> float | None:
        """Return the seconds of a trial on this pipeline, from those on the reference pipeline.

        What the tool adds to plain Python stays; what plain Python takes grows with the pipeline. tool, control: their
        known seconds by kind of trial. A kind that is asked only of users' pipelines counts as two runs.
        """
        base = control.get(BASE)
        took = tool.get(kind, RUNS * tool[BASE] if BASE in tool else None)
        if took is None or self.seconds is None or not base:
            return None
        plain = control.get(kind, RUNS * base)
        return max(0.0, took - plain) + plain * self.seconds / base


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
