"""The contracts for pipelines, adapters and scenarios, and the stored records.

Comes in: files by users and authors. Goes out: checked, frozen descriptions.
Nothing here runs a tool.
"""
