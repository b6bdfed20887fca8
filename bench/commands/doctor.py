"""``bench doctor``: shows what this machine has and lacks."""

__all__ = ["doctor"]


def doctor() -> None:
    """Show what is missing on this machine, and what a run costs."""
    from bench.commands._machine_report import text

    print(text())
