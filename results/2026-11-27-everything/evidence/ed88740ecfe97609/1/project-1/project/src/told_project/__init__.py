"""The project of the pipeline told."""
