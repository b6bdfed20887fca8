"""The adapter contract, for the authors of adapters: ``import bench.adapters``."""

from bench.contract.adapter import (
    Adapter,
    Before,
    Capability,
    Command,
    Package,
    Sandbox,
    Server,
    SourceMap,
    Span,
    Store,
    Value,
    fill,
)
from bench.contract.adapter_loading import ALLOWED_IMPORTS, adapters_folder, discover, find, load

__all__ = [
    "ALLOWED_IMPORTS",
    "Adapter",
    "Before",
    "Capability",
    "Command",
    "Package",
    "Sandbox",
    "Server",
    "SourceMap",
    "Span",
    "Store",
    "Value",
    "adapters_folder",
    "discover",
    "fill",
    "find",
    "load",
]
