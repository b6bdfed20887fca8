"""The work of ``bench check``."""

import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.contract import adapter_loading as adapters
from bench.contract.safe_text import in_one_line
from bench.environments.requirements import Locks
from bench.planning import checking, targets

__all__ = ["check"]


def check(
    pipeline: str,
    tool: str,
    extra: tuple[str, ...],
    time_limit: float | None,
    say: Callable[[str], None],
) -> Iterator[str]:
    """Yield what was found, line by line, as soon as it is known.

    time_limit: in seconds. say: is told the progress. Raises BenchError; PipelineFails if the user's code does
    not work in plain Python.
    """
    folders = adapters.discover(tuple(Path(path) for path in extra))
    choices = targets.choose(tool, folders)
    (control,) = targets.of_role("control", folders)
    wanted = {one.adapter.manifest.name: one.adapter for one in (control, *choices)}
    definition, locked = checking.read(pipeline, list(wanted.values()), time_limit, say)
    flow = definition.pipeline
    yield f"pipeline '{flow.name}' of {definition.file}: {', '.join(flow.stages)}"
    if locked.asked is not None:
        pins = ", ".join(f"{name} {version}" for name, version in locked.own_pins.items())
        yield f"requirements of {locked.asked.source}: {pins}"
    done = checking.plain(definition, control.adapter, time_limit, say)
    yield f"plain Python: it works, {done.seconds:.1f} s, wrote {', '.join(done.files)}"
    yield from _told(list(checking.acceptances(choices, definition)), locked)
    yield f"next: bench run --tool {shlex.quote(tool)} --pipeline {shlex.quote(pipeline)}"


def _told(found: list[checking.Acceptance], locked: Locks) -> Iterator[str]:
    """Yield a line for each target: whether it can take the pipeline, or why it cannot."""
    width = max(len(one.target) for one in found)
    for one in found:
        refused = locked.refused.get(one.target.partition("[")[0])
        word = one.word if refused is None else "unsupported"
        reason = refused or one.reason
        yield f"{one.target:<{width}}  {word}" + (f": {in_one_line(reason)}" if reason else "")
