"""The project of the pipeline erring."""
