"""The project of the pipeline adapting."""
