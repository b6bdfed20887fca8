"""The project of the pipeline metadata."""
