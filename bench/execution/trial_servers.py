"""Keeps the servers of one trial: those started for it alone, and the one that all trials of its target share."""

import os
from pathlib import Path
from threading import Event

from bench.contract.adapter import Adapter, Sandbox, Store
from bench.contract.records import Target
from bench.contract.trial_exits import TrialFault
from bench.execution.services import object_store
from bench.execution.services.persistent_server import PersistentServer, ServerError
from bench.execution.services.tool_servers import start, start_viewer

__all__ = ["TrialServers"]


class TrialServers:
    """The servers beside the runs of one trial.

    current: the server that the runs use, shared or own; None if there is none. stopped: is set when the trial must
    end.
    """

    def __init__(
        self, adapter: Adapter, target: Target, shared: PersistentServer | None, stopped: Event
    ) -> None:
        self.current = shared
        self._adapter, self._target, self._stopped = adapter, target, stopped
        self._own: list[PersistentServer] = []
        self._store: object_store.Seaweed | None = None

    def start_server(self, folder: Path, sandbox: Sandbox) -> None:
        """Start the server of the target's set-up, with its data in ``folder``. Raises TrialFault."""
        setup, options = self._target.setup, self._target.options
        self.current = self._await(start(self._adapter, setup, options, sandbox, folder))

    def start_viewer(self, folder: Path, sandbox: Sandbox) -> None:
        """Start the server that shows pages of the runs, with its log in ``folder``. Raises TrialFault."""
        setup, options = self._target.setup, self._target.options
        viewer = start_viewer(self._adapter, setup, options, sandbox, folder)
        self.current = self._await(viewer) or self.current

    def start_store(self, weed: Path, folder: Path, sandbox: Sandbox) -> Store:
        """Start an S3-compatible store, its data in ``folder``. Raises TrialFault."""
        environment = {"PATH": os.defpath, "HOME": str(sandbox.home), "TMPDIR": str(sandbox.tmp)}
        try:
            self._store, found = object_store.start(weed, folder, environment)
            self._own.append(self._store)
        except ServerError as error:
            raise TrialFault("store", str(error)) from error
        return found

    def stored(self) -> dict[str, bytes]:
        """Return the content of the store by path; nothing if there is no store. Raises TrialFault."""
        try:
            return {} if self._store is None else self._store.files()
        except ServerError as error:
            raise TrialFault("store", str(error)) from error

    def cpu_seconds(self) -> float:
        """Return the CPU seconds that the server beside the runs has used so far."""
        return 0.0 if self.current is None else self.current.cpu_seconds()

    def end(self) -> None:
        """End those that were started for this trial."""
        while self._own:
            self._own.pop().stop()
        self._store = None

    def interrupt(self) -> None:
        """End them from another thread."""
        for server in tuple(self._own):
            server.stop()

    def _await(self, server: PersistentServer | None) -> PersistentServer | None:
        if server is not None:
            self._own.append(server)
            try:
                if not self._stopped.is_set():
                    server.wait()
            except ServerError as error:
                raise TrialFault("server", str(error)) from error
        return server
