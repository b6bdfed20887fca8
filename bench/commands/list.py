"""``bench list``: lists tools, scenarios, pipelines, criteria and checklist questions."""

import ast
from collections.abc import Callable, Iterator
from typing import Annotated

import typer

from bench.errors import UsageError, nearest

__all__ = ["list_"]


def list_(
    what: Annotated[str, typer.Argument(help="tools, scenarios, pipelines, criteria or checklist")],
) -> None:
    """List the tools, scenarios, pipelines that come with bench, criteria sets or checklist questions."""
    print(_text(what))


def _text(what: str) -> str:
    """Return the listing. Raises UsageError for any other word."""
    known: dict[str, Callable[[], Iterator[str]]] = {
        "tools": _tools,
        "scenarios": _scenarios,
        "pipelines": _pipelines,
        "criteria": _criteria,
        "checklist": _checklist,
    }
    if what not in known:
        raise UsageError(f"cannot list '{what}'{nearest(what, known)}")
    return "\n".join(known[what]())


def _tools() -> Iterator[str]:
    from bench.contract.adapter_loading import discover
    from bench.contract.adapter_manifest import read_manifest

    for folder in discover().values():
        manifest = read_manifest(folder)
        names = [
            f"{manifest.name}[{setup}]" + (" (default)" if setup == manifest.default_setup else "")
            for setup in manifest.setups
        ]
        names += [f"+{option}" for option in manifest.options]
        yield f"{manifest.name:<10} {manifest.display:<28} {manifest.role:<8} {', '.join(names)}"


def _scenarios() -> Iterator[str]:
    from bench.contract.scenario import discover
    from bench.contract.scenario_manifest import read_manifest

    for folder in discover().values():
        manifest = read_manifest(folder)
        yield f"{manifest.name:<10} {manifest.question}"
        yield f"{'':<10} cases: {', '.join(manifest.cases)}; profiles: {', '.join(manifest.profiles)}"


def _pipelines() -> Iterator[str]:
    from bench.environments.pipeline_catalog import names

    found = names()
    width = max(map(len, found))
    for name, file in found.items():
        # Read as text: a listing runs no code.
        docstring = ast.get_docstring(ast.parse(file.read_bytes())) or ""
        yield f"{name:<{width}}  {docstring.partition(chr(10))[0]}"


def _criteria() -> Iterator[str]:
    from bench.scoring.criteria_files import load, names

    for name in sorted(names(), key=lambda name: name != "default"):
        criteria = load(name)
        yield f"{name} (--criteria {name})"
        for criterion in criteria.criteria:
            ids = [indicator.id for indicator in criterion.indicators]
            yield f"  weight {criteria.weight(criterion):g}: {criterion.name}: {criterion.asks}"
            if ids:
                yield f"      {', '.join(ids)}"
            asked = {indicator.family for indicator in criterion.indicators}
            lacking = [family for family in criterion.families if family not in asked]
            if lacking or not ids:
                yield f"      not attempted yet{': ' if lacking else ''}{', '.join(lacking)}"


def _checklist() -> Iterator[str]:
    from bench.scoring.checklist import questions

    for name, question in questions().items():
        good = "" if question.good == "yes" else f" (good: {question.good})"
        yield f"{question.criterion}: {name}: {question.question}{good}"
