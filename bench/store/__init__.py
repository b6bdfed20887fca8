"""The result set on disk, the redaction of what is kept, and the machine it was made on.

Comes in: records and evidence. Goes out: the same, in the order in which they were written.
Nothing is ever rewritten.
"""
