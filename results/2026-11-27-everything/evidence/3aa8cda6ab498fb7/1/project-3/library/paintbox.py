"""Mixes colours."""


def mixed(label):
    return f"{label} of paintbox 2.0"
