"""Medians, intervals, paired ratios, bootstrap draws and straight lines.

Comes in: numbers. Goes out: numbers.
Nothing here knows what was measured.
"""
