"""The result set on disk, its redaction, and the facts of the measuring machine.

Comes in: records and evidence. Goes out: the same, in the order of writing.
Nothing is ever rewritten.
"""
