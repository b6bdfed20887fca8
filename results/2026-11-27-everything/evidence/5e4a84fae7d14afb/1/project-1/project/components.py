"""The components of the pipeline large.

Each runs alone, from its own source: what a component needs is imported or defined in its body.
"""

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


def end_when_written() -> None:
    """From now on, end this process in the middle of writing a file of more than 4 MB, as a kill would."""
    import ctypes
    import resource
    import signal

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Python ignores the signal, and its own way to change that works in the main thread only.
    ctypes.CDLL(None).signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


@dsl.component(
    base_image="python:3.11",
    install_kfp_package=False,
    additional_funcs=[end_when_written],
)
def grow(amount: int, grown_dataset: Output[Dataset]) -> None:
    import os
    from pathlib import Path

    import numpy as np
    import pandas as pd

    ROWS = 1_500_000

    if Path(os.environ.get("TEARS", "/nowhere")).is_file():
        end_when_written()
    grown = pd.DataFrame({"noise": np.random.default_rng(amount).random(ROWS)})

    grown.to_parquet(grown_dataset.path)


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def show_large(grown_dataset: Input[Dataset], results: str) -> None:
    from pathlib import Path

    import pandas as pd

    grown = pd.read_parquet(grown_dataset.path)

    shown = f"{len(grown)} {grown['noise'].sum():.6f} {grown['noise'].iloc[0]:.6f}\n"
    Path(results, "shown.txt").write_text(shown)
