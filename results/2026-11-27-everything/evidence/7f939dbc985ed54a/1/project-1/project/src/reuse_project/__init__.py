"""The project of the pipeline reuse."""
