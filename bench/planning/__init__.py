"""What is measured, in which order, and the suite that runs it.

Comes in: a request. Goes out: attempts in the store.
A policy, passed in by the caller, decides which trials are tried again.
"""
