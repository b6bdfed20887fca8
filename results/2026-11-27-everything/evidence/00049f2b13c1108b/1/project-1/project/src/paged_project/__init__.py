"""The project of the pipeline paged."""
