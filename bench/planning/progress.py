"""Shows the progress of a run: current trial, done, left, time left, and failures at once."""

import sys
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["Reporter"]


class Reporter:
    """Prints a live line in a terminal and plain lines elsewhere, on standard error."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self._kept = 0
        self._began = time.monotonic()
        self._plain = not sys.stderr.isatty()
        self._live: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if not self._plain:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            self._live = Progress(
                TextColumn("{task.description}"),
                BarColumn(bar_width=20),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TextColumn("{task.fields[left]}"),
                console=Console(stderr=True),
                transient=True,
            )
            self._live.start()
            self._task = self._live.add_task("starting", total=self.total, left="")
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def now(self, what: str) -> None:
        """Show the current activity."""
        if self._live is not None and self._task is not None:
            self._live.update(self._task, description=what)

    def advance(self, what: str) -> None:
        """Count one more trial as done."""
        self.done += 1
        if self._live is not None and self._task is not None:
            self._live.update(self._task, completed=self.done, left=self.left())
        else:
            self.say(f"[{self.done}/{self.total}] {what}; {self.left()}")

    def keep(self, trials: int) -> None:
        """Count trials that were measured earlier; they do not affect the pace."""
        self._kept = trials
        self.done += trials
        if trials:
            self.say(f"{trials} of {self.total} trials kept from before")

    def skip(self, trials: int) -> None:
        """Remove trials that will not run from the count."""
        self.total -= trials
        if self._live is not None and self._task is not None:
            self._live.update(self._task, total=self.total)

    def say(self, line: str) -> None:
        """Print a line that stays."""
        if self._live is not None:
            self._live.console.print(line, markup=False, highlight=False)
        else:
            print(line, file=sys.stderr, flush=True)  # noqa: T201 - this module is the printer

    def left(self) -> str:
        """Return the estimated time left, from the pace so far."""
        measured = self.done - self._kept
        if measured == 0:
            return ""
        seconds = (time.monotonic() - self._began) / measured * (self.total - self.done)
        return f"about {seconds / 60:.0f} min left" if seconds >= 90 else f"about {seconds:.0f} s left"
