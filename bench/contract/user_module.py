"""Executes a module of an adapter or a scenario, and reports whatever it raises in one line."""

import importlib.util
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

from bench.errors import BenchError

__all__ = ["execute"]


def execute(spec: ModuleSpec, where: str, error: type[BenchError]) -> ModuleType:
    """Load a module. Raises ``error`` with place and reason if it cannot be loaded, even if it would end bench."""
    if spec.loader is None:
        raise error(f"{where}: {spec.origin} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as fault:
        del sys.modules[spec.name]
        said = " ".join(str(fault).split())
        raise error(f"{where}: {spec.origin} cannot be loaded: {type(fault).__name__}: {said}") from fault
    return module
