"""``bench view``: serves a result set's page and evidence, read-only, to a browser on this machine."""

import re
from collections.abc import Iterable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from bench.errors import BenchError, StoreError, UsageError
from bench.report.trial_list import served
from bench.store.archive import EVIDENCE
from bench.store.evidence import Evidence, loose_name
from bench.store.result_set import Store

__all__ = ["Server", "serve", "server"]

HOST = "127.0.0.1"
PAGE = "scorecard.html"
TEXT = "text/plain; charset=utf-8"
KINDS = {
    PAGE: "text/html; charset=utf-8",
    "scorecard.md": TEXT,
    "scores.csv": TEXT,
    "benchmark.json": "application/json",
    "manifest.json": "application/json",
    "records.jsonl": TEXT,
    "metrics.parquet": "application/octet-stream",
}
"""The only files of a result set that are served."""
PICTURE = re.compile(r"figures/[\w.+-]+\.svg")
ISOLATED = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For everything but the page: the browser runs nothing that a tool has written."""


class Server(ThreadingHTTPServer):
    """Serves one result set to this machine only."""

    daemon_threads = True

    def __init__(self, store: Store, port: int) -> None:
        self.store = store
        self.evidence = Evidence(store.folder)
        super().__init__((HOST, port), _Handler)

    @property
    def address(self) -> str:
        """Return the address to open in a browser."""
        return f"http://{HOST}:{self.server_address[1]}/"


def server(store: Store, port: int) -> Server:
    """Return a server that does not serve yet. ``port``: 0 for any free port. Raises StoreError or UsageError."""
    store.read_manifest()
    if not (store.folder / PAGE).is_file():
        raise StoreError(f"{store.folder} has no page yet; make it with: bench report {store.folder}")
    try:
        return Server(store, port)
    except (OSError, OverflowError) as error:
        raise UsageError(
            f"cannot serve on port {port}: {error}; leave out --port to use a free one"
        ) from error


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD for the page, the files beside it, and evidence."""

    server: Server

    def do_GET(self) -> None:
        """Answer GET with the file."""
        self._answer()

    def do_HEAD(self) -> None:
        """Answer HEAD with the file's kind and size."""
        self._answer()

    def log_message(self, *_: object) -> None:
        """Print nothing, because the terminal shows the address."""

    def _answer(self) -> None:
        port = self.server.server_address[1]
        # The name of another site may resolve to this machine; its pages must not read anything here.
        if self.headers.get("Host") not in (f"{HOST}:{port}", f"localhost:{port}"):
            self._send_text(HTTPStatus.FORBIDDEN, f"open {self.server.address}")
            return
        path = unquote(urlsplit(self.path).path).removeprefix("/") or PAGE
        try:
            kind, pieces = self._found(path)
        except BenchError as error:
            self._send_text(HTTPStatus.NOT_FOUND, str(error))
            return
        self._send(HTTPStatus.OK, kind, pieces, isolated=path != PAGE)

    def _found(self, path: str) -> tuple[str, Iterable[bytes]]:
        """Return the kind and content of the requested file. Raises BenchError if there is no such file."""
        folder, _, rest = path.partition("/")
        if folder == EVIDENCE and rest:
            return self._evidence(*rest.partition("/")[::2])
        kind = "image/svg+xml" if PICTURE.fullmatch(path) else KINDS.get(path)
        place = self.server.store.folder / path
        linked = any(one.is_symlink() for one in (place, place.parent) if one != self.server.store.folder)
        if kind is None or linked or not place.is_file():
            raise StoreError(f"there is no '{path}' here")
        try:
            content = place.read_bytes()
        except OSError as error:
            raise StoreError(f"'{path}' cannot be read: {error.strerror}") from error
        return kind, [served(content) if path == PAGE else content]

    def _evidence(self, name: str, path: str) -> tuple[str, Iterable[bytes]]:
        files = self.server.evidence.files(name)
        real = next((one for one in files if path in (one, loose_name(one))), path)
        kind = "image/png" if PurePosixPath(real).suffix == ".png" else TEXT
        pieces = iter(self.server.evidence.pieces(name, real))
        # Read the first piece here, so that a file that cannot be opened gets an error.
        return kind, _with_first(next(pieces, b""), pieces)

    def _send_text(self, status: HTTPStatus, text: str) -> None:
        self._send(status, TEXT, [f"{text}\n".encode()], isolated=True)

    def _send(self, status: HTTPStatus, kind: str, pieces: Iterable[bytes], *, isolated: bool) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        if isolated:
            self.send_header("Content-Security-Policy", ISOLATED)
        self.end_headers()
        if self.command == "GET":
            try:
                self.wfile.writelines(pieces)
            except (OSError, StoreError):
                self.close_connection = True  # The reader has disconnected, or the rest cannot be read.


def _with_first(first: bytes, rest: Iterable[bytes]) -> Iterable[bytes]:
    yield first
    yield from rest


def serve(store: Store, port: int) -> None:
    """Serve until Ctrl-C."""
    with server(store, port) as serving:
        print(f"{serving.address}\nCtrl-C ends it", flush=True)
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            print()
