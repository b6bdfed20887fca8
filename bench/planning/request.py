"""What was asked for on the command line."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.store.result_set import Store

__all__ = ["RunRequest", "request_of"]


@dataclass(frozen=True)
class RunRequest:
    """What was asked for on the command line, checked but not yet prepared."""

    tool: str
    scenario: tuple[str, ...]
    profile: str | None
    adapter: tuple[str, ...]
    pipeline: str | None
    seed: int
    jobs: int
    case: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return what a resumed run needs to ask for the same."""
        return {
            "tool": self.tool,
            "scenario": list(self.scenario),
            "profile": self.profile,
            "adapter": list(self.adapter),
            "pipeline": self.pipeline,
            "seed": self.seed,
            "jobs": self.jobs,
            "case": list(self.case),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "RunRequest":
        """Rebuild what :meth:`as_json` gave, with the home folder put back into paths."""
        pipeline = data["pipeline"]
        return cls(
            **{
                **data,
                "scenario": tuple(data["scenario"]),
                "case": tuple(data.get("case", ())),
                "adapter": tuple(_at_home(path) for path in data["adapter"]),
                "pipeline": None if pipeline is None else _at_home(pipeline),
            }
        )


def _at_home(path: str) -> str:
    return path.replace("<home>", str(Path.home()))


def request_of(output: Path) -> RunRequest:
    """Return the request of an unfinished result set. Raises StoreError where there is none."""
    return RunRequest.from_json(Store(output).read_manifest().request)
