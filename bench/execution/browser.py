"""Opens a page of a tool's own user interface in Chromium, without a window."""

import shutil
import sys
from pathlib import Path

from bench.contract.records import Command, Declared
from bench.contract.trial_exits import TrialFault, TrialSkipped
from bench.host.redaction import Redaction

__all__ = ["command", "shown"]


def command(address: str, click: str, folder: Path, home: Path) -> Command:
    """Return the command that writes a page's document, after its scripts have run, and a picture to ``folder``.

    It does so before and after one click on the element with the text ``click``, if there is one. Ends the trial as
    not attempted if Chromium is not installed.
    """
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise TrialSkipped(Declared(outcome="not attempted", reason="there is no Chromium here"))
    script = Path(__file__).with_name("_browse.py")
    return Command(
        argv=(sys.executable, "-I", str(script), chromium, str(home), address, click),
        cwd=str(folder),
        env={"HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"},
        time_limit=90.0,
    )


def shown(address: str, exit_code: int | None, folder: Path, redaction: Redaction) -> str:
    """Return the documents that the command has written, joined; the files are evidence.

    Raises TrialFault if the command failed, because the page may be incomplete. A missing page is no fault: Chromium
    shows an error page.
    """
    pages = [folder / name for name in ("opened.html", "clicked.html") if (folder / name).is_file()]
    for path in (*pages, folder / "stdout.txt", folder / "stderr.txt"):
        redaction.file(path)
    if exit_code != 0:
        raise TrialFault("browser", f"Chromium was not done with {address}; see {folder.name}/stderr.txt")
    return "\n".join(page.read_text(errors="replace") for page in pages)
