"""The project of the pipeline reference_cached."""
