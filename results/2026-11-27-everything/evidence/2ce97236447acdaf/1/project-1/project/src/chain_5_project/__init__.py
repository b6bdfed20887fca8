"""The project of the pipeline chain_5."""
