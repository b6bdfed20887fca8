"""The project of the pipeline items."""
