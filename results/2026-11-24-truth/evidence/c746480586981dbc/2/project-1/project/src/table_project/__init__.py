"""The project of the pipeline table."""
