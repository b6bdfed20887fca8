"""The project of the pipeline values."""
