"""Names and values in Kedro's YAML, which OmegaConf reads: in ``parameters.yml``, ``catalog.yml`` and ``--params``."""

import re
from collections.abc import Mapping
from typing import Any

from bench.contract.codegen.literals import yaml_text
from bench.contract.codegen.names import Names
from bench.pipeline import Pipeline

__all__ = ["data_names", "runtime_value", "yaml_key", "yaml_value"]

OWN = ("parameters",)
"""The dataset that holds all parameters."""
WORDS = frozenset(("false", "n", "no", "null", "off", "on", "true", "y", "yes"))
"""Words that are no texts to YAML 1.1."""


def data_names(pipeline: Pipeline) -> Names:
    """Return what parameters and datasets are called, and what groups the constants of a stage.

    The loader skips entries that begin with an underscore (kedro/config/omegaconf_config.py).
    """
    names = Names(OWN)
    outputs = (output.name for stage in pipeline.stages.values() for output in stage.outputs)
    for name in (*pipeline.parameters, *outputs):
        names.of("data", name, name.lstrip("_") or "value")
    for stage in pipeline.stages.values():
        if stage.constants:
            names.of("constants", stage.name, stage.name.lstrip("_") or "stage")
    return names


def yaml_key(name: str) -> str:
    """Return a name as a key, in quotes only where it would be no text."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) and name.lower() not in WORDS
    return name if plain else yaml_text(name)


def yaml_value(value: Any) -> str:
    """Return a value for a file of the configuration."""
    return yaml_text(_escaped(value))


def runtime_value(value: Any) -> str:
    """Return a value for ``--params``, which is split at every comma and then read as YAML.

    Texts are in quotes, but absolute paths. A comma in a text is written by its number; dicts and lists stand on lines.
    """
    if isinstance(value, str) and re.fullmatch(r"/[\w./-]*", value):
        return value
    if isinstance(value, list | Mapping) and value:
        return _block(_escaped(value), "")
    return _scalar(_escaped(value))


def _block(value: Any, indent: str) -> str:
    parts = value.items() if isinstance(value, Mapping) else ((None, part) for part in value)
    lines = []
    for key, part in parts:
        head = f"{indent}- " if key is None else f"{indent}{_scalar(key)}: "
        nested = isinstance(part, list | Mapping) and part
        lines.append(
            f"{head.rstrip()}\n{_block(part, indent + '  ')}" if nested else f"{head}{_scalar(part)}"
        )
    return "\n".join(lines)


def _scalar(value: Any) -> str:
    text = yaml_text(value)
    return text.replace(",", "\\u002c") if isinstance(value, str) else text


def _escaped(value: Any) -> Any:
    """Return a value whose texts OmegaConf takes for what they are: ``${`` begins an interpolation.

    See https://omegaconf.readthedocs.io/en/2.3_branch/grammar.html.
    """
    if isinstance(value, str):
        return re.sub(r"(\\*)\$\{", lambda found: f"{found.group(1) * 2}\\${{", value)
    if isinstance(value, list):
        return [_escaped(part) for part in value]
    if isinstance(value, Mapping):
        return {key: _escaped(part) for key, part in value.items()}
    return value
