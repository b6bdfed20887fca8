"""The adapter contract, for the authors of adapters: ``import bench.adapters``."""

from bench.contract.adapter import *  # noqa: F403 - the public names are those of the module
from bench.contract.adapter import __all__  # noqa: F401
