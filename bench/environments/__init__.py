"""One virtual environment for each tool, and pipelines read by their interpreter.

Comes in: adapters and locks, pipeline files. Goes out: interpreters and pipelines.
Everything is made by uv in subprocesses.
"""
