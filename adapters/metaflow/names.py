"""What the parts of a pipeline are called in a flow: all share one namespace, that of the attributes of ``self``."""

import keyword

from bench.contract.codegen.names import Names, lower_ascii
from bench.pipeline import Pipeline

__all__ = ["FlowNames"]

RESERVED = frozenset(
    (
        *("cmd", "foreach_stack", "index", "input", "merge_artifacts", "name", "next", "script_name"),
        *(
            "decospecs",
            "help",
            "max_log_size",
            "max_num_splits",
            "max_workers",
            "namespace",
            "obj",
            "params",
        ),
        *(
            "bool",
            "float",
            "int",
            "str",
            "FlowSpec",
            "JSONType",
            "Parameter",
            "card",
            "current",
            "retry",
            "step",
            "timeout",
        ),
        *(
            "run_id",
            "run_id_file",
            "runner_attribute_file",
            "tag",
            "tags",
            "task_id",
            "user_namespace",
            "with",
        ),
    )
)
"""What no artifact, parameter or step can be called.

Attributes of every flow (``dir(FlowSpec)`` of 2.19.39), options of ``run`` (reserved in metaflow/parameters.py), and
what the body of the class uses.
"""


class FlowNames:
    """The attribute on ``self`` of each parameter and output, and the method of each step.

    Two parameters may not differ in the case of their letters alone (``FlowSpec._check_parameters``). Attributes
    that begin with an underscore are Metaflow's own. A step's name has only lower-case ASCII letters, digits and
    underscores (``check_step_names`` in metaflow/lint.py).
    """

    def __init__(self, pipeline: Pipeline) -> None:
        # Attributes hide no builtins, but for those that the body of the class uses.
        self._names = Names(RESERVED, keyword.kwlist)
        self._lower = Names(RESERVED, keyword.kwlist)
        for parameter in pipeline.parameters:
            lowered = self._lower.of("data", parameter, _plain(parameter).lower())
            # What had to be changed to differ from another in more than its case has the same suffix.
            self._names.of("data", parameter, _plain(parameter) + lowered[len(_plain(parameter)) :])
        for stage in pipeline.stages.values():
            for output in stage.outputs:
                self._names.of("data", output.name, _plain(output.name))
        for choice in pipeline.choices:
            self._names.of("data", choice, _plain(choice))
        for stage in pipeline.stages.values():
            self._step(stage.name, lower_ascii(_plain(stage.name)))
        for choice in pipeline.choices:
            self._names.of("step", choice, f"choose_{lower_ascii(_plain(choice))}")

    def __getitem__(self, data: str) -> str:
        """Return the attribute that holds a parameter or an output."""
        return self._names.of("data", data, _plain(data))

    def step(self, stage: str) -> str:
        """Return the name of a stage's step."""
        return self._names.of("step", stage)

    def join(self, stage: str) -> str:
        """Return the name of the step that joins the tasks of a mapped stage."""
        return self._names.of("join", stage, f"join_{self.step(stage)}")

    def fork(self, step: str) -> str:
        """Return the name of the step with which a branch begins that splits at once; step: its first."""
        return self._names.of("fork", step, f"fork_{step}")

    def part(self, output: str) -> str:
        """Return the attribute that holds what one task of a mapped stage returned."""
        return self._names.of("part", output, f"{self[output]}_part")

    def new(self, wanted: str) -> str:
        """Return a free name for a step that is no stage's."""
        return self._names.new(wanted)

    def _step(self, stage: str, wanted: str) -> None:
        # As ``name_step`` where the name is taken: an underscore behind it is too easily overlooked.
        if self._names.is_free(wanted):
            self._names.of("step", stage, wanted)
        else:
            self._names.of("step", stage, f"{wanted}_step")


def _plain(name: str) -> str:
    return name.lstrip("_") or "value"
