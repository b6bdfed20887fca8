"""Loads a Python file of a user's folder by its path, and finds the one class in it that keeps a contract."""

import importlib.util
import inspect
import sys
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from bench.errors import BenchError

__all__ = ["load_module", "one_class"]

T = TypeVar("T")


def load_module(folder: Path, name: str, kind: str, error: type[BenchError]) -> ModuleType:
    """Load ``<name>.py`` of a folder. Raises the error where there is none, or where it cannot be loaded.

    kind: of the folder, such as ``adapter``.
    """
    where = f"{kind} '{folder.name}'"
    path = folder / f"{name}.py"
    if not path.is_file():
        raise error(f"{where}: {folder} has no {name}.py")
    package = _package(folder, f"_bench_{kind}_{folder.name}")
    spec = importlib.util.spec_from_file_location(f"{package}.{name}", path)
    if spec is None or spec.loader is None:
        raise error(f"{where}: {path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as fault:  # also one that would end bench, such as SystemExit
        del sys.modules[spec.name]
        said = " ".join(str(fault).split())
        raise error(f"{where}: {path} cannot be loaded: {type(fault).__name__}: {said}") from fault
    return module


def _package(folder: Path, name: str) -> str:
    """Make a package of a folder, so that its files can import each other (``from .cases import CASES``).

    Files of another folder of the same name are forgotten.
    """
    known = sys.modules.get(name)
    if known is None or known.__path__ != [str(folder)]:
        for former in [one for one in sys.modules if one.startswith(f"{name}.")]:
            del sys.modules[former]
        sys.modules[name] = package = ModuleType(name)
        package.__path__ = [str(folder)]
    return name


def one_class(module: ModuleType, base: type[T], where: str, error: type[BenchError]) -> type[T]:
    """Return the one class of a module on a base. Raises the error for none, several, or one that lacks a method."""
    classes = [
        found
        for found in vars(module).values()
        if inspect.isclass(found) and issubclass(found, base) and found.__module__ == module.__name__
    ]
    file = f"{module.__name__.rpartition('.')[2]}.py"
    if len(classes) != 1:
        raise error(f"{where}: {file} must define one class on {base.__name__}, found {len(classes)}")
    missing = sorted(getattr(classes[0], "__abstractmethods__", ()))
    if missing:
        raise error(f"{where}: class {classes[0].__name__} lacks the method {', '.join(missing)}()")
    return classes[0]
