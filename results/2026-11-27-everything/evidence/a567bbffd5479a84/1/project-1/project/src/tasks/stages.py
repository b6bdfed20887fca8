"""Stages that tell of themselves: each line, error and picture carries the nonce of its run."""

import base64
import logging
import os
import struct
import time
import warnings
import zlib
from pathlib import Path
from prefect import task


def speak(stage: str, nonce: str) -> None:
    """Write to the terminal in four ways, twice; the last is how a library in C writes."""
    for turn in ("1", "2"):
        print(f"{stage}-print-{turn}-{nonce}")
        logging.getLogger(__name__).warning("%s-logging-%s-%s", stage, turn, nonce)
        warnings.warn(f"{stage}-warnings-{turn}-{nonce}", stacklevel=2)
        os.write(2, f"{stage}-native-{turn}-{nonce}\n".encode())


@task
def prepare(nonce: str) -> dict[str, str]:
    speak("prepare", nonce)
    return {"nonce": nonce}


@task
def measure(prepared: dict[str, str], fails: bool) -> dict[str, str]:
    speak("measure", prepared["nonce"])
    if fails:
        raise ValueError(f"refused-{prepared['nonce']}")
    return prepared


@task
def report(measured: dict[str, str], results: str) -> None:
    speak("report", measured["nonce"])
    Path(results, "told.txt").write_text(measured["nonce"])


def load(nonce: str) -> dict[str, str]:
    return {"nonce": nonce}


def split(loaded: dict[str, str]) -> list[str]:
    return [f"{loaded['nonce']}-{part}" for part in range(3)]


def clean(loaded: dict[str, str]) -> str:
    return f"clean {loaded['nonce']}"


def score(part: str, cleaned: str) -> dict[str, str]:
    return {"scored": f"{part} of {cleaned}"}


def fit(cleaned: str) -> dict[str, str]:
    return {"fitted": f"fit to {cleaned}"}


def join(scores: list[dict[str, str]], fitted: dict[str, str]) -> dict[str, str]:
    return {"joined": f"{len(scores)} scores, {fitted['fitted']}"}


def publish(joined: dict[str, str], results: str) -> None:
    Path(results, "joined.txt").write_text(joined["joined"])


def left(loaded: dict[str, str]) -> dict[str, str]:
    """Hand on what it was given: the text in it is the same object."""
    return {"left": loaded["nonce"]}


def right(loaded: dict[str, str]) -> dict[str, str]:
    """Hand on the same, and nothing of what the other branch made."""
    return {"right": loaded["nonce"]}


def meet(one: dict[str, str], other: dict[str, str], results: str) -> None:
    Path(results, "met.txt").write_text(f"{one['left']} {other['right']}")


def draw(measured: dict[str, str]) -> str:
    """Return a page with a picture of eight by eight pixels, in the colour of the nonce."""
    nonce = measured["nonce"]
    rows = (b"\x00" + bytes.fromhex(nonce[:6]) * 8) * 8
    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    picture = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    source = base64.b64encode(picture).decode()
    return f'<h1>Report {nonce}</h1>\n<p><img src="data:image/png;base64,{source}" alt="{nonce}"></p>\n'


def deliver(page: str, results: str) -> None:
    Path(results, "page.html").write_text(page)


def pour(nonce: str, lines: int, width: int) -> int:
    """Print numbered lines of a width."""
    for number in range(lines):
        head = f"{nonce} {number:07d} "
        print(head.ljust(width - 5, ".") + " end.")
    return lines


def count(poured: int, results: str) -> None:
    Path(results, "count.txt").write_text(str(poured))


def begin(nonce: str) -> dict[str, str]:
    return {"nonce": nonce}


def toil(begun: dict[str, str], steps: int, seconds: float) -> dict[str, str]:
    for step in range(1, steps + 1):
        work(step, seconds)
    return begun


def work(step: int, seconds: float) -> None:
    """Take a while; where the folder that GATES names has two pipes for the step, wait between them first."""
    gate = Path(os.environ.get("GATES", ""), f"reached-{step}")
    if gate.is_fifo():
        gate.write_text(f"{os.getpid()}\n")
        gate.with_name(f"release-{step}").read_text()
    time.sleep(seconds)


def finish(toiled: dict[str, str], results: str) -> None:
    Path(results, "finished.txt").write_text(toiled["nonce"])
