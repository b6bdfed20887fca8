"""``benchmark.json``: the times of a result set in the form that ``pytest-benchmark compare`` reads.

The form is that of pytest-benchmark's own saved files (``pytest_benchmark.session.BenchmarkSession`` writes
and ``pytest_benchmark.table`` reads it); the samples themselves are left out, as it does by default.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np

from bench import __version__
from bench.judging.judge import Column
from bench.judging.results import Results

__all__ = ["text"]


def text(results: Results) -> str:
    """Return the file."""
    manifest = results.manifest
    machine = manifest.machine
    found = {
        "machine_info": {
            # In place of a host name: what the harness tells machines apart by.
            "node": str(machine.get("identity", "unknown")),
            "processor": machine.get("processor"),
            "machine": machine.get("architecture"),
            "python_implementation": "CPython",
            "python_version": machine.get("python"),
            "system": machine.get("system"),
            "release": machine.get("kernel"),
            "cpu": {"brand_raw": machine.get("processor"), "count": machine.get("cores")},
        },
        "commit_info": {"id": manifest.harness_hash, "time": manifest.created, "dirty": False},
        "benchmarks": list(_benchmarks(results)),
        "datetime": manifest.created,
        "version": __version__,
    }
    return msgspec.json.format(msgspec.json.encode(found), indent=1).decode() + "\n"


def _benchmarks(results: Results) -> Iterator[dict[str, Any]]:
    for column in results.judge.numbers():
        trial = column.trials[0]
        if column.unit == "s" and results.loaded[trial.scenario].manifest.timed:
            group = f"{trial.scenario}/{trial.case}/{column.indicator}"
            yield {
                "group": group,
                "name": trial.target.name,
                "fullname": f"{group}::{trial.target.name}",
                "params": None,
                "param": None,
                "extra_info": {"version": trial.target.version, "mode": trial.target.mode},
                "options": {
                    "disable_gc": False,
                    "timer": "monotonic",
                    "min_rounds": 1,
                    "max_time": 0.0,
                    "min_time": 0.0,
                    "warmup": False,
                },
                "stats": _stats(column),
            }


def _stats(column: Column) -> dict[str, Any]:
    """Return the statistics of at least one time; an outlier is beyond 1.5 quartile distances."""
    values = np.sort(np.frombuffer(column.values))
    low, middle, high = (float(one) for one in np.quantile(values, [0.25, 0.5, 0.75]))
    apart = high - low
    mean, deviation = float(values.mean()), float(values.std(ddof=1)) if len(values) > 1 else 0.0
    inside = values[(values >= low - 1.5 * apart) & (values <= high + 1.5 * apart)]
    strange = int(np.count_nonzero(abs(values - mean) > deviation))
    beyond = len(values) - len(inside)
    return {
        "min": float(values[0]),
        "max": float(values[-1]),
        "mean": mean,
        "stddev": deviation,
        "rounds": len(values),
        "median": middle,
        "iqr": apart,
        "q1": low,
        "q3": high,
        "iqr_outliers": beyond,
        "stddev_outliers": strange,
        "outliers": f"{strange};{beyond}",
        "ld15iqr": float(inside[0]),
        "hd15iqr": float(inside[-1]),
        "ops": 1.0 / mean if mean else 0.0,
        "total": float(values.sum()),
        "iterations": 1,
    }
