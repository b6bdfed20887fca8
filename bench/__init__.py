"""orchestrator-bench: measures workflow orchestrators on one ML pipeline.

Importing this package imports nothing else, so that ``import bench.pipeline`` stays standard library.
"""

__version__ = "0.1.0"
