"""Helpers for adapters that write Python code.

Comes in: a pipeline and the text of its stages. Goes out: source text.
Used by adapters alone.
"""
