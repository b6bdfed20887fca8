"""Criteria, scores, ranks, what would change them, and the comparison of sets.

Comes in: judged results and a criteria set. Goes out: scores with bounds.
Pure functions; nothing is run.
"""
