"""The neutral pipeline: what a user writes once, and what every adapter renders.

A pipeline file defines ``pipeline()``, which builds a :class:`Pipeline` from plain functions::

    from bench.pipeline import File, Pipeline, Settings
    import stages

    def pipeline() -> Pipeline:
        flow = Pipeline("example")
        raw = flow.parameter("raw", File, default="data/raw.csv")
        results = flow.parameter("results", File)
        table = flow.stage(stages.clean, Settings(output="table"), raw=raw)
        flow.stage(stages.report, table=table, results=results)
        return flow

Kinds of data: ``table`` (a pandas DataFrame), ``model`` (any picklable object, such as an estimator),
``json`` (a dict or a list), ``file`` (a path, given to the stage as text), ``page`` (the text of a page of
HTML, of a stage that states ``report``), and ``str int float bool``.
A stage's kinds are read from its annotations; a stage that returns several values returns a
``typing.NamedTuple``, whose fields name them. A parameter may be a dict, a list or ``int | None`` and the like.
An argument that is no data of the pipeline is a constant: ``flow.stage(stages.fit, table=table, seed=3)``.

Standard library only: this module also runs beside a user's pipeline, in an interpreter without the
harness's own requirements.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from bench.contract.choice import Choice, choice_of, in_order
from bench.contract.stage import (
    PLAIN,
    File,
    Json,
    Kind,
    Model,
    Output,
    Parameter,
    Settings,
    Stage,
    Table,
    Value,
    check_function,
    check_name,
    check_settings,
    outputs_of,
)
from bench.contract.values import REQUIRED, check_value, mapped_output, parameter_of
from bench.errors import PipelineError

__all__ = [
    "Choice",
    "Data",
    "File",
    "Json",
    "Kind",
    "Model",
    "Output",
    "Parameter",
    "Pipeline",
    "Settings",
    "Stage",
    "Table",
    "Value",
]


@dataclass(frozen=True)
class Data:
    """A handle on a value in the graph, which is passed to later stages."""

    name: str
    kind: Kind
    owner: "Pipeline" = field(repr=False, compare=False)


class Pipeline:
    """A named graph of stages, built in the order in which it can run."""

    def __init__(self, name: str) -> None:
        self.name = check_name(name, "pipeline")
        self.parameters: dict[str, Parameter] = {}
        self.stages: dict[str, Stage] = {}
        self.modules: dict[str, str] = {}
        """Source text by module name, of the user's modules that the stages need."""
        self.choices: dict[str, Choice] = {}
        self._producers: dict[str, Stage] = {}

    def parameter(self, name: str, kind: Any, default: Any = REQUIRED) -> Data:
        """Add a parameter of ``kind``: File, str, int, float, bool, dict, list, or one of these or None.

        Without a default it is required. Raises PipelineError for a bad or taken name, or a default of another type.
        """
        where = f"parameter '{name}' of pipeline '{self.name}'"
        made = parameter_of(where, self._claim(name, "parameter"), kind, default)
        self.parameters[made.name] = made
        return Data(made.name, made.kind, self)

    def stage(
        self,
        function: Callable[..., Any],
        settings: Settings = PLAIN,
        /,
        **inputs: Any,
    ) -> Any:
        """Add one call of ``function``; returns its output, or a tuple of them for a NamedTuple.

        inputs: data of this pipeline, or values that JSON has. Raises PipelineError if the arguments do not fit the
        function's signature.
        """
        stage = self._add(function, settings, inputs, over=None)
        handles = tuple(Data(output.name, output.kind, self) for output in stage.outputs)
        if stage.several:
            return handles
        return handles[0] if handles else None

    def map(
        self,
        function: Callable[..., Any],
        items: Data,
        settings: Settings = PLAIN,
        /,
        **inputs: Any,
    ) -> Data:
        """Add one call of ``function`` for each item of the list ``items``, known only at run time.

        The function's first argument takes the item; the output is the list of what the calls
        returned, in the order of the items. Raises PipelineError as :meth:`stage` does.
        """
        check_function(function, self.name)
        names = list(inspect.signature(function).parameters)
        if not names:
            raise PipelineError(f"mapped stage '{function.__name__}' takes no argument for the item")
        if names[0] in inputs:
            raise PipelineError(
                f"mapped stage '{function.__name__}': its argument '{names[0]}' takes the item; "
                "give the list as the second argument of flow.map and leave this one out"
            )
        if not isinstance(items, Data):
            raise PipelineError(
                f"mapped stage '{function.__name__}': its items are {items!r}; give a list that is data of the "
                "pipeline, such as flow.parameter('items', list, default=[...])"
            )
        stage = self._add(function, settings, {names[0]: items, **inputs}, over=names[0])
        return Data(stage.outputs[0].name, stage.outputs[0].kind, self)

    def when(
        self, flag: Data, *, then: Data, otherwise: Data | None = None, name: str | None = None
    ) -> Data:
        """Choose when the pipeline runs: the value of the stage of ``then`` if ``flag`` is true, else of the other.

        Only the stage that is chosen runs. Without ``otherwise``, the value is None if the flag is false. name: of
        the value. Raises PipelineError for a flag that is no bool, or for values that are no stage's.
        """
        choice = choice_of(self, flag, then, otherwise, name)
        self._claim(choice.name, "choice")
        self.choices[choice.name] = choice
        return Data(choice.name, choice.output.kind, self)

    def in_order(self) -> Iterator[Stage | Choice]:
        """Yield stages and choices in an order in which they can run; a stage of a choice does not come by itself."""
        yield from in_order(self)

    def producer(self, name: str) -> Stage | None:
        """Return the stage that produces the output ``name``; None for a parameter, and for a choice of two."""
        stage = self._producers.get(name)
        if stage is None or self.stages.get(stage.name) is not stage:
            # Stages may be put in and taken out by hand.
            self._producers = {
                output.name: stage for stage in self.stages.values() for output in stage.outputs
            }
        return self._producers.get(name)

    def kind(self, name: str) -> Kind:
        """Return the kind of the parameter or output ``name``."""
        if name in self.parameters:
            return self.parameters[name].kind
        if name in self.choices:
            return self.choices[name].output.kind
        stage = self.producer(name)
        if stage is None:
            raise PipelineError(f"pipeline '{self.name}' has no data named '{name}'")
        return next(output.kind for output in stage.outputs if output.name == name)

    @property
    def sentinel(self) -> Stage:
        """The last stage: it writes the file by which a run is checked."""
        return list(self.stages.values())[-1]

    def as_json(self) -> dict[str, Any]:
        """Return the pipeline as JSON values; :meth:`from_json` is its inverse."""
        return {
            "name": self.name,
            "parameters": [asdict(parameter) for parameter in self.parameters.values()],
            "stages": [asdict(stage) for stage in self.stages.values()],
            "choices": [asdict(choice) for choice in self.choices.values()],
            "modules": dict(self.modules),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Pipeline":
        """Rebuild what :meth:`as_json` gave."""
        flow = cls(data["name"])
        flow.modules = dict(data["modules"])
        for parameter in data["parameters"]:
            # A set of before has no such key: there, a default of None meant that the value is required.
            known = {"required": parameter["default"] is None, **parameter}
            flow.parameters[parameter["name"]] = Parameter(**known)
        for stage in data["stages"]:
            outputs = tuple(Output(**output) for output in stage["outputs"])
            flow.stages[stage["name"]] = Stage(**{**stage, "outputs": outputs})
        for choice in data.get("choices", ()):
            flow.choices[choice["name"]] = Choice.from_json(choice)
        return flow

    def validate(self) -> None:
        """Check what only the whole graph can show. Raises PipelineError."""
        if not self.stages:
            raise PipelineError(f"pipeline '{self.name}' has no stage")
        for choice in self.choices.values():
            for stage in self.stages.values():
                inside = {self.stages[name].outputs[0].name for name in choice.branches}
                for name in inside.intersection(stage.inputs.values()):
                    raise PipelineError(
                        f"stage '{stage.name}' of pipeline '{self.name}' takes '{name}', which is made only if "
                        f"'{choice.flag}' is so; let it take '{choice.name}'"
                    )
        results = self.parameters.get("results")
        if results is None or results.kind != "file" or not results.required:
            raise PipelineError(
                f"pipeline '{self.name}' needs a parameter 'results' of kind File without a default: "
                "the folder in which its last stage writes the file that every run is checked by"
            )
        if "results" not in self.sentinel.inputs.values():
            raise PipelineError(
                f"pipeline '{self.name}': its last stage '{self.sentinel.name}' must take 'results'"
            )

    def _add(
        self,
        function: Callable[..., Any],
        settings: Settings,
        given: Mapping[str, Any],
        over: str | None,
    ) -> Stage:
        check_function(function, self.name)
        if not isinstance(settings, Settings):
            raise PipelineError(
                f"{function.__name__}() of pipeline '{self.name}': its second argument must be Settings(...), "
                f"not {settings!r}; give values by name, as in flow.stage({function.__name__}, x=...)"
            )
        name = self._stage_name(function, settings)
        where = f"stage '{name}' of pipeline '{self.name}'"
        _check_inputs(where, function, given, self)
        check_settings(where, settings)
        outputs, several = outputs_of(where, name, function, settings)
        if over is not None:
            outputs = (mapped_output(where, given[over].name, given[over].kind, outputs, several=several),)
        if settings.report:
            if over is not None or [output.kind for output in outputs] != ["str"]:
                raise PipelineError(f"{where} states report, so it must return one text, and not be mapped")
            outputs = (replace(outputs[0], kind="page"),)
        if name != function.__name__ and several:
            outputs = tuple(self._renamed(output, name) for output in outputs)
        for output in outputs:
            self._claim(output.name, f"output of {where}")
        stated = {known.name: getattr(settings, known.name) for known in fields(Settings)}
        del stated["name"], stated["output"]
        stage = Stage(
            name=name,
            function=function.__name__,
            module=function.__module__,
            inputs={argument: data.name for argument, data in given.items() if isinstance(data, Data)},
            constants={argument: value for argument, value in given.items() if not isinstance(value, Data)},
            outputs=outputs,
            over=over,
            several=several,
            **stated,
        )
        self.stages[name] = stage
        self._producers |= {output.name: stage for output in outputs}
        return stage

    def _stage_name(self, function: Callable[..., Any], settings: Settings) -> str:
        """Return the name of a new stage: as stated, else its function's, with a number if that is taken."""
        if settings.name is not None:
            name = check_name(settings.name, "stage")
            if name in self.stages:
                raise PipelineError(
                    f"stage '{name}': pipeline '{self.name}' has a stage of that name already"
                )
            return name
        plain = check_name(function.__name__, "stage")
        name, number = plain, 1
        while name in self.stages:
            number += 1
            name = f"{plain}_{number}"
        return name

    def _renamed(self, output: Output, stage: str) -> Output:
        """Return an output of a NamedTuple under a name of its own, where another stage has that of its field."""
        if output.name not in self.parameters and output.name not in self._producers:
            return output
        return replace(output, name=f"{stage}_{output.name}", field=output.name)

    def _claim(self, name: str, what: str) -> str:
        known = check_name(name, what)
        if known in {*self.parameters, *self._producers, *self.choices}:
            raise PipelineError(f"{what} '{name}': the name is taken in pipeline '{self.name}'")
        return known


def _check_inputs(
    where: str, function: Callable[..., Any], inputs: Mapping[str, Any], owner: Pipeline
) -> None:
    for argument, data in inputs.items():
        if not isinstance(data, Data):
            check_value(f"{where}: '{argument}'", data)
        elif data.owner is not owner:
            raise PipelineError(f"{where}: '{argument}' comes from another pipeline")
    signature = inspect.signature(function)
    for parameter in signature.parameters.values():
        if parameter.kind is not inspect.Parameter.POSITIONAL_OR_KEYWORD:
            raise PipelineError(f"{where}: '{parameter}' must be a plain argument")
        if parameter.name not in inputs and parameter.default is inspect.Parameter.empty:
            raise PipelineError(f"{where}: nothing is given for its argument '{parameter.name}'")
    for argument in inputs:
        if argument not in signature.parameters:
            raise PipelineError(f"{where}: {function.__name__}() takes no argument '{argument}'")
