"""How adapters are found, loaded, and checked against the contract before anything is run.

``adapter.py`` is harness code and must not need the tool. It may import the standard library and
:data:`ALLOWED_IMPORTS`, nothing else.
"""

import ast
import importlib
import sys
from collections.abc import Mapping
from pathlib import Path

from bench.contract.adapter import Adapter
from bench.contract.adapter_manifest import read_manifest
from bench.contract.loading import load_module, one_class
from bench.errors import AdapterError, nearest
from bench.folders import data_folder

__all__ = ["ALLOWED_IMPORTS", "FORMER_NAMES", "adapters_folder", "discover", "find", "load"]

FORMER_NAMES = {
    "bench.launchpad": "bench.contract.launchpad",
    "bench.layout": "bench.contract.codegen.format",
    "bench.source": "bench.contract.codegen.source",
    "bench.tasks": "bench.contract.codegen.decorators",
}
"""Where modules have moved that an adapter may import; the former names go on to work in adapters."""

ALLOWED_IMPORTS = (
    "bench.adapters",
    "bench.contract.codegen",
    "bench.contract.launchpad",
    "bench.errors",
    "bench.pipeline",
    "jinja2",
    "libcst",
)


def adapters_folder() -> Path:
    """Return the folder of the adapters that come with bench, in a checkout or in a wheel."""
    return data_folder("adapters")


def discover(extra: tuple[Path, ...] = ()) -> dict[str, Path]:
    """Return the folder of each adapter by name: those that come with bench, then those of ``extra``.

    A folder without a manifest is left out here only if it is hidden; :func:`load` names any other.
    """
    folders = [
        path for path in sorted(adapters_folder().iterdir()) if path.is_dir() and path.name[0] not in "._"
    ]
    return {path.resolve().name: path.resolve() for path in (*folders, *extra)}


def find(name: str, folders: Mapping[str, Path]) -> Path:
    """Return an adapter's folder. Raises AdapterError with the nearest name."""
    if name not in folders:
        raise AdapterError(f"unknown tool '{name}'{nearest(name, folders)}")
    return folders[name]


def load(folder: Path) -> Adapter:
    """Load one adapter and check it against the contract, before anything is run.

    Raises AdapterError naming the adapter and what is missing or not allowed.
    """
    manifest = read_manifest(folder)
    where = f"adapter '{folder.name}'"
    for source in sorted(folder.glob("*.py")):
        # probe.py runs in the tool's own interpreter and may import the tool.
        if source.name != "probe.py":
            _check_imports(source, where)
    module = load_module(folder, "adapter", "adapter", AdapterError)
    found = one_class(module, Adapter, where, AdapterError)  # type: ignore[type-abstract]
    return found(folder, manifest)


def _check_imports(path: Path, where: str) -> None:
    try:
        tree = ast.parse(path.read_bytes(), str(path))
    except OSError as error:
        raise AdapterError(f"{where}: {path} cannot be read ({error.strerror})") from error
    except SyntaxError as error:
        line = f":{error.lineno}" if error.lineno else ""
        raise AdapterError(f"{where}: {path}{line}: {error.msg}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise AdapterError(f"{where}: {path}: {error or 'too deeply nested'}") from error
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        else:
            continue
        for name in names:
            if name in FORMER_NAMES:
                sys.modules.setdefault(name, importlib.import_module(FORMER_NAMES[name]))
            elif not _allowed(name):
                raise AdapterError(
                    f"{where}: {path}:{node.lineno} imports '{name}'; an adapter may import the standard "
                    f"library and {', '.join(ALLOWED_IMPORTS)}"
                )


def _allowed(module: str) -> bool:
    top = module.partition(".")[0]
    if top in sys.stdlib_module_names:
        return True
    return any(module == name or module.startswith(f"{name}.") for name in ALLOWED_IMPORTS)
