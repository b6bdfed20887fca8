"""The project of the pipeline function."""
