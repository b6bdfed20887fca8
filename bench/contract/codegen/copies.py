"""One function for each stage: where stages share one, the later ones get a copy under their own name.

Tasks of most tools are functions, and a run is read by which functions ran: two stages of one function could not
be told apart. Standard library only: it also runs beside a user's pipeline.
"""

import ast
from dataclasses import replace

from bench.contract.codegen.names import free
from bench.contract.codegen.source import function_node, function_text, parse
from bench.contract.pipeline import Pipeline

__all__ = ["one_function_each"]


def one_function_each(pipeline: Pipeline) -> None:
    """Put a copy of a function that an earlier stage has, below its module, and let the stage name it.

    Raises PipelineError where the function is no plain one.
    """
    taken: set[tuple[str, str]] = set()
    for name, stage in pipeline.stages.items():
        if (stage.module, stage.function) not in taken:
            taken.add((stage.module, stage.function))
            continue
        text = pipeline.modules[stage.module]
        names = {found.id for found in ast.walk(parse(text, stage.module)) if isinstance(found, ast.Name)}
        names |= {getattr(node, "name", "") for node in ast.walk(parse(text, stage.module))}
        function = free(name, names)
        copy = _renamed(text, stage.module, stage.function, function)
        pipeline.modules[stage.module] = f"{text.rstrip()}\n\n\n{copy}\n"
        pipeline.stages[name] = replace(stage, function=function, copied=True)
        taken.add((stage.module, function))


def _renamed(text: str, module: str, function: str, name: str) -> str:
    """Return the text of a function under another name."""
    node = function_node(text, module, function)
    lines = function_text(text, module, function).split("\n")
    above = node.lineno - min([node.lineno, *(one.lineno for one in node.decorator_list)])
    lines[above] = lines[above].replace(f"def {function}", f"def {name}", 1)
    return "\n".join(lines)
