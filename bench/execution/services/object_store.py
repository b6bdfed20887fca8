"""A store that speaks S3, for artefacts and data: SeaweedFS, with credentials and folders of one cell alone."""

import json
import secrets
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from bench.contract.adapter import Server, Store
from bench.contract.records import Command
from bench.execution.services.persistent_server import PersistentServer, ServerError, free_port

__all__ = ["BUCKET", "Seaweed", "start"]

BUCKET = "artefacts"
READY = "Start Seaweed S3 API Server"
GRPC = 10000
"""What SeaweedFS adds to a port for its twin that speaks gRPC."""
HIGHEST = 65535
ANSWER_S = 60.0
FOLDER = 1 << 31
"""Bit of a file's mode in Go, https://pkg.go.dev/io/fs#FileMode."""
MOST = 100_000
"""Entries of a folder that are listed."""
PARTS = ("master", "volume", "filer", "s3")
SOCKETS = "/tmp/seaweedfs-{}-grpc-{}.sock"  # noqa: S108 - SeaweedFS's own, which no option moves
"""Where each part also listens; it leaves them there when it is ended."""


class Seaweed(PersistentServer):
    """SeaweedFS, of which also no socket is left. ``ports``: by the name of its part."""

    def __init__(
        self, server: Server, environment: dict[str, str], folder: Path, ports: dict[str, int]
    ) -> None:
        self.ports = ports
        super().__init__(server, environment, folder)

    def files(self) -> dict[str, bytes]:
        """Return what is in the bucket, by its path there. Raises ServerError."""
        try:
            return dict(_files(self.ports["filer"], f"/buckets/{BUCKET}/"))
        except OSError as error:
            raise ServerError(f"the store does not give back what it took: {error}") from error

    def stop(self) -> None:
        """End it and remove its sockets."""
        super().stop()
        for part, port in self.ports.items():
            Path(SOCKETS.format(part, port + GRPC)).unlink(missing_ok=True)


def start(weed: Path, folder: Path, environment: dict[str, str]) -> tuple[Seaweed, Store]:
    """Start a store with an empty bucket, its data in ``folder``. ``weed``: SeaweedFS's program.

    It is ready when this returns. Raises ServerError.
    """
    data = folder / "data"
    data.mkdir(parents=True)
    ports = {part: _free_pair() for part in PARTS}
    store = Store(f"http://127.0.0.1:{ports['s3']}", BUCKET, secrets.token_hex(8), secrets.token_hex(16))
    identity = {
        "name": "bench",
        "credentials": [{"accessKey": store.key, "secretKey": store.secret}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    config = folder / "s3.json"
    config.write_text(json.dumps({"identities": [identity]}))
    argv = (
        str(weed), "server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={data}", "-filer", "-s3",
        f"-master.port={ports['master']}", f"-volume.port={ports['volume']}",
        f"-filer.port={ports['filer']}", f"-s3.port={ports['s3']}",
        # These two listen on fixed ports, and a second store on the machine would find them taken.
        "-s3.port.iceberg=0", "-s3.port.lance=0",
        # Relative, because the path of a socket may have no more than 107 bytes.
        "-filer.localSocket=filer.sock", "-s3.localSocket=s3.sock",
        f"-s3.config={config}", "-master.volumeSizeLimitMB=64", "-master.telemetry=false",
    )  # fmt: skip
    server = Server(Command(argv=argv, cwd=str(folder)), READY, {})
    server_process = Seaweed(server, environment, folder, ports)
    server_process.wait()
    try:
        _await(_make_bucket, ports)
        _await(_make_room, ports)
    except OSError as error:
        server_process.stop()
        raise ServerError(f"the store takes no bucket: {error}") from error
    return server_process, store


def _await(ask: Callable[[dict[str, int]], None], ports: dict[str, int]) -> None:
    """Ask until the answer is good: the parts come up one after the other. Raises the last OSError."""
    until = time.monotonic() + ANSWER_S
    while True:
        try:
            return ask(ports)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def _make_bucket(ports: dict[str, int]) -> None:
    """Make the bucket as SeaweedFS's own shell does, a folder of the filer. Raises OSError.

    Without data, so that the request has no ``Content-Type``: with one the filer takes it for a file.
    """
    request = urllib.request.Request(f"http://127.0.0.1:{ports['filer']}/buckets/{BUCKET}/", method="POST")
    with urllib.request.urlopen(request, timeout=ANSWER_S):  # noqa: S310 - its own
        pass


def _make_room(ports: dict[str, int]) -> None:
    """Have the volumes of the bucket made, which the first file would else wait for. Raises OSError."""
    address = f"http://127.0.0.1:{ports['master']}/dir/assign?collection={BUCKET}"
    with urllib.request.urlopen(address, timeout=ANSWER_S) as answer:
        said = json.load(answer)
    if "fid" not in said:
        raise OSError(said.get("error", "no place for a file"))


def _files(filer: int, folder: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files below a folder of the filer, by their path in the bucket. Raises OSError.

    See https://github.com/seaweedfs/seaweedfs/wiki/Filer-Server-API.
    """
    for entry in json.loads(_answer(filer, folder, f"?limit={MOST}"))["Entries"] or ():
        path = entry["FullPath"]
        if entry["Mode"] & FOLDER:
            yield from _files(filer, f"{path}/")
        else:
            yield path.removeprefix(f"/buckets/{BUCKET}/"), _answer(filer, path)


def _answer(filer: int, path: str, query: str = "") -> bytes:
    """Return what the filer gives of a path. Raises OSError."""
    address = f"http://127.0.0.1:{filer}{quote(path)}{query}"
    request = urllib.request.Request(address, headers={"Accept": "application/json"})
    with urllib.request.urlopen(request, timeout=ANSWER_S) as answer:  # noqa: S310 - its own
        found: bytes = answer.read()
    return found


def _free_pair() -> int:
    """Return a port on which nobody listens, nor on its gRPC twin."""
    while True:
        port = free_port()
        if port + GRPC > HIGHEST:
            continue
        with socket.socket() as twin:
            try:
                twin.bind(("127.0.0.1", port + GRPC))
            except OSError:
                continue
        return port
