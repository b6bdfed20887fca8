"""The pipeline chain_10."""

from .pipeline import create_pipeline

__all__ = ["create_pipeline"]
