"""The project of the pipeline library."""
