"""The project of the pipeline branches."""
