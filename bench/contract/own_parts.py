"""The parts of a user's pipeline that a case takes in turn, and what its stages returned in a run."""

import ast
from collections.abc import Sequence
from typing import get_args

from bench.contract.pipeline import Pipeline, Stage
from bench.contract.records import Digest, Run
from bench.contract.scenario_manifest import Turns

__all__ = ["downstream", "helpers", "parts", "users_of", "values_of"]


def parts(pipeline: Pipeline, kind: Turns) -> list[str]:
    """Return the names of the parts of a kind, those first that say most: the middle one, the first, the last."""
    found = {
        "stages": list(pipeline.stages),
        "helpers": list(helpers(pipeline)),
        "parameters": [one.name for one in pipeline.parameters.values() if one.kind != "file"],
        "files": [
            one.name
            for one in pipeline.parameters.values()
            if one.kind == "file" and not one.required and one.default is not None
        ],
    }
    if set(found) != set(get_args(Turns)):
        raise AssertionError("a kind of parts is not listed")
    return _spread(found[kind])


def _spread(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    first = dict.fromkeys((names[len(names) // 2], names[0], names[-1]))
    return [*first, *(name for name in names if name not in first)]


def downstream(pipeline: Pipeline, stages: set[str]) -> set[str]:
    """Return these stages and all that take, directly or not, what they return."""
    found = set(stages)
    for stage in pipeline.stages.values():  # In an order in which they can run.
        flags = [one.flag for one in pipeline.choices.values() if stage.name in one.branches]
        if any(_makers(pipeline, name) & found for name in (*stage.inputs.values(), *flags)):
            found.add(stage.name)
    return found


def _makers(pipeline: Pipeline, name: str) -> set[str]:
    """Return the stages that make a value: of a choice, both of its stages and what makes its flag."""
    choice = pipeline.choices.get(name)
    if choice is not None:
        return {*choice.branches, *_makers(pipeline, choice.flag)}
    producer = pipeline.producer(name)
    return set() if producer is None else {producer.name}


def helpers(pipeline: Pipeline) -> dict[str, set[str]]:
    """Return the stages that use each function of the user's modules that is no stage, by ``module.function``.

    Found by name in the source, so a function that is only handed over in a variable is not found.
    """
    uses = {name: _functions(text) for name, text in pipeline.modules.items()}
    staged = {(stage.module, stage.function) for stage in pipeline.stages.values()}
    found: dict[str, set[str]] = {}
    for stage in pipeline.stages.values():
        for module, function in _reached(stage, uses):
            if (module, function) not in staged:
                found.setdefault(f"{module}.{function}", set()).add(stage.name)
    return found


def _functions(text: str) -> dict[str, set[str]]:
    """Return the names that each top-level function of a module uses, by its own name. Nothing if it is no Python."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return {}
    return {
        node.name: {
            one.id if isinstance(one, ast.Name) else one.attr
            for one in ast.walk(node)
            if isinstance(one, ast.Name | ast.Attribute)
        }
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }


def _reached(stage: Stage, uses: dict[str, dict[str, set[str]]]) -> list[tuple[str, str]]:
    """Return the functions of the user's modules that a stage's function uses, directly or not."""
    seen: dict[tuple[str, str], None] = {}
    waiting = [(stage.module, stage.function)]
    while waiting:
        module, function = waiting.pop()
        for name in sorted(uses.get(module, {}).get(function, ())):
            # A name of its own module comes first; one that is imported is found in whichever module has it.
            places = [module, *(other for other in uses if other != module)]
            for place in places:
                if name in uses[place] and (place, name) != (stage.module, stage.function):
                    if (place, name) not in seen:
                        seen[place, name] = None
                        waiting.append((place, name))
                    break
    return list(seen)


def users_of(pipeline: Pipeline, kind: Turns, name: str) -> set[str]:
    """Return the stages that a part belongs to: those of the function that is edited, or those that use it."""
    if kind == "stages":
        edited = pipeline.stages[name]
        # One function may serve several stages; an edit of it is one of all of them.
        return {
            stage.name
            for stage in pipeline.stages.values()
            if (stage.module, stage.function) == (edited.module, edited.function)
        }
    if kind == "helpers":
        return helpers(pipeline)[name]
    return {stage.name for stage in pipeline.stages.values() if name in stage.inputs.values()}


def values_of(run: Run, pipeline: Pipeline) -> dict[str, str]:
    """Return the digest of each output, by ``stage.output``: as it was returned, else as a later stage was given it.

    What a mapped stage returns is only seen as a list where a later stage takes it.
    """
    found: dict[str, str] = {}
    for stage in pipeline.stages.values():
        for argument, name in stage.inputs.items():
            producer, digest = pipeline.producer(name), run.received.get(f"{stage.name}.{argument}")
            if producer is None or digest is None or argument == stage.over or not _tells(digest):
                continue
            found[f"{producer.name}.{name}"] = digest.value
    returned = {name: one.value for name, one in run.delivered.items() if _tells(one)}
    return {**found, **returned}


def _tells(digest: Digest) -> bool:
    """Whether two values with this digest are surely equal: all of it is described, and it is of one value."""
    return digest.kind != "calls" and digest.lacks is None
