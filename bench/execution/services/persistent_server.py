"""A server that runs beside the trials: started once, ready by what it prints, ended with all it started."""

import contextlib
import os
import secrets
import socket
import threading
from collections.abc import Mapping
from pathlib import Path

import msgspec

from bench.contract.adapter import Server
from bench.execution.supervisor import Supervised

__all__ = ["PersistentServer", "ServerError", "free_port"]

READY_S = 180.0
"""Seconds until a server must have said that it is ready; a fresh database on a busy machine takes 60."""
UNTIL_ENDED_S = 86_400.0
"""Time limit of every server: the harness ends it, and no run takes a day."""
PORTS = range(20_000, 32_768)
"""Below those of Linux's outgoing connections, one of which could take it meanwhile; and not so high that a tool
refuses it, as Kedro-Viz does above 49151."""


class ServerError(Exception):
    """A server that could not be started."""


def free_port() -> int:
    """Return a port on which nobody listens now."""
    while True:
        port = secrets.choice(PORTS)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


class PersistentServer:
    """One server, started when this is made; :meth:`wait` until it is ready.

    Its output is kept in ``folder/server.log``.
    """

    def __init__(self, server: Server, environment: Mapping[str, str], folder: Path) -> None:
        self.client = dict(server.client)
        self._text = server.ready
        self._ready = threading.Event()
        self._said = self._ended = False
        folder.mkdir(parents=True, exist_ok=True)
        self._log = folder / "server.log"
        self._fifo = folder / "output"
        self._fifo.unlink(missing_ok=True)
        os.mkfifo(self._fifo)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        command = msgspec.structs.replace(server.command, time_limit=UNTIL_ENDED_S)
        # Both into one: some servers say that they are ready on standard error.
        self._running = Supervised(command, {**environment, **command.env}, self._fifo, self._fifo)

    def wait(self) -> None:
        """Wait until it has said that it is ready. Raises ServerError where it does not, or has ended."""
        if not self._ready.wait(READY_S) or not self._said or self._ended:
            self.stop()
            raise ServerError(f"the server is not ready, or has ended; {self._last_line()}")

    def cpu_seconds(self) -> float:
        """Return the CPU seconds that it and all it started have used so far; 0 once it has ended."""
        import psutil

        total = 0.0
        with contextlib.suppress(psutil.NoSuchProcess):
            supervisor = psutil.Process(self._running.pid)
            for process in (supervisor, *supervisor.children(recursive=True)):
                with contextlib.suppress(psutil.NoSuchProcess):
                    # Those of children are of such as have ended and were waited for.
                    used = process.cpu_times()
                    total += used.user + used.system + used.children_user + used.children_system
        return total

    def stop(self) -> None:
        """End the server and wait until nothing of it is left."""
        self._running.stop()
        # Where the server never opened its end, the reader still waits for it to.
        with contextlib.suppress(OSError):
            os.close(os.open(self._fifo, os.O_WRONLY | os.O_NONBLOCK))
        self._reader.join()
        self._fifo.unlink(missing_ok=True)

    def _read(self) -> None:
        with self._fifo.open(errors="replace") as output, self._log.open("a") as log:
            for line in output:
                log.write(line)
                log.flush()
                if self._text in line:
                    self._said = True
                    self._ready.set()
        self._ended = True
        self._ready.set()

    def _last_line(self) -> str:
        text = self._log.read_text(errors="replace") if self._log.is_file() else ""
        said = [line for line in text.splitlines() if line.strip()]
        return f"its last line: {said[-1]}" if said else "it said nothing"
