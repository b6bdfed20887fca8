"""The project of the pipeline parts."""
