"""The project of the pipeline reference."""
