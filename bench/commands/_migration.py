"""``bench migrate``: convert a result set of an older bench to the current format."""

from pathlib import Path

from bench.commands._new_folder import must_be_empty
from bench.store import set_migration
from bench.store.result_set import Store

__all__ = ["migrate"]


def migrate(source: Path, output: Path | None) -> None:
    """Write the converted set, then its scorecard; print what was done. Raises BenchError."""
    if output is not None:
        must_be_empty(output)
    old = set_migration.migrate(source, output)
    made = source if output is None else output
    told = "is unchanged" if output is not None else "is the old set; delete it when you no longer need it"
    print(f"{made} has the current format, with every record and log\n{old} {told}", flush=True)
    from bench.report import write

    write(Store(made))
