"""What a tool asks of its users beside the stages: counted in the rendered project, never run."""

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.execution.token_diff import changed, tokens
from bench.pipeline import Pipeline

__all__ = ["Wiring", "count"]

KEY = re.compile(r"^\s*(?:- )?\[*([A-Za-z_][\w.-]*)\]*\s*(?:[:=]|$)", re.MULTILINE)
"""A key of YAML or TOML, or the name of a table."""
CONFIGURATION = (".toml", ".yml", ".yaml")
HALF = 0.5


@dataclass(frozen=True)
class Wiring:
    """What was counted.

    tokens, lines: of the project, without what the stages' own source has too. files: that hold any. repeated:
    tokens that are the name of a stage, an argument or an output, which the stages' signatures say already.
    names: of the tool, as used: ``kfp.dsl.component``. keywords: given to them, ``kfp.dsl.component(base_image)``.
    keys: of configuration, but not the user's own names. flags: of the command, but not the parameters'.
    """

    tokens: int
    lines: int
    files: int
    repeated: int
    names: tuple[str, ...]
    keywords: tuple[str, ...]
    keys: tuple[str, ...]
    flags: tuple[str, ...]


def count(pipeline: Pipeline, project: Path, command: Iterable[str]) -> Wiring:
    """Count the wiring of a rendered project. ``command``: the words that run it."""
    texts = {
        str(path.relative_to(project)): path.read_text(encoding="utf-8")
        for path in sorted(project.rglob("*"))
        if path.is_file()
    }
    own = _own_names(pipeline)
    added = {name: _added(text, name, pipeline) for name, text in texts.items()}
    trees = [ast.parse(text) for name, text in texts.items() if name.endswith(".py")]
    foreign = [_Foreign.of(tree, pipeline, texts) for tree in trees]
    keys = {
        key
        for name, text in texts.items()
        if name.endswith(CONFIGURATION)
        for key in KEY.findall(text)
        if key not in own
    }
    return Wiring(
        tokens=sum(len(found) for found, _ in added.values()),
        lines=sum(lines for _, lines in added.values()),
        files=sum(bool(found) for found, _ in added.values()),
        repeated=sum(one.strip("\"'") in own for found, _ in added.values() for one in found),
        names=tuple(sorted({name for one in foreign for name in one.names})),
        keywords=tuple(sorted({name for one in foreign for name in one.keywords})),
        keys=tuple(sorted(keys)),
        flags=tuple(sorted(_flags(command, own))),
    )


def _own_names(pipeline: Pipeline) -> set[str]:
    """Return the names that the user has given already."""
    stages = pipeline.stages.values()
    return {
        *pipeline.stages,
        *pipeline.parameters,
        *(argument for stage in stages for argument in stage.inputs),
        *(output.name for stage in stages for output in stage.outputs),
    }


def _added(text: str, name: str, pipeline: Pipeline) -> tuple[list[str], int]:
    """Return the tokens of a file that the stages' source does not have in this order, and how many lines.

    A file that holds at least half of a module is taken for it: some tools rename modules, or rebuild bodies.
    """
    found = tokens(text, name)
    if not name.endswith(".py") or not found:
        return found, _lines(text)
    for source in pipeline.modules.values():
        stages = tokens(source, "stages.py")
        _, lost = changed(stages, found)
        if len(stages) - lost >= HALF * len(stages):
            lines, _ = changed(source.splitlines(), text.splitlines())
            return _inserted(stages, found), lines
    return found, _lines(text)


def _inserted(before: list[str], after: list[str]) -> list[str]:
    from difflib import SequenceMatcher

    codes = SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes()
    return [
        token
        for run_options, _, _, start, end in codes
        if run_options != "equal"
        for token in after[start:end]
    ]


def _lines(text: str) -> int:
    return sum(bool(line.strip()) for line in text.splitlines())


def _flags(command: Iterable[str], own: set[str]) -> Iterator[str]:
    for word in command:
        flag = word.partition("=")[0]
        if flag.startswith("-") and flag.lstrip("-").replace("-", "_") not in own:
            yield flag


@dataclass(frozen=True)
class _Foreign:
    """The names of a tool that a file uses, and the keywords that it gives them."""

    names: frozenset[str]
    keywords: frozenset[str]

    @classmethod
    def of(cls, tree: ast.Module, pipeline: Pipeline, texts: Mapping[str, str]) -> "_Foreign":
        known = _imported_by(pipeline) | set(sys.stdlib_module_names) | _modules(texts)
        aliases = {alias: name for alias, name in _aliases(tree) if name.partition(".")[0] not in known}
        names, keywords = set(), set()
        for node in ast.walk(tree):
            dotted = _dotted(node, aliases)
            if dotted is not None:
                names.add(dotted)
            if isinstance(node, ast.Call):
                called = _dotted(node.func, aliases)
                keywords |= {f"{called}({one.arg})" for one in node.keywords if called and one.arg}
        names |= {name for node in ast.walk(tree) for name in _inherited(node, aliases)}
        # Of ``dsl.component`` its first half is no further name.
        whole = {name for name in names if not any(other.startswith(f"{name}.") for other in names)}
        return cls(frozenset(whole), frozenset(keywords))


def _imported_by(pipeline: Pipeline) -> set[str]:
    """Return the packages that the stages need themselves."""
    found = set(pipeline.modules)
    for source in pipeline.modules.values():
        found |= {name.partition(".")[0] for _, name in _aliases(ast.parse(source))}
    return found


def _modules(texts: Mapping[str, str]) -> set[str]:
    """Return the names by which files of the project import each other."""
    return {Path(name).stem for name in texts} | {part for name in texts for part in Path(name).parts[:-1]}


def _aliases(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield (
                    alias.asname or alias.name.partition(".")[0],
                    (alias.asname and alias.name) or alias.name,
                )
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _dotted(node: ast.AST, aliases: Mapping[str, str]) -> str | None:
    if isinstance(node, ast.Name):
        return aliases.get(node.id)
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value, aliases)
        return None if before is None else f"{before}.{node.attr}"
    return None


def _inherited(node: ast.AST, aliases: Mapping[str, str]) -> Iterator[str]:
    """Yield what a class takes from one of the tool's: what it asks of ``self`` and does not set itself."""
    if not isinstance(node, ast.ClassDef):
        return
    bases = [base for base in (_dotted(base, aliases) for base in node.bases) if base is not None]
    if not bases:
        return
    inside = list(ast.walk(node))
    own = {one.name for one in inside if isinstance(one, ast.FunctionDef)}
    own |= {one.id for one in inside if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    asked: set[str] = set()
    for one in inside:
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id == "self":
            (own if isinstance(one.ctx, ast.Store) else asked).add(one.attr)
    for name in sorted(asked - own):
        yield f"{bases[0]}.{name}"
