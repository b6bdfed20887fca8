"""The pipeline chain_1."""

from .pipeline import create_pipeline

__all__ = ["create_pipeline"]
