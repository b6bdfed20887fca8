"""Makes stored facts by hand, for tests of what is computed from them."""

from typing import Any

from bench.contract.records import Attempt, BodyRun, Command, Digest, Ended, Run, Target, Trial, Usage
from bench.pipeline import File, Pipeline

__all__ = ["attempt", "chain", "run", "target", "trial"]

SECOND = 1_000_000_000


def begin(results: str) -> dict[str, int]:
    """Begin; the results are where a run would write."""
    return {"steps": len(results)}


def finish(value: dict[str, int], results: str) -> None:
    """End; only the signature is used."""


def chain() -> Pipeline:
    """Two stages, one after the other."""
    flow = Pipeline("chain")
    results = flow.parameter("results", File)
    value = flow.stage(begin, results=results)
    flow.stage(finish, value=value, results=results)
    return flow


def target(tool: str = "tool", **changes: Any) -> Target:
    """Return a target."""
    fields: dict[str, Any] = {
        "tool": tool,
        "role": {"control": "control", "aa": "aa check"}.get(tool, "tool"),
        "setup": "local",
        "version": "1.0",
        "mode": "in process",
        "adapter_hash": "a",
        "environment_hash": "e",
    }
    return Target(**{**fields, **changes})


def trial(
    tool: str = "tool", block: int = 0, scenario: str = "startup", case: str = "hello", order: int = 0
) -> Trial:
    """Return a trial; its key says where it stands."""
    return Trial(
        target=target(tool),
        scenario=scenario,
        case=case,
        pipeline="chain",
        size="small",
        block=block,
        order=order,
        key=f"{tool}-{scenario}-{case}-{block}",
    )


def run(seconds: float = 1.0, **changes: Any) -> Run:
    """Return a good run of the chain whose first body starts half-way."""
    half, whole = int(seconds * SECOND / 2), int(seconds * SECOND)
    fields: dict[str, Any] = {
        "role": "fresh",
        "command": Command(argv=("tool", "run"), cwd="<sandbox>/project"),
        "started": 1000.0,
        "marks": {"spawn": 0, "first_body": half, "last_body": half, "exit": whole, "empty": whole},
        "ended": Ended(exit_code=0),
        "usage": Usage(
            user_s=1.0,
            system_s=0.5,
            cpu_method="cgroup",
            peak_bytes=50_000_000,
            peak_method="cgroup",
            processes=1,
            files=1,
            bytes_written=1000,
            supervisor_s=0.01,
        ),
        "traced": True,
        "stdout": "0-fresh/stdout.txt",
        "stderr": "0-fresh/stderr.txt",
        "result_digest": {"out.json": "right"},
        "bodies": tuple(
            BodyRun(stage=stage, pid=1, thread=1, start=half, end=half) for stage in ("begin", "finish")
        ),
    }
    return Run(**{**fields, **changes})


def attempt(of: Trial | None = None, *runs: Run, **changes: Any) -> Attempt:
    """Return an attempt of one good run, or of those given."""
    of = of or trial()
    fields: dict[str, Any] = {
        "trial": of,
        "number": 1,
        "runs": runs or (run(),),
        "evidence": f"evidence/{of.key}-1.zip",
    }
    return Attempt(**{**fields, **changes})


def digest(strict: str, value: str, kind: str = "json", **parts: tuple[str, str]) -> Digest:
    """Return a digest with parts."""
    return Digest(kind=kind, strict=strict, value=value, parts=parts)
