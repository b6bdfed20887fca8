"""The project of the pipeline hostile."""
