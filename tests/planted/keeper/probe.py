"""What the planted tool tells of its runs."""

import json
from pathlib import Path

ROUTES = {"state": "layout"}


def start(places: dict[str, str], pipeline: str) -> Path:
    """Return the folder of the records."""
    return Path(places["state"])


def state(folder: Path, nonce: str) -> str | None:
    """Return the state of a run; one whose process has gone has failed, unless the record is planted."""
    path = folder / f"{nonce}.json"
    if not path.is_file():
        return None
    record = json.loads(path.read_text())
    if record["state"] != "running" or Path("/proc", str(record["pid"])).exists():
        return str(record["state"])
    return {"claims_success": "succeeded", "claims_to_run": "running"}.get(record["fault"], "failed")
