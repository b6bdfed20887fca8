"""The project of the pipeline hello."""
