"""What a run's own processes write down of it, and the reader of what they wrote.

The folder ``hook`` is put on the PYTHONPATH of a run. Its ``sitecustomize`` has every Python process
announce itself and compiles the project's files with a span around the statements that came from the
user's stages. This package writes the settings that the hook reads, and reads its events back.

Standard library only.
"""
