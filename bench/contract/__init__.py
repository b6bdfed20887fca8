"""What pipelines, adapters and scenarios are written against, and the records that are stored.

Comes in: files that users and authors write. Goes out: checked, frozen descriptions.
Nothing here runs a tool.
"""
