"""A server beside the trials: ready when it says so, gone with all it started when it is ended."""

import os
import sys
import threading
from pathlib import Path

import pytest

from bench.adapters import Server
from bench.contract.records import Command
from bench.execution.services.persistent_server import PersistentServer, ServerError, free_port


def server(code: str, ready: str = "ready") -> Server:
    """Return a server that is a line of Python."""
    command = Command(argv=(sys.executable, "-u", "-c", code), cwd="/", time_limit=60.0)
    return Server(command, ready, {"ADDRESS": "here"})


CHILD = """
import subprocess, sys
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])
print('child', child.pid)
print('ready', file=sys.stderr)
child.wait()
"""


def test_a_server_is_ready_when_it_says_so_on_either_output(tmp_path: Path) -> None:
    for stream in ("stdout", "stderr"):
        code = f"import sys, time; print('ready', file=sys.{stream}); time.sleep(60)"
        standing = PersistentServer(server(code), {}, tmp_path / stream)
        standing.wait()
        assert standing.client == {"ADDRESS": "here"}
        standing.stop()


def test_nothing_of_a_server_is_left_when_it_is_ended(tmp_path: Path) -> None:
    standing = PersistentServer(server(CHILD), {}, tmp_path)
    standing.wait()
    standing.stop()
    said = (tmp_path / "server.log").read_text()
    child = int(said.split()[1])
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


BUSY = """
import subprocess, sys, time
subprocess.run([sys.executable, '-c', 'import time\\nwhile time.process_time() < 0.4: pass'])
child = subprocess.Popen([sys.executable, '-c', 'import time\\nwhile time.process_time() < 0.6: pass\\ntime.sleep(60)'])
while time.process_time() < 0.5: pass
time.sleep(1)
print('ready', flush=True)
child.wait()
"""


def test_what_a_server_uses_is_told_with_that_of_all_it_started(tmp_path: Path) -> None:
    """Of its child that has ended, of the one that goes on, and its own: 1.5 seconds of CPU."""
    standing = PersistentServer(server(BUSY), {}, tmp_path)
    standing.wait()
    used = standing.cpu_seconds()
    standing.stop()
    assert 1.4 < used < 2.1
    assert standing.cpu_seconds() == 0.0


def test_a_server_that_ends_before_it_is_ready_is_an_error_with_its_last_words(tmp_path: Path) -> None:
    standing = PersistentServer(server("print('no database')"), {}, tmp_path)
    with pytest.raises(ServerError, match="no database"):
        standing.wait()


def test_a_server_that_is_ended_while_it_starts_is_waited_for_no_longer(tmp_path: Path) -> None:
    standing = PersistentServer(server("import time; time.sleep(60)"), {}, tmp_path)
    threading.Timer(0.3, standing.stop).start()
    with pytest.raises(ServerError, match="it said nothing"):
        standing.wait()


def test_a_free_port_can_be_listened_on() -> None:
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", free_port()))
        assert listener.getsockname()[1] > 0


def test_a_free_port_is_none_that_an_outgoing_connection_may_get() -> None:
    """Between the choice and the start of the server another process could have it."""
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert all(1024 < free_port() < lowest for _ in range(20))
