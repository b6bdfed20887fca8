"""What pipelines, adapters and scenarios are written against; the stored records.

Comes in: files that users and authors write. Goes out: checked, frozen descriptions.
Nothing here runs a tool.
"""
