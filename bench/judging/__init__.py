"""Verdicts and samples from records.

Comes in: records and the rules of scenarios. Goes out: verdicts and samples.
Pure functions; nothing is run.
"""
