"""Starts the trace in every Python process of a run, then gives way to the next ``sitecustomize``.

Without ORCHESTRATOR_BENCH_TRACE it does nothing but give way. Where there is no other
``sitecustomize`` it raises the ImportError that the interpreter would have met without this folder.
"""
# ruff: noqa: BLE001, PTH100, PTH108, PTH118, PTH120, SIM105 - no error may reach the run; pathlib loads slowly

import os
import sys


def _start() -> None:
    folder = os.environ.get("ORCHESTRATOR_BENCH_TRACE")
    if folder and "orchestrator_bench_trace" not in sys.modules:
        try:
            import orchestrator_bench_trace

            orchestrator_bench_trace.install(folder)
        except Exception:
            # The run goes on untraced; that the marker is gone tells the reader.
            try:
                os.unlink(os.path.join(folder, "intact"))
            except OSError:
                pass


def _find_next() -> None:
    external = sys.modules["_frozen_importlib_external"]
    here = os.path.dirname(os.path.abspath(__file__))
    path = [entry for entry in sys.path if os.path.abspath(entry) != here]
    spec = external.PathFinder.find_spec("sitecustomize", path)
    if spec is None:
        raise ModuleNotFoundError("No module named 'sitecustomize'", name="sitecustomize")
    module = sys.modules["_frozen_importlib"].module_from_spec(spec)
    sys.modules["sitecustomize"] = module
    if spec.loader is not None:
        spec.loader.exec_module(module)


_start()
_find_next()
