"""The request from the command line."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from bench.errors import StoreError
from bench.host import untrusted_files
from bench.store.result_set import Store

__all__ = ["FILE", "RunRequest", "keep", "request_of"]

FILE = "request.json"
ANEW = "measure anew, into another --output"


class _Kept(msgspec.Struct, kw_only=True):
    """What the file holds."""

    tool: str
    scenario: list[str]
    profile: str | None
    adapter: list[str]
    pipeline: str | None
    seed: int
    jobs: int
    case: list[str] = []
    time_limit: float | None = None


@dataclass(frozen=True)
class RunRequest:
    """A request from the command line, checked but not yet prepared.

    time_limit: in seconds, for reading the user's pipeline and for running it in plain Python; None for the defaults.
    """

    tool: str
    scenario: tuple[str, ...]
    profile: str | None
    adapter: tuple[str, ...]
    pipeline: str | None
    seed: int
    jobs: int
    case: tuple[str, ...] = ()
    time_limit: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the request as JSON values, for a resumed run."""
        return {
            "tool": self.tool,
            "scenario": list(self.scenario),
            "profile": self.profile,
            "adapter": list(self.adapter),
            "pipeline": self.pipeline,
            "seed": self.seed,
            "jobs": self.jobs,
            "case": list(self.case),
            "time_limit": self.time_limit,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "RunRequest":
        """Rebuild a request from the result of :meth:`as_json`."""
        lists = {name: tuple(data.get(name, ())) for name in ("scenario", "case", "adapter")}
        return cls(**{**data, **lists})


def keep(output: Path, request: RunRequest) -> None:
    """Write the unredacted request to the folder of its result set, readable only by its owner.

    It has private paths, so it is not published. Raises OSError.
    """
    part = output / f"{FILE}.part"
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor has no path
        file.write(msgspec.json.format(msgspec.json.encode(request.as_json()), indent=1) + b"\n")
        file.flush()
        os.fsync(descriptor)
    part.replace(output / FILE)


def request_of(output: Path) -> RunRequest:
    """Return the request of an unfinished result set. Raises StoreError if there is none."""
    path = output / FILE
    try:
        data = msgspec.json.decode(untrusted_files.read(path), type=_Kept)
    except FileNotFoundError:
        return _published(output)
    except (OSError, msgspec.MsgspecError) as error:
        raise StoreError(f"{path} cannot be read ({error}); {ANEW}") from error
    return RunRequest.from_json(msgspec.structs.asdict(data))


def _published(output: Path) -> RunRequest:
    """Return the request from the manifest, if no private text was removed from it."""
    data = Store(output).read_manifest().request
    if not data or "<" in msgspec.json.encode(data).decode():
        raise StoreError(
            f"{output / FILE} is missing, which says where pipeline and adapters lie: it is not published with a "
            f"result set; {ANEW}"
        )
    return RunRequest.from_json(data)
