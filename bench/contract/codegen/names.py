"""Names in generated code: none hides a name of the user's, a builtin, a keyword, or what the code itself uses."""

import builtins
import keyword
import re
import unicodedata
from collections.abc import Collection, Iterable

__all__ = ["NEVER", "Names", "free", "lower_ascii", "plain_ascii"]

NEVER = frozenset({*dir(builtins), *keyword.kwlist, *keyword.softkwlist, "self"})
"""Names that generated code never binds: what it means by them has to stay what it is."""


def free(name: str, taken: Collection[str]) -> str:
    """Return ``name``, with underscores behind it until it is not taken."""
    while name in taken:
        name += "_"
    return name


class Names:
    """The names of one scope of generated code, and of the scopes around it.

    taken: names that the code uses itself. never: names that nothing may have. A name that is asked for again is the
    same.
    """

    def __init__(self, taken: Iterable[str] = (), never: Iterable[str] = NEVER) -> None:
        self._taken = {*taken, *never}
        self._of: dict[tuple[str, str], str] = {}

    def add(self, group: str, names: Iterable[str]) -> None:
        """Give each name of a group, such as ``data``, the nearest name that is free; earlier groups come first."""
        for name in names:
            self.of(group, name)

    def of(self, group: str, name: str, wanted: str | None = None) -> str:
        """Return what a name of a group is called in the code. wanted: where that is not the name itself."""
        if (group, name) not in self._of:
            given = free(wanted or name, self._taken)
            self._taken.add(given)
            self._of[group, name] = given
        return self._of[group, name]

    def is_free(self, name: str) -> bool:
        """Whether nothing has this name."""
        return name not in self._taken

    def new(self, wanted: str) -> str:
        """Return a free name that nobody else gets."""
        given = free(wanted, self._taken)
        self._taken.add(given)
        return given


def plain_ascii(name: str) -> str:
    """Return a name that begins with an ASCII letter and has only such, digits and underscores, as most tools want it.

    Such a name stays as it is.
    """
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        return name
    letters = "".join(
        one if one.isascii() and (one.isalnum() or one == "_") else f"u{ord(one):x}"
        for one in unicodedata.normalize("NFKC", name)
    ).lstrip("_")
    return letters if letters[:1].isalpha() else f"n{letters}"


def lower_ascii(name: str) -> str:
    """Return a name as :func:`plain_ascii`, in lower case."""
    return plain_ascii(name).lower()
