"""Makes the logs of a run readable regular files, whatever the run has put in their place."""

from pathlib import Path

from bench.host import untrusted_files
from bench.host.redaction import Redaction

__all__ = ["set_right"]

LOGS = ("stdout.txt", "stderr.txt")


def set_right(folder: Path, redaction: Redaction) -> tuple[str, ...]:
    """Redact the files of a run; return what was odd about them.

    A path that is not a regular file or is too large is replaced by a text that says so. A missing log becomes an
    empty file.
    """
    odd = []
    for name in LOGS:
        path = folder / name
        if not path.is_symlink() and not path.exists():
            odd.append(f"{name}: removed")
            path.touch()
    for path in sorted(folder.iterdir()):
        try:
            with untrusted_files.open_regular(path):
                pass
        except OSError as error:
            odd.append(f"{path.name}: {error.strerror}")
            untrusted_files.remove(path)
            path.write_text(f"bench: the run left this in place of the file: {error.strerror}\n")
        else:
            redaction.file(path)
    return tuple(odd)
