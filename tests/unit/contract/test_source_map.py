"""The spans: a traced function is to its user what it is without the tracer."""

from pathlib import Path

import pytest

from bench.contract.source_map import Span
from bench.execution.tracing.reader import Digest
from tests.unit.execution.tracing.traced_project import TracedProject

ODD = '''
    """A module."""
    from __future__ import annotations

    import functools


    def traced(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return function(*args, **kwargs)
        return wrapper


    @traced
    def odd(number: int, *rest: str, seed: int = 4, **more: dict) -> dict:
        """Say what it does."""
        total = number + seed

        def helper(value):
            return value + 1

        class Local:
            def method(self):
                return 3

        if total > 100:
            raise ValueError(
                f"too much: {total}"
            )
        for _ in range(3):
            try:
                return {"total": helper(total), "local": Local().method(), "names": sorted(locals())}
            finally:
                total += 1


    class Steps:
        def step(self):
            before = 1
            middle = before + 1
            after = middle + 1
            return after

    async def later(number):
        return number + 1

    def outer():
        def inner(number):
            return number * 3
        return inner(4)
    '''


@pytest.fixture
def project(tmp_path: Path) -> TracedProject:
    """Return a project with functions that are hard to trace."""
    made = TracedProject(tmp_path)
    made.write(ODD)
    made.span("odd", "number", "seed")
    made.span("Steps.step", first=1, last=-2, result="middle")
    made.span("later", "number")
    made.span("outer.<locals>.inner", "number")
    return made


SEEN = {
    "source": "import inspect; print(inspect.getsource(stages.odd), inspect.getsource(stages))",
    "signature": "import inspect; print(inspect.signature(stages.odd), stages.odd.__annotations__)",
    "docstring": "print(stages.__doc__, stages.odd.__doc__, stages.odd.__wrapped__.__doc__)",
    "names": "print(stages.odd.__name__, stages.odd.__qualname__, stages.Steps.step.__qualname__)",
    "module names": "print(sorted(vars(stages)))",
    "first line": "print(stages.odd.__wrapped__.__code__.co_firstlineno, stages.odd.__code__.co_filename)",
    "local names": "print(stages.odd.__wrapped__.__code__.co_varnames, stages.outer.__code__.co_cellvars)",
    "defaults": "print(stages.odd.__wrapped__.__kwdefaults__, stages.odd.__wrapped__.__defaults__)",
    "value": "print(stages.odd(1, 'a'), stages.Steps().step(), stages.outer())",
    "coroutine": "import asyncio; print(asyncio.run(stages.later(1)))",
    "traceback": "stages.odd(100)",
}


@pytest.mark.parametrize("digests", [False, True], ids=["events", "digests"])
@pytest.mark.parametrize("code", SEEN.values(), ids=SEEN)
def test_what_is_seen_of_a_function_is_the_same_with_the_tracer(
    project: TracedProject, code: str, *, digests: bool
) -> None:
    """Source, signature, names, lines, values and tracebacks do not tell that there is a tracer."""
    project.digests = digests
    untraced = project.run(f"import stages; {code}", traced=False)
    traced = project.run(f"import stages; {code}")
    assert (traced.stdout, traced.stderr) == (untraced.stdout, untraced.stderr)


@pytest.mark.parametrize("source", ["def broken(:\n", "return 1\n", "x = 1\n\0", "# coding: nothing\n"])
def test_a_file_that_is_no_python_fails_as_ever(project: TracedProject, source: str) -> None:
    """The error of a file that cannot be compiled has the same text and traceback."""
    project.write(source)
    untraced = project.run("import stages", traced=False)
    traced = project.run("import stages")
    assert traced.stderr == untraced.stderr
    assert untraced.stderr


def test_an_exception_is_an_error_event(project: TracedProject) -> None:
    """The type of what left the body is kept."""
    project.run("import stages; stages.odd(100)")
    (body,) = project.bodies()
    assert body.error == "ValueError"
    assert body.end_ns is not None


def test_an_interrupt_and_an_exit_are_errors_too(project: TracedProject) -> None:
    """A body that is left by any exception at all has ended."""
    project.write("import sys\ndef stop():\n    sys.exit(3)\n")
    project.spans.clear()
    project.span("stop")
    assert project.run("import stages; stages.stop()").returncode == 3
    assert project.bodies()[0].error == "SystemExit"


def test_a_method_an_inner_and_an_async_function_are_found_by_their_names(project: TracedProject) -> None:
    """A qualified name reaches into classes and functions."""
    project.run(
        "import asyncio, stages; stages.Steps().step(); stages.outer(); asyncio.run(stages.later(1))"
    )
    stages = [body.stage for body in project.bodies()]
    assert stages == ["Steps.step", "outer.<locals>.inner", "later"]


def outputs_of(project: TracedProject, code: str) -> "dict[str, Digest]":
    """Run code with digests and return the outputs of its one body."""
    project.digests = True
    done = project.run(f"import stages; {code}")
    assert done.returncode == 0, done.stderr
    (body,) = project.bodies()
    return dict(body.outputs)


def digest_of(value: object) -> str:
    """Return the strict digest of a value."""
    from orchestrator_bench_digests import describe

    return str(describe(value)["strict"])


def test_a_span_in_the_middle_covers_only_its_statements(project: TracedProject) -> None:
    """The result of a span with a named result is that local after its last statement."""
    outputs = outputs_of(project, "stages.Steps().step()")
    assert outputs["return"].strict == digest_of(2)


def test_the_return_of_an_inner_function_is_not_the_stage_s(project: TracedProject) -> None:
    """Only the stage's own return statements give its result."""
    project.write(
        """
        def nested(number):
            def inner():
                return 1
            class Local:
                def method(self):
                    return 2
            (lambda: 3)()
            inner(), Local().method()
            assert not inner.__code__.co_names
            assert not Local.method.__code__.co_names
            return number
        """
    )
    project.spans[:] = []
    project.span("nested", "number")
    assert outputs_of(project, "stages.nested(9)")["return"].strict == digest_of(9)


@pytest.mark.parametrize("body", ["pass", "return", "return None", "if number < 0: return 1"])
def test_a_body_without_a_value_gives_none(project: TracedProject, body: str) -> None:
    """Falling off the end is returning None."""
    project.write(f"def nothing(number):\n    {body}\n")
    project.spans[:] = []
    project.span("nothing", "number")
    assert outputs_of(project, "stages.nothing(1)")["return"].strict == digest_of(None)


def test_the_value_that_counts_is_the_one_that_is_returned_last(project: TracedProject) -> None:
    """A return in ``finally`` overrides the one before."""
    project.write("def twice():\n    try:\n        return 1\n    finally:\n        return 2\n")
    project.spans[:] = []
    project.span("twice")
    assert outputs_of(project, "stages.twice()")["return"].strict == digest_of(2)


def test_a_named_tuple_gives_an_output_per_field(project: TracedProject) -> None:
    """Several outputs are digested under their names."""
    project.write(
        """
        from typing import NamedTuple
        class Pair(NamedTuple):
            left: int
            right: str
        def pair() -> float:
            return Pair(1, "x")
        """
    )
    project.spans[:] = []
    project.span("pair")
    outputs = outputs_of(project, "stages.pair()")
    assert {name: digest.strict for name, digest in outputs.items()} == {
        "left": digest_of(1),
        "right": digest_of("x"),
    }


def test_inputs_are_digested_as_they_are_at_the_start(project: TracedProject) -> None:
    """What the body does to its arguments is not seen in them."""
    project.write("def change(items):\n    items.append(2)\n    return items\n")
    project.spans[:] = []
    project.span("change", "items")
    project.digests = True
    project.run("import stages; stages.change([1])")
    (body,) = project.bodies()
    assert body.inputs["items"].strict == digest_of([1])
    assert body.outputs["return"].strict == digest_of([1, 2])


def test_an_input_that_is_no_local_is_said_and_does_no_harm(project: TracedProject) -> None:
    """A source map with a wrong name shows in the trace only."""
    project.write("def change(items):\n    return items\n")
    project.spans[:] = []
    project.span("change", "elements")
    outputs_of(project, "stages.change(1)")
    (body,) = project.bodies()
    assert body.inputs["elements"].kind == "unseen"
    assert body.inputs["elements"].undescribed == {"$": "no local elements"}


def test_without_digests_the_values_are_not_touched(project: TracedProject) -> None:
    """A timed run neither looks at nor keeps what passes through a stage."""
    project.run("import sys, stages; stages.odd(1); assert 'orchestrator_bench_digests' not in sys.modules")
    (body,) = project.bodies()
    assert (body.inputs, body.outputs) == ({}, {})


def test_two_stages_in_one_function_have_spans_of_their_own(project: TracedProject) -> None:
    """A tool may need two stages in one step."""
    project.write("def both():\n    '''Doc.'''\n    a = 1\n    b = 2\n    c = 3\n    return a + b + c\n")
    spans = [("one", 0, 0, "a"), ("two", 1, -2, "c")]
    project.spans[:] = [
        Span(stage, "stages.py", "both", (), first, last, result) for stage, first, last, result in spans
    ]
    project.digests = True
    assert project.run("import stages; print(stages.both())").stdout == "6\n"
    found = {body.stage: body.outputs["return"].strict for body in project.bodies()}
    assert found == {"one": digest_of(1), "two": digest_of(3)}
