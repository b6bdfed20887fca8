"""KFP's rebuilt components do what the stages do, and what they cannot do is refused with its line.

No KFP here: a component's source is executed as KFP executes it, alone, with artifacts that are files.
"""

import ast
import sys
import textwrap
import typing
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import joblib
import pytest

from bench import adapters
from bench.errors import PipelineError
from bench.pipeline import File, Output, Pipeline, Stage

adapter = adapters.load(Path(__file__).parents[3] / "adapters" / "kfp")
package = type(adapter).__module__.rpartition(".")[0]
rebuild = sys.modules[f"{package}.rebuild"]
helpers = sys.modules[f"{package}.helpers"]
imported_names = sys.modules[f"{package}.embedding"].imported_names
module_of = sys.modules[f"{package}.module"].Module

SUPPORTED = {
    "one line": "def stage(a: int) -> object: return a + 1\n",
    "semicolons": "def stage(a: int) -> object:\n    b = a; c = b * 2; return c\n",
    "only a docstring and a return": 'def stage(a: int) -> object:\n    """Say it."""\n    return a\n',
    "comments everywhere": """\
        # above the stage
        def stage(a: int) -> object:
            # before all
            b = a + 1  # beside

                # oddly indented
            # before the return
            return b  # beside the return
            # after the return
        # far below
        """,
    "text of several lines": '''\
        def stage(a: int) -> object:
            text = """first
        at the margin
            \tindented {a}
          \\
        joined"""
            return text, a
        ''',
    "f-strings": """\
        WIDTH = 6

        def stage(a: int) -> object:
            '''Doc {not a field}.'''
            return f"{a:>{WIDTH}} {{kept}} {a!r} {'x' if a else 'y'}"
        """,
    "tabs": "def stage(a: int) -> object:\n\tif a:\n\t\tb = 1\n\telse:\n\t\tb = 2\n\treturn [b,\n\t\ta]\n",
    "two spaces": "def stage(a: int) -> object:\n  b = a\n  for i in range(3):\n      b += i\n  return b\n",
    "eight spaces, constants": "N = [1,\n  2]\ndef stage(a: int) -> object:\n        return N + [a]\n",
    "tuple over lines": "def stage(a: int) -> object:\n    return (a,\n        a + 1,  # second\n    )\n",
    "bare tuple and star": "def stage(a: int) -> object:\n    rest = [1, 2]\n    return a, *rest\n",
    "return without a space": "def stage(a: int) -> object:\n    return(a)\n",
    "return with a backslash": "def stage(a: int) -> object:\n    return \\\n        a + 1\n",
    "walrus and comprehensions of one name": """\
        def stage(a: int) -> object:
            if (b := a + 1) > 2:
                b += 1
            x = [x for x in range(b) for b in (x, x)]
            return {x: b for x in x}, [y := 3], y
        """,
    "nested lambdas and closures": """\
        BASE = 10

        def stage(a: int) -> object:
            total = 0
            def add(n, base=BASE):
                nonlocal total
                total += n + base
                return lambda m: (lambda: m + n + total)()
            return add(a)(2), total
        """,
    "conditional expression": "def stage(a: int) -> object:\n    return 1 if a else 2\n",
    "names of builtins": """\
        def list(values):
            return tuple(values)

        max = 3

        def stage(a: int) -> object:
            input, id, type = a, 2, 3
            return list([input, id, type, max])
        """,
    "names that generated code would take": """\
        import math as joblib

        pd = 4

        def stage(a: int, result: int = 5) -> object:
            made, made_artifact, a_artifact = 1, 2, 3
            pandas = joblib.floor(2.5)
            return made, made_artifact, a_artifact, pandas, pd, result, a
        """,
    "imports in the body": """\
        def stage(a: int) -> object:
            import json
            from math import floor as f
            return json.dumps([a, f(2.5)])
        """,
    "imports above, of which few are needed": """\
        import collections.abc
        import os, sys, math as m
        from json import (
            dumps,  # to text
            loads,
        )

        def stage(a: int) -> object:
            return m.floor(a), loads(dumps([a])), isinstance([], collections.abc.Sequence)
        """,
    "an import that falls back": """\
        try:
            import no_such_module as json
        except ImportError:
            import json

        def stage(a: int) -> object:
            return json.dumps(a)
        """,
    "constants built step by step": """\
        SMALL = [1, 2]
        LARGE = SMALL + [3]
        LARGE += [4]
        TABLE: dict[str, list[int]] = {}
        TABLE["large"] = LARGE
        SMALL.append(9)
        UNUSED = no = 1
        A, B = 1, (2, 3)
        for _i in range(2):
            LARGE.append(_i)

        def stage(a: int) -> object:
            return TABLE, B, a
        """,
    "helpers of helpers": """\
        from math import floor
        STEP = 2

        def down(x: "float") -> int:
            '''Round.'''
            return floor(x) * STEP

        # Calls the other.
        def both(x: float, y: float = 1.5) -> list[int]:
            return [down(x), down(y)]

        def stage(a: int) -> object:
            return both(a / 2)
        """,
    "helpers that KFP would break": """\
        import functools
        DEFAULT = [7]

        @functools.lru_cache
        def cached(x: int) -> int:
            return x + 1

        def computed(x: int, more=DEFAULT) -> list:
            return [x, *more]

        def stage(a: int) -> object:
            return cached(a), computed(a)
        """,
    "a recursive stage": """\
        def stage(a: int) -> object:
            b = 1 if a < 1 else a * stage(a - 1)
            return b
        """,
    "a class beside": """\
        from typing import NamedTuple

        class Point(NamedTuple):
            '''Where.

            Precisely.
            '''

            x: int
            y: int = 2

            @property
            def sum(self) -> int:
                # of both
                return self.x + self.y

        def stage(a: int) -> object:
            return Point(y=a, x=1).sum, tuple(Point(3))
        """,
    "effects of the import": """\
        import decimal
        decimal.getcontext().prec = 5

        def stage(a: int) -> object:
            return str(decimal.Decimal(1) / 3)
        """,
    "try and finally": """\
        def stage(a: int) -> object:
            try:
                b = 1 // a
            except ZeroDivisionError as error:
                b = str(error)
            finally:
                c = 3
            return b, c
        """,
    "type comments and unicode": """\
        GRÖSSE = "ß☃"

        def stage(a: int) -> object:
            wert = []  # type: list[int]
            wert.append(a)  # größer
            return {"naïve ☃": wert, GRÖSSE: "\\N{SNOWMAN}"}
        """,
    "match, with, while, del, assert": """\
        import contextlib

        def stage(a: int) -> object:
            with contextlib.nullcontext(a) as b:
                while b < 5:
                    b += 1
            match b:
                case 5 | 6:
                    kind = "small"
                case _:
                    kind = "large"
            del b
            assert kind
            return kind
        """,
    "a name of the signature's default": "N = 3\ndef stage(a: int, b: int = N) -> object:\n    return a + b\n",
    "annotations of what is not there": """\
        from __future__ import annotations
        from typing import TYPE_CHECKING

        if TYPE_CHECKING:
            from elsewhere import Thing

        def stage(a: int) -> object:
            b: Thing = a
            return b
        """,
    "a guard for scripts": "def stage(a: int) -> object:\n    return a\nif __name__ == '__main__':\n    stage(1)\n",
    "decorated nested function": """\
        import functools

        def stage(a: int) -> object:
            @functools.wraps(len)
            def inner(b):
                yield b
                return
            return list(inner(a)), inner.__name__
        """,
}

EARLY = """\
    def stage(a: int) -> object:
        if a:
            return 1
        return 2
    """

REFUSED = {
    "no return": ("def stage(a: int) -> object:\n    a + 1\n", 2, "must end with 'return'"),
    "generator": ("def stage(a: int) -> object:\n    yield a\n    return a\n", 2, "yield"),
    "async": ("async def stage(a: int) -> object:\n    return a\n", None, "no plain function 'stage'"),
    "lambda": ("stage = lambda a: a\n", None, "no plain function 'stage'"),
    "decorator": (
        "import functools\n@functools.cache\ndef stage(a: int) -> object:\n    return a\n",
        2,
        "decorated",
    ),
    "star arguments": ("\ndef stage(a: int, *more) -> object:\n    return a\n", 2, "plain arguments"),
    "keyword only": ("def stage(*, a: int) -> object:\n    return a\n", 1, "plain arguments"),
    "global": (
        "N = 1\ndef stage(a: int) -> object:\n    global N\n    N = 2\n    return a\n",
        3,
        "global N",
    ),
    "global in a helper": (
        "N = 1\ndef f():\n    global N\n    N += 1\ndef stage(a: int) -> object:\n    f()\n    return a\n",
        3,
        "global N",
    ),
    "star import": (
        "from math import *\ndef stage(a: int) -> object:\n    return floor(a)\n",
        1,
        "name what is imported",
    ),
    "changes a list": (
        "SEEN = []\ndef stage(a: int) -> object:\n    SEEN.append(a)\n    return SEEN\n",
        3,
        "changes 'SEEN'",
    ),
    "changes a dict": (
        "SEEN = {}\ndef stage(a: int) -> object:\n    SEEN['a'][0] = a\n    return a\n",
        3,
        "changes 'SEEN'",
    ),
    "undefined": (
        "def stage(a: int) -> object:\n    b = 1\n    return b + nowhere\n",
        3,
        "'nowhere' is not defined",
    ),
    "its own file": ("def stage(a: int) -> object:\n    return __file__\n", 2, "__file__"),
    "eval": ("def stage(a: int) -> object:\n    return eval('a')\n", 2, "eval"),
    "a clash": (
        "N = 1\nM = [N]\ndef stage(a: int) -> object:\n    b = M\n    N = 2\n    return N, b\n",
        5,
        "'N' is a local name",
    ),
    "syntax": ("def stage(a: int) -> object:\n    return (\n", 2, ""),
}


class Marker:
    """Stands for ``Input``, ``Output`` and the artifact types in annotations."""

    def __class_getitem__(cls, item: Any) -> Any:
        return item


def stage_of(kind: str) -> Stage:
    """Return a stage with one input of a kind and one model as output."""
    return Stage("stage", "stage", "stages", {"a": "given"}, (Output("made", kind),))  # type: ignore[arg-type]


def built(text: str, kind: str = "model", given: str = "model") -> tuple[Any, str]:
    """Return the component of the function ``stage``, and all that KFP would ship of it."""
    module = module_of("stages", text, set(), {"stage"})
    component = rebuild.build("stage", module, stage_of(kind), {"given": given, "made": kind}, {})
    return component, "\n\n".join(
        [helpers.helper(module, name)[0] for name in component.helpers] + [component.text]
    )


def executed(source: str) -> Callable[..., Any]:
    """Return the component's function, from a module that holds what KFP's holds."""
    scope: dict[str, Any] = {name: getattr(typing, name) for name in typing.__all__}
    scope |= dict.fromkeys(("Input", "Output", "Dataset", "Model", "Metrics"), Marker)
    exec(compile(source, "ephemeral_component.py", "exec", dont_inherit=True), scope)
    function: Callable[..., Any] = scope["stage"]
    return function


def original(text: str, value: Any) -> Any:
    """Return what the user's function returns."""
    scope: dict[str, Any] = {"__name__": "stages"}
    exec(compile(text, "stages.py", "exec", dont_inherit=True), scope)
    return scope["stage"](value)


def statements(text: str) -> list[str]:
    """Return the statements of the function ``stage``, without its docstring."""
    nodes = [
        node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.name == "stage"
    ]
    body = nodes[-1].body
    return [ast.unparse(node) for node in (body[1:] if ast.get_docstring(nodes[-1]) is not None else body)]


@pytest.mark.parametrize("name", SUPPORTED)
@pytest.mark.parametrize("value", [0, 3])
def test_a_rebuilt_stage_gives_the_same_through_artifacts(name: str, value: int, tmp_path: Path) -> None:
    """Input read from a file, output written to one: the same value comes out as from the plain function."""
    text = textwrap.dedent(SUPPORTED[name])
    component, source = built(text)
    given, made = SimpleNamespace(path=tmp_path / "given"), SimpleNamespace(path=tmp_path / "made")
    joblib.dump(value, given.path)

    returned = executed(source)(**{component.inputs["a"]: given, component.outputs["made"]: made})

    assert returned is None
    assert joblib.load(made.path) == original(text, value)


@pytest.mark.parametrize("name", SUPPORTED)
def test_a_rebuilt_stage_gives_the_same_through_parameters(name: str) -> None:
    """With parameters only, nothing stands after the user's statements, the return included."""
    text = textwrap.dedent(SUPPORTED[name])
    component, source = built(text, "float", "int")

    assert component.result is None
    assert executed(source)(a=3) == original(text, 3)


@pytest.mark.parametrize("name", SUPPORTED)
def test_the_users_statements_stand_where_the_source_map_says(name: str) -> None:
    """Between first and last stand exactly the user's statements, the last one perhaps as an assignment."""
    text = textwrap.dedent(SUPPORTED[name])
    component, _ = built(text)
    users, rebuilt = statements(text), statements(component.text)[component.first : component.last + 1]

    value = users[-1].removeprefix("return ")
    if rebuilt == users[:-1]:
        assert value == component.result
    else:
        assert rebuilt[:-1] == users[:-1]
        assert rebuilt[-1].partition(" = ")[0] == component.result
        assert ast.dump(ast.parse(rebuilt[-1].partition(" = ")[2])) == ast.dump(ast.parse(value))


@pytest.mark.parametrize("name", SUPPORTED)
def test_the_users_lines_are_kept_to_the_letter(name: str) -> None:
    """Every line of the body but the return is there as it was, comments and odd spaces too."""
    text = textwrap.dedent(SUPPORTED[name])
    node = next(n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef) and n.name == "stage")
    last = node.body[-1]
    lines = text.splitlines()[node.body[0].lineno - 1 : last.lineno - 1]
    _, source = built(text, "float", "int")

    assert [line for line in lines if line not in source.splitlines()] == []


@pytest.mark.parametrize("name", REFUSED)
def test_what_kfp_cannot_take_is_refused_with_its_line(name: str) -> None:
    """The message names the file, the line and the reason."""
    text, line, reason = REFUSED[name]
    with pytest.raises(PipelineError) as refused:
        built(textwrap.dedent(text))
    assert reason in str(refused.value)
    assert str(refused.value).startswith("stages.py has" if line is None else f"stages.py:{line}: ")


def test_an_early_return_is_kept_where_nothing_is_written_after_it() -> None:
    """A component that only returns a parameter needs nothing after the user's statements."""
    _, source = built(textwrap.dedent(EARLY), "float", "int")
    assert [executed(source)(a=value) for value in (0, 1)] == [2, 1]


def test_what_models_refer_to_is_imported_from_the_users_module() -> None:
    """A class of their own, and a function that they hold: repeated in a body, no other task would find it."""
    text = (
        "class Box:\n    pass\n\ndef log(x: int) -> int:\n    return x\n\ndef twice(x: int) -> int:\n    return 2 * x\n\n"
        "def stage(a: int) -> object:\n    return [Box(), log, twice(a)]\n"
    )
    module = module_of("stages", text, set(), {"stage"})
    kinds: dict[str, Any] = {"given": "int", "made": "model"}
    assert imported_names(module, [stage_of("model")], kinds) == {"Box", "log"}
    module.imported = frozenset({"Box", "log"})
    component = rebuild.build("stage", module, stage_of("model"), kinds, {})
    assert "from stages import Box, log" in component.text
    assert (component.helpers, component.modules) == (("twice",), {"stages"})


def test_a_class_beside_the_stages_is_repeated_in_the_body() -> None:
    """Its objects may be used in the stage, as long as none of them is a model."""
    text = "class Box: size = 2\ndef stage(a: int) -> object:\n    return Box.size + a\n"
    _, source = built(text, "float", "int")
    assert executed(source)(a=1) == 3


@pytest.mark.parametrize("made", ["Both(a + 1, [a])", "Both(second=[a], first=a + 1)"])
def test_fields_of_a_named_tuple_become_outputs(made: str, tmp_path: Path) -> None:
    """A field that is a model is written to its artifact, a list is returned as a parameter."""
    text = (
        "from typing import NamedTuple\n\nclass Both(NamedTuple):\n    first: object\n    second: list[int]\n\n"
        f"def stage(a: int) -> Both:\n    return {made}\n"
    )
    module = module_of("stages", text, set(), {"stage"})
    outputs = (Output("first", "model"), Output("second", "json"))
    stage = Stage("stage", "stage", "stages", {"a": "given"}, outputs, several=True)
    component = rebuild.build(
        "stage", module, stage, {"given": "int", "first": "model", "second": "json"}, {}
    )
    artifact = SimpleNamespace(path=tmp_path / "first")

    returned = executed(component.text)(**{"a": 3, component.outputs["first"]: artifact})

    assert (joblib.load(artifact.path), returned) == (4, ([3],))
    assert component.result == "both"


def test_a_flat_dict_of_numbers_is_logged_as_metrics_and_returned() -> None:
    """KFP's page of a run shows what is logged; the consumers get the dict."""
    text = "def stage(a: int) -> dict[str, float]:\n    return {'a': a / 2}\n"
    logged: dict[str, float] = {}
    component, source = built(text, "json", "int")

    returned = executed(source)(a=3, metrics=SimpleNamespace(log_metric=logged.__setitem__))

    assert returned == logged == {"a": 1.5}
    assert (component.result, component.only_output) == ("made", False)


def test_the_same_pipeline_is_rendered_to_the_same_bytes(tmp_path: Path) -> None:
    """Twice the same pipeline: the same files. Modules beside the stages are embedded by name."""
    flow = Pipeline("twice")
    flow.modules = {
        "beside": "RATE = 2\n",
        "stages": "import beside\n\ndef stage(results: str) -> None:\n    open(results + '/x', 'w').write(str(beside.RATE))\n",
    }
    flow.parameter("results", File)
    flow.stages["stage"] = Stage("stage", "stage", "stages", {"results": "results"}, ())
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        adapter.render(flow, tmp_path / name, frozenset())
    files = [
        {
            str(path.relative_to(tmp_path / name)): path.read_bytes()
            for path in (tmp_path / name).rglob("*.py")
        }
        for name in ("one", "two")
    ]
    assert files[0] == files[1]
    assert sorted(files[0]) == ["components.py", "pipeline.py", "run.py", "shared/beside.py"]
    assert b'embedded_artifact_path="shared"' in files[0]["components.py"]
