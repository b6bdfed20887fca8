"""Opens a page in Chromium as a user does, waits for its scripts, and clicks once on an element with a given text.

Run by path as ``python -I _browse.py CHROMIUM HOME ADDRESS TEXT``. Writes the document and a picture of it to the
working directory: ``opened.html`` and ``opened.png``, and, if it clicked, ``clicked.html`` and ``clicked.png``.
Uses the DevTools protocol (https://chromedevtools.github.io/devtools-protocol/) over pipes, so that no port is
opened. Time in the page is virtual and passes at once while nothing is loading. So a page that redraws itself every
second immediately looks as it does after half a minute, and repeated captures agree. Libraries that drive browsers
for tests wait in real time and need a second language. Standard library only.
"""

import base64
import fcntl
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

OPEN_MS = 30_000
"""Virtual milliseconds that the page's scripts get."""
CLICK_MS = 5_000
"""Virtual milliseconds that the scripts get after the click."""
FIRST_FREE = 10
"""Lowest descriptor that is free of those that Chromium reads (3) and writes (4)."""
PIECE = 1 << 16
"""Bytes of an answer that are read at once; a page of megabytes comes as one answer."""
OPTIONS = (
    "--headless",
    "--remote-debugging-pipe",
    # It shows only pages of this machine, and as root it does not start with its own sandbox.
    "--no-sandbox",
    *("--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"),
    *("--disable-component-update", "--no-first-run", "--window-size=1400,1400"),
)
CLICK = """
(text => {
  const same = [...document.body.querySelectorAll("*")].filter(one => one.textContent.trim() === text);
  same.at(-1)?.dispatchEvent(new MouseEvent("click", {bubbles: true, view: window}));
  return same.length > 0;
})(%s)
"""
"""Clicks on the last matching element, which is also the innermost; lists and menus come before it. Returns whether
there is one."""


class Chromium:
    """A browser, and the pipes to it."""

    def __init__(self, program: str, home: str) -> None:
        theirs_in, self._out = _pipe()
        ours_in, theirs_out = _pipe()
        argv = [program, *OPTIONS, f"--user-data-dir={home}", "about:blank"]
        self._pid = os.posix_spawn(
            program,
            argv,
            os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, theirs_in, 3), (os.POSIX_SPAWN_DUP2, theirs_out, 4)],
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._answers = ours_in
        self._unread, self._searched = bytearray(), 0
        self._session: str | None = None
        self._number = 0
        self._events: set[str] = set()

    def open(self, address: str) -> None:
        """Open a page and wait for its scripts."""
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._call("Page.enable")
        self._until("Page.loadEventFired", lambda: self._call("Page.navigate", url=address))
        self._let_pass(OPEN_MS)

    def click(self, text: str) -> bool:
        """Click on the element with exactly this text, and wait; return whether there was one."""
        found = bool(self._evaluate(CLICK % json.dumps(text)))
        if found:
            self._let_pass(CLICK_MS)
        return found

    def keep(self, name: str) -> None:
        """Write the current document, and a picture of it."""
        Path(f"{name}.html").write_text(str(self._evaluate("document.documentElement.outerHTML")))
        picture = self._call("Page.captureScreenshot")["data"]
        Path(f"{name}.png").write_bytes(base64.b64decode(picture))

    def close(self) -> None:
        """End the browser, and wait until it has ended."""
        self._session = None
        self._call("Browser.close")
        os.waitpid(self._pid, 0)

    def _evaluate(self, expression: str) -> Any:
        return self._call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get(
            "value"
        )

    def _let_pass(self, milliseconds: int) -> None:
        """Let this much virtual time pass in the page. Time stands still while something is loading."""
        policy = {"policy": "pauseIfNetworkFetchesPending", "budget": milliseconds}
        self._until(
            "Emulation.virtualTimeBudgetExpired",
            lambda: self._call(
                "Emulation.setVirtualTimePolicy", **policy, maxVirtualTimeTaskStarvationCount=9999
            ),
        )
        # While time stands still there is no new frame, so a picture would never come.
        self._call("Emulation.setVirtualTimePolicy", policy="advance")

    def _until(self, event: str, act: Callable[[], object]) -> None:
        """Wait for an event, which may come before the answer to the call that causes it."""
        self._events.discard(event)
        act()
        while event not in self._events:
            self._next()

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self._number:
            pass
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return dict(answer["result"])

    def _next(self) -> dict[str, Any]:
        while (end := self._unread.find(b"\0", self._searched)) < 0:
            self._searched = len(self._unread)
            piece = os.read(self._answers, PIECE)
            if not piece:
                raise RuntimeError("Chromium has ended")
            self._unread += piece
        message = dict(json.loads(self._unread[:end]))
        del self._unread[: end + 1]
        self._searched = 0
        if "method" in message:
            self._events.add(message["method"])
        return message


def _pipe() -> tuple[int, int]:
    ends = os.pipe()
    moved = tuple(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, FIRST_FREE) for end in ends)
    for end in ends:
        os.close(end)
    return moved[0], moved[1]


def main() -> None:
    """Open a page, and click."""
    program, home, address, text = sys.argv[1:]
    browser = Chromium(program, home)
    browser.open(address)
    browser.keep("opened")
    if browser.click(text):
        browser.keep("clicked")
    browser.close()


if __name__ == "__main__":
    main()
