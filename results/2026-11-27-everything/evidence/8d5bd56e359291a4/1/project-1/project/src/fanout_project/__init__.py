"""The project of the pipeline fanout."""
