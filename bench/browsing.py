"""Opens a page of a tool's own user interface in Chromium, without a window."""

import shutil
from pathlib import Path

from bench.endings import CellFault, Declares
from bench.records import Command, Declared
from bench.redaction import Redaction

__all__ = ["PICTURE", "command", "shown"]

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


def shown(address: str, folder: Path, redaction: Redaction) -> str:
    """Return the document that the command has printed, and keep it as evidence beside the picture.

    Raises CellFault where there is none: of a page that is not there, Chromium shows that it is not.
    """
    page = folder / "page.html"
    (folder / "stdout.txt").rename(page)
    for path in (page, folder / "stderr.txt"):
        redaction.file(path)
    text = page.read_text(errors="replace")
    if not text.strip():
        raise CellFault("browser", f"Chromium shows nothing of {address}")
    return text
