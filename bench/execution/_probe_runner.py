"""Asks an adapter's ``probe.py`` what its tool knows, and writes the answers as JSON to standard output.

Run by path in the tool's own interpreter, with the path of ``probe.py``; the request comes as
JSON on standard input. Standard library only. A ``probe.py`` has one plain function for each question
that the tool can answer. Its ``ROUTES`` maps each function to its route: ``api`` or ``command`` (public),
``layout`` (documented files), ``internals``. A function gets the result of ``start(places, pipeline)``, then
the arguments of the question by name. It returns None for what does not exist.
"""

import ast
import importlib.util
import io
import json
import os
import sys
import time
import tokenize
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

UNCOUNTED = (
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
)


def load(path: Path) -> ModuleType:
    """Import ``probe.py`` from its path."""
    spec = importlib.util.spec_from_file_location("probe", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class Sizes:
    """Count the code for an answer, in tokens without comments, docstrings and annotations."""

    def __init__(self, source: str) -> None:
        self._nodes = {
            node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)
        }

    def of(self, name: str) -> int:
        """Return the tokens of a function, of ``start``, and of all functions of the module that they call."""
        found: set[str] = set()
        waiting = [name, "start"]
        while waiting:
            now = waiting.pop()
            if now in found:
                continue
            found.add(now)
            used = {node.id for node in ast.walk(self._nodes[now]) if isinstance(node, ast.Name)}
            waiting += sorted(used & self._nodes.keys())
        return sum(self._tokens(self._nodes[one]) for one in found)

    def _tokens(self, node: ast.FunctionDef) -> int:
        bare = ast.parse(ast.unparse(node)).body[0]
        if not isinstance(bare, ast.FunctionDef):
            raise TypeError(f"{node.name} is no function")
        if ast.get_docstring(bare) is not None:
            bare.body = bare.body[1:] or [ast.Pass()]
        bare.returns = None
        for argument in (*bare.args.args, *bare.args.kwonlyargs):
            argument.annotation = None
        text = io.StringIO(ast.unparse(bare))
        return sum(token.type not in UNCOUNTED for token in tokenize.generate_tokens(text.readline))


def line(error: BaseException) -> str:
    """Return an error as one line."""
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said}"[:400]


def answer(module: ModuleType, handle: Any, question: dict[str, Any], sizes: Sizes) -> dict[str, Any]:
    """Ask one question. An answer that is not JSON is an error of the probe."""
    name = question["ask"]
    route = module.ROUTES.get(name)
    reply = {
        "id": question["id"],
        "value": None,
        "route": route,
        "seconds": 0.0,
        "error": None,
        "tokens": 0,
    }
    if route is None:
        return reply
    reply["tokens"] = sizes.of(name)
    time.sleep(question["wait"])
    reply["at"] = time.monotonic_ns()
    started = time.perf_counter()
    try:
        value = getattr(module, name)(handle, **question["arguments"])
        reply["seconds"] = time.perf_counter() - started
        reply["value"] = json.loads(json.dumps(value))
    except BaseException as error:  # noqa: BLE001 - sys.exit() in a tool's client too is to be told
        reply["seconds"] = time.perf_counter() - started
        reply["error"] = line(error)
        traceback.print_exc()
    return reply


def main() -> None:
    """Answer on the original standard output; everything that the tool prints goes to standard error."""
    path = Path(sys.argv[1])
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    request = json.load(sys.stdin)
    # The folder of this file belongs to bench: no module of a tool may import from it.
    sys.path[0] = str(Path.cwd())
    module = load(path)
    sizes = Sizes(path.read_text(encoding="utf-8"))
    try:
        handle = module.start(request["places"], request["pipeline"])
    except BaseException as error:  # noqa: BLE001 - as above
        traceback.print_exc()
        answers = [
            {"id": question["id"], "value": None, "route": module.ROUTES.get(question["ask"])}
            | {"seconds": 0.0, "at": 0, "error": line(error), "tokens": 0}
            for question in request["questions"]
        ]
    else:
        answers = [answer(module, handle, question, sizes) for question in request["questions"]]
    json.dump({"answers": answers}, output)
    output.close()


if __name__ == "__main__":
    main()
