"""The project of the pipeline alike."""
