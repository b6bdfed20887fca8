"""The project of the pipeline large."""
