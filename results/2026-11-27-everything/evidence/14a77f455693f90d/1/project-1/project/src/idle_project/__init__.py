"""The project of the pipeline idle."""
