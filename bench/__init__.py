"""orchestrator-bench: which workflow orchestrator should we choose for our ML pipelines?

Importing this package imports nothing else, so that ``import bench.pipeline`` stays standard library.
"""

__version__ = "0.1.0"
