"""One trial: sandbox, supervisor, tracing, probes, servers, and the driver with its verbs.

Comes in: a planned trial and its adapter. Goes out: an attempt, that is, facts.
Nothing here judges.
"""
