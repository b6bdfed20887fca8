"""The project of the pipeline chain."""
