"""What stages share, in a module of its own."""


def rounded(value: float) -> float:
    """Round to one digit."""
    return round(value, 1)
