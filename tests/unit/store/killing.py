"""Writes a result set again and again, killed at each step of it; run as a program of its own.

Arguments: a folder, and the manifest as JSON. Makes ``0``, ``1``, ... in the folder: in the set ``N`` the writer
was killed before or after its ``N``-th call of the operating system. What it knew to be finished is in ``N.done``.
The last set is the one that was written to its end.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from bench.contract.records import ResultSet
from bench.store.result_set import Store
from tests.unit.facts import attempt, trial

CALLS = ("open", "write", "fsync", "replace", "mkdir", "link", "unlink", "rmdir", "ftruncate", "close")


def write(folder: Path, manifest: ResultSet, finished: Callable[[str], None]) -> None:
    """Write what a resumed run writes: a manifest, and two attempts with what they left."""
    store = Store(folder)
    store.create(manifest)
    finished("manifest")
    for number in (1, 2):
        of = trial()
        working = store.begin(of.key)
        (working.folder / "0-fresh").mkdir()
        (working.folder / "0-fresh" / "stdout.txt").write_text(f"said by {working.name}")
        archive = working.keep()
        store.append(attempt(of, number=number, evidence=archive))
        finished(archive)


def killed_at(step: int) -> None:
    """From now on, end this process at that step."""
    left = step

    def stopping(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            for after in (False, True):
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                if not after:
                    result = real(*arguments, **named)
            return result

        return call

    for name in CALLS:
        setattr(os, name, stopping(getattr(os, name)))


def told(done: int, real_write: Callable[..., int], text: str) -> None:
    """Note down what is on disk now."""
    real_write(done, f"{text}\n".encode())


def main(folder: Path, manifest: ResultSet) -> None:
    """Fork a writer for each step, until one comes to its end."""
    real_open, real_write = os.open, os.write
    write(folder / "before", manifest, lambda _: None)
    step = 0
    while True:
        own = folder / str(step)
        shutil.copytree(folder / "before", own)
        pid = os.fork()
        if pid == 0:
            done = real_open(f"{own}.done", os.O_WRONLY | os.O_CREAT)
            if step:
                killed_at(step)
            write(own, manifest, partial(told, done, real_write))
            os._exit(0)
        ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if ended == 0 and step:
            return
        step += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]), msgspec.json.decode(sys.argv[2], type=ResultSet))
