"""Imports as a sorter puts them."""

import sys
from collections.abc import Iterable

from bench.contract.codegen.format import WIDTH

from .module import Import

__all__ = ["import_sections", "member"]


def import_sections(imports: Iterable[Import]) -> list[list[str]]:
    """Return import statements as a sorter puts them: the standard library, then all else."""
    plain: set[tuple[str, str]] = set()
    named: dict[str, set[tuple[str, str]]] = {}
    for found in imports:
        suffix = "" if found.alias is None or found.alias == found.name else f" as {found.alias}"
        if found.name is None:
            plain.add((found.module, suffix))
        else:
            named.setdefault(found.module, set()).add((found.name, suffix))
    sections: list[list[str]] = [[], []]
    for module, suffix in sorted(plain, key=lambda one: (one[0].lower(), one)):
        sections[_section(module)].append(f"import {module}{suffix}")
    for module in sorted(named, key=lambda one: (one.lower(), one)):
        members = sorted(named[module], key=lambda one: member(one[0]))
        lines = [_from(module, [name + suffix for name, suffix in members if not suffix])]
        # A sorter gives renamed members lines of their own.
        lines += [_from(module, [name + suffix]) for name, suffix in members if suffix]
        sections[_section(module)] += filter(None, lines)
    return [section for section in sections if section]


def _from(module: str, names: list[str]) -> str:
    if not names:
        return ""
    line = f"from {module} import {', '.join(names)}"
    # Imports stand in a body, one step to the right.
    if len(line) + 4 <= WIDTH:
        return line
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")"


def _section(module: str) -> int:
    return 0 if module.partition(".")[0] in sys.stdlib_module_names else 1


def member(name: str) -> tuple[int, str, str]:
    """Return what members are sorted by: constants, then classes, then the rest."""
    order = 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2
    return order, name.lower(), name
