"""The machine that bench runs on: its facts, its files, and what is private of it.

Comes in: folders that runs have left, and texts. Goes out: safe reads, writes and removals, redacted texts.
Nothing here knows what was measured.
"""
