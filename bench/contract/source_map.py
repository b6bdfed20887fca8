"""The source map: where the user's statements are in a rendered project."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["SourceMap", "Span"]


@dataclass(frozen=True)
class Span:
    """The statements of one rendered function that came from one stage.

    file: relative to the project; for a file that the tool itself writes (a manifest's
    ``traced_files``), its bare name. function: qualified name of the function. first, last: indexes of
    the function's statements, a docstring not counted; -1 is the last. inputs: the stage's arguments,
    each a local name when the first statement begins. result: the local name that holds what the stage
    returns after the last statement; None where the statements themselves return it.
    """

    stage: str
    file: str
    function: str
    inputs: tuple[str, ...]
    first: int = 0
    last: int = -1
    result: str | None = None


@dataclass(frozen=True)
class SourceMap:
    """All spans of a rendered project."""

    spans: tuple[Span, ...]

    def as_json(self) -> str:
        """Return the text that the hook reads."""
        return json.dumps([asdict(span) for span in self.spans])

    @classmethod
    def of(cls, spans: Iterable[Span]) -> "SourceMap":
        """Make a source map from any iterable of spans."""
        return cls(tuple(spans))

    def check(self, project: Path, traced_files: Iterable[str]) -> list[str]:
        """Return which files of the map the project lacks; empty if none."""
        known = set(traced_files)
        return [
            f"stage '{span.stage}': no file {span.file}"
            for span in self.spans
            if span.file not in known and not (project / span.file).is_file()
        ]
