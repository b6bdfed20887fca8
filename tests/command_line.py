"""Runs the real command line, in a folder of its own."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ROOT", "Cli"]

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Cli:
    """The command line with its own cache, so that a test run never meets a user's environments."""

    folder: Path
    cache: Path

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables of a call."""
        own = {"ORCHESTRATOR_BENCH_CACHE": str(self.cache), "COLUMNS": "200"}
        return {**os.environ, **own, "PYTHONPATH": str(ROOT)}

    def start(self, *argv: str, **variables: str) -> subprocess.Popen[str]:
        """Start ``bench`` with these arguments and further variables."""
        return subprocess.Popen(
            [sys.executable, "-m", "bench", *argv],
            cwd=self.folder,
            env={**self.environment, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A shell's background job ignores Ctrl-C, and hands that down.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        )

    def __call__(self, *argv: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run ``bench`` with these arguments to its end."""
        process = self.start(*argv, **variables)
        stdout, stderr = process.communicate(timeout=300)
        return subprocess.CompletedProcess(argv, process.returncode, stdout, stderr)
