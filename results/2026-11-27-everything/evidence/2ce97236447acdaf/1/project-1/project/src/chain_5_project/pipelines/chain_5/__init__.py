"""The pipeline chain_5."""

from .pipeline import create_pipeline

__all__ = ["create_pipeline"]
