"""A store that speaks S3, for artefacts and data: SeaweedFS, with credentials and folders of one cell alone."""

import json
import secrets
import socket
import time
import urllib.request
from pathlib import Path

from bench.adapters import Server, Store
from bench.records import Command
from bench.services.standing import ServerError, Standing, free_port

__all__ = ["BUCKET", "start"]

BUCKET = "artefacts"
READY = "Start Seaweed S3 API Server"
GRPC = 10000
"""What SeaweedFS adds to a port for its twin that speaks gRPC."""
HIGHEST = 65535
FILER_S = 30.0


def start(weed: Path, folder: Path, environment: dict[str, str]) -> tuple[Standing, Store]:
    """Start a store with an empty bucket, its data in ``folder``. ``weed``: SeaweedFS's program.

    It is ready when this returns. Raises ServerError.
    """
    data = folder / "data"
    data.mkdir(parents=True)
    master, volume, filer, port = (_free_pair() for _ in range(4))
    store = Store(f"http://127.0.0.1:{port}", BUCKET, secrets.token_hex(8), secrets.token_hex(16))
    identity = {
        "name": "bench",
        "credentials": [{"accessKey": store.key, "secretKey": store.secret}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    config = folder / "s3.json"
    config.write_text(json.dumps({"identities": [identity]}))
    argv = (
        str(weed), "server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={data}", f"-master.port={master}",
        f"-volume.port={volume}", "-filer", f"-filer.port={filer}", "-s3", f"-s3.port={port}",
        # These two listen on fixed ports, and a second store on the machine would find them taken.
        "-s3.port.iceberg=0", "-s3.port.lance=0", f"-s3.config={config}", "-master.volumeSizeLimitMB=64",
    )  # fmt: skip
    server = Server(Command(argv=argv, cwd=str(folder), time_limit=86400.0), READY, {})
    standing = Standing(server, environment, folder)
    standing.wait()
    _make_bucket(filer, standing)
    return standing, store


def _make_bucket(filer: int, standing: Standing) -> None:
    """Make the bucket; a filer that is up refuses it until its volumes are there too. Raises ServerError."""
    until = time.monotonic() + FILER_S
    while True:
        try:
            _ask_for_bucket(filer)
        except OSError as error:
            if time.monotonic() > until:
                standing.stop()
                raise ServerError(f"the store takes no bucket: {error}") from error
            time.sleep(0.1)
        else:
            return


def _ask_for_bucket(filer: int) -> None:
    """Ask once. Raises OSError where the filer does not answer, or refuses."""
    request = urllib.request.Request(f"http://127.0.0.1:{filer}/buckets/{BUCKET}/", b"", method="POST")
    with urllib.request.urlopen(request, timeout=FILER_S):  # noqa: S310 - its own
        pass


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
