"""The exceptions that end a trial before its steps are done."""

from bench.contract.records import Declared

__all__ = ["TrialFault", "TrialSkipped"]


class TrialFault(Exception):
    """A fault of harness or adapter that ends this trial as *error*; the suite continues."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason


class TrialSkipped(Exception):
    """Ends a trial on purpose, because the tool or the machine lacks what it needs."""

    def __init__(self, declared: Declared) -> None:
        super().__init__(declared.reason)
        self.declared = declared
