"""orchestrator-bench: measures workflow orchestrators on one ML pipeline.

Importing this package imports nothing else, so that ``import bench.pipeline`` stays standard library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os

    import pandas as pd

__all__ = ["__version__", "load"]

__version__ = "0.1.0"


def load(folder: str | os.PathLike[str]) -> pd.DataFrame:
    """Return a result set as a tidy DataFrame: one row for each number and for each word.

    The columns are described in :mod:`bench.report.table`. Needs pandas, which comes with bench. Raises
    :class:`bench.errors.StoreError` where the folder holds no result set.
    """
    from pathlib import Path

    from bench.report.table import load

    return load(Path(folder))
