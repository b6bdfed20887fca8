"""A table of a given size, of numbers that do not compress, and one stage that takes it."""

from pathlib import Path

import numpy as np
import pandas as pd

ROWS = 125
"""Of one column of doubles: 1 kB."""


def grow(kilobytes: int) -> pd.DataFrame:
    return pd.DataFrame({"noise": np.random.default_rng(1).random(ROWS * kilobytes)})


def measure(table: pd.DataFrame, results: str) -> None:
    Path(results, "sum.txt").write_text(f"{len(table)} {table['noise'].sum():.6f}\n")
