"""A small project in a folder, and the running of code in it with and without the tracer."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.contract.source_map import SourceMap, Span
from bench.execution.tracing.prepare import Hold, prepare
from bench.execution.tracing.reader import Body, Event, bodies, read

DROPPED = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "ORCHESTRATOR_BENCH_TRACE")


def plain_environment() -> dict[str, str]:
    """Return this environment without what would change how Python starts."""
    return {name: value for name, value in os.environ.items() if name not in DROPPED}


@dataclass
class TracedProject:
    """``stages.py`` in a project folder, with the spans of its stages."""

    root: Path
    spans: list[Span] = field(default_factory=list)
    traced_files: tuple[str, ...] = ()
    digests: bool = False
    hold: Hold | None = None
    environment: dict[str, str] | None = None

    @property
    def project(self) -> Path:
        """Return the project folder."""
        return self.root / "project"

    @property
    def trace(self) -> Path:
        """Return the trace folder."""
        return self.root / "trace"

    def write(self, source: str, name: str = "stages.py") -> Path:
        """Write a file of the project."""
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(source))
        return path

    def span(
        self, function: str, *inputs: str, first: int = 0, last: int = -1, result: str | None = None
    ) -> None:
        """Add a span of ``stages.py`` for a stage named like its function."""
        self.spans.append(Span(function, "stages.py", function, inputs, first, last, result))

    def traced_environment(self, **more: str) -> dict[str, str]:
        """Return the environment of a traced run; all runs of one project share a trace."""
        if self.environment is None:
            self.project.mkdir(exist_ok=True)
            self.environment = prepare(
                self.trace,
                self.project,
                SourceMap.of(self.spans),
                self.traced_files,
                digests=self.digests,
                hold=self.hold,
            )
        return {**plain_environment(), **self.environment, **more}

    def start(self, code: str, options: Sequence[str] = ()) -> "subprocess.Popen[str]":
        """Start code in a traced Python."""
        return subprocess.Popen(
            [sys.executable, *options, "-c", textwrap.dedent(code)],
            cwd=self.project,
            env=self.traced_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A shell's background job ignores Ctrl-C, and hands that down.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        )

    def run(self, code: str, *, traced: bool = True, **more: str) -> "subprocess.CompletedProcess[str]":
        """Run code in a new Python."""
        return subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code)],
            cwd=self.project,
            env={**(self.traced_environment() if traced else plain_environment()), **more},
            capture_output=True,
            text=True,
            check=False,
        )

    def events(self, *kinds: str) -> list[Event]:
        """Return the events of these kinds, of all without any."""
        return [event for event in read(self.trace) if not kinds or event.kind in kinds]

    def bodies(self) -> list[Body]:
        """Return the bodies that were seen."""
        return bodies(read(self.trace))
