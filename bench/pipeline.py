"""The pipeline language, for the authors of pipelines: ``import bench.pipeline``."""

from bench.contract.pipeline import *  # noqa: F403 - the public names are those of the module
from bench.contract.pipeline import __all__  # noqa: F401
