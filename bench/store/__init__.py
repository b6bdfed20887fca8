"""The result set on disk, the redaction of what is kept, and the machine it was made on.

Comes in: records and evidence. Goes out: the same, in the order of writing.
Nothing is ever rewritten.
"""
