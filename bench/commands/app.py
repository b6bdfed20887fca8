"""The command line: gathers the commands, and reports a user's mistake in one line.

Heavy modules are imported inside the commands, so that help appears at once.
"""

import io
import os
import signal
import sys
from typing import Annotated, Any

import typer

from bench import __version__
from bench.commands.check import check
from bench.commands.clean import clean
from bench.commands.compare import compare
from bench.commands.doctor import doctor
from bench.commands.export import export
from bench.commands.findings import findings
from bench.commands.list import list_
from bench.commands.lock import lock
from bench.commands.logs import logs
from bench.commands.migrate import migrate
from bench.commands.render import render
from bench.commands.report import report
from bench.commands.repro import repro
from bench.commands.run import INTERRUPTED, run
from bench.commands.view import view
from bench.contract.safe_text import in_one_line
from bench.errors import BenchError, UsageError

__all__ = ["app", "main"]

# Plain help, because rich help costs 0.1 s at every start.
app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Which workflow orchestrator should we choose for our ML pipelines? Measured, with evidence.",
)
USAGE = 2
COMMANDS = (
    check, run, report, findings, view, logs, compare, repro, list_, doctor, render, export, migrate, lock, clean,
)  # fmt: skip
"""The commands in the order of the help text."""

for command in COMMANDS:
    app.command(command.__name__.rstrip("_"))(command)


@app.callback(invoke_without_command=True)
def options(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show tracebacks of errors.")] = False,
) -> None:
    """Answer ``--version``; ``--verbose`` is read by :func:`main`."""
    del verbose
    if version:
        print(__version__)
        raise typer.Exit


def _must_be_text(*texts: str) -> None:
    """Raise UsageError for a path that cannot be stored in records."""
    for text in texts:
        try:
            text.encode()
        except UnicodeEncodeError:
            shown = os.fsencode(text).decode(errors="backslashreplace")
            raise UsageError(f"'{shown}' is not UTF-8; give a path whose name is") from None


def main() -> Any:
    """Run the command line. A user's mistake ends in one line, not in a traceback."""
    verbose = "--verbose" in sys.argv
    # A terminated suite ends like an interrupted one: no process, cgroup or sandbox is left.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # File names and terminals need not use UTF-8.
            stream.reconfigure(errors="backslashreplace")
    try:
        _must_be_text(*sys.argv[1:], os.getcwd())  # noqa: PTH109 - Path.cwd() is the same
        app(standalone_mode=True)
    except BenchError as error:
        if verbose:
            raise
        lines = [f"bench: {in_one_line(str(error))}", *(f"  {in_one_line(one)}" for one in error.details)]
        print("\n".join(lines), file=sys.stderr)
        code = USAGE if isinstance(error, UsageError) else 1
        sys.exit(code)
    except OSError as error:
        # The disk or a permission failed at a place that has no message of its own.
        if verbose:
            raise
        print(f"bench: {error}; see more with --verbose", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("bench: interrupted", file=sys.stderr)
        sys.exit(INTERRUPTED)
    finally:
        # CPython notes a KeyboardInterrupt that leaves an eval() (making a namedtuple calls it), and later ends
        # the process by SIGINT instead of its exit code, even if it was handled. Another eval() clears the note.
        eval("None")  # noqa: S307
