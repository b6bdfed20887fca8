"""Opens a page of a tool's own user interface in Chromium, without a window."""

import shutil
from pathlib import Path

from bench.endings import Declares
from bench.records import Command, Declared

__all__ = ["PICTURE", "command"]

PICTURE = "picture.png"
"""What the page looks like, in the folder that the command runs in."""
WAIT_MS = 30_000
"""Virtual milliseconds that the page's scripts get; while nothing is under way, they pass at once."""


def command(address: str, folder: Path, home: Path) -> Command:
    """Return what prints the page's document as its scripts have made it, and takes a picture of it.

    Ends the cell as not attempted where there is no Chromium.
    """
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise Declares(Declared(outcome="not attempted", reason="there is no Chromium here"))
    return Command(
        argv=(
            chromium,
            "--headless",
            # It shows a page of this machine's, and as root it does not start with its own sandbox.
            "--no-sandbox",
            *("--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"),
            *("--disable-component-update", "--no-first-run", "--window-size=1400,1400"),
            f"--user-data-dir={home}",
            f"--virtual-time-budget={WAIT_MS}",
            f"--screenshot={folder / PICTURE}",
            "--dump-dom",
            address,
        ),
        cwd=str(folder),
        env={"HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"},
        time_limit=90.0,
    )
