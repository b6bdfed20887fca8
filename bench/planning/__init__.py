"""What is measured, in which order, and the suite that runs it.

Comes in: a request. Goes out: attempts in the store.
What is tried again is decided by a policy that is handed in.
"""
