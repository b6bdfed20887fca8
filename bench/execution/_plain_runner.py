"""Runs the program of a pipeline in plain Python, and reports where in the user's code it is and what it raised.

Run by path as ``python -B _plain_runner.py STATUS REPORT main.py --flags``. STATUS gets, twice a second, the user's
line that runs now. REPORT gets one JSON object at the end: ``type`` and ``text`` of the exception, or neither, and
``frames`` of the user's files, outermost first. Standard library only.
"""

import json
import os
import runpy
import sys
import threading
import traceback
from collections.abc import Iterable
from pathlib import Path
from types import FrameType

PERIOD_S = 0.5


def frames(found: Iterable[tuple[FrameType, int]], folder: Path, program: str) -> list[dict[str, object]]:
    """Return the frames that lie in the user's own files: file below ``folder``, line and function."""
    told: list[dict[str, object]] = []
    for frame, line in found:
        path = Path(frame.f_code.co_filename)
        if frame.f_code.co_filename.startswith("<"):
            continue
        if not path.is_absolute():
            path = folder / path
        if not path.is_relative_to(folder) or "site-packages" in path.parts:
            continue
        name = path.relative_to(folder).as_posix()
        if name != program:
            told.append({"file": name, "line": line, "function": frame.f_code.co_name})
    return told


def watch(status: Path, main: int, folder: Path, program: str, done: threading.Event) -> None:
    """Write the user's line that the main thread runs, again and again."""
    part = status.with_suffix(".part")
    while True:
        frame = sys._current_frames().get(main)  # noqa: SLF001 - the documented way to another thread's frame
        if frame is not None:
            part.write_text(json.dumps(frames(reversed(list(_up(frame))), folder, program)))
            part.replace(status)
        if done.wait(PERIOD_S):
            return


def _up(frame: FrameType | None) -> Iterable[tuple[FrameType, int]]:
    while frame is not None:
        yield frame, frame.f_lineno
        frame = frame.f_back


def said(error: BaseException) -> str:
    """Return the text of an exception, which may itself raise."""
    try:
        return str(error)
    except Exception as inner:  # noqa: BLE001 - the user's own __str__
        return f"(its text cannot be read: {type(inner).__name__})"


def main() -> None:
    """Run the program and leave a report; exit with 1 if it raised."""
    status, report = Path(sys.argv[1]), Path(sys.argv[2])
    program = sys.argv[3]
    folder = Path.cwd()
    sys.argv = sys.argv[3:]
    sys.path[0] = str(folder)
    done = threading.Event()
    watcher = threading.Thread(
        target=watch, args=(status, threading.get_ident(), folder, program, done), daemon=True
    )
    watcher.start()
    told: dict[str, object] = {}
    try:
        runpy.run_path(program, run_name="__main__")
    except BaseException as error:  # noqa: BLE001 - sys.exit() in a stage too is to be told
        told = {
            "type": type(error).__name__,
            "text": said(error),
            "frames": frames(traceback.walk_tb(error.__traceback__), folder, program),
        }
        if isinstance(error, SyntaxError) and error.filename:
            path = Path(error.filename)
            name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)
            told["text"] = error.msg
            told["frames"] = [{"file": name, "line": error.lineno or 0, "function": "<module>"}]
        traceback.print_exc()
    done.set()
    part = report.with_suffix(".part")
    part.write_text(json.dumps(told))
    part.replace(report)
    sys.stdout.flush()
    sys.stderr.flush()
    if told:
        os._exit(1)  # A thread of the user's code must not keep this process alive.


if __name__ == "__main__":
    main()
