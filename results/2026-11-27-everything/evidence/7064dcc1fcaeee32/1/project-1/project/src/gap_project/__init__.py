"""The project of the pipeline gap."""
