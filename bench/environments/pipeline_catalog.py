"""Finds the pipelines that come with bench or a user's own file, and makes the input data of a run."""

import ast
import functools
import hashlib
import importlib.util
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

from bench.contract.codegen.source import parse, source_text
from bench.contract.driver import Definition, SourceEdit
from bench.contract.pipeline import Pipeline, Value
from bench.environments import requirements
from bench.environments.pipeline_extraction import TIME_LIMIT, extract
from bench.errors import PipelineError, UsageError, nearest
from bench.folders import data_folder

__all__ = ["edited", "find", "load", "names", "parameters", "place_data", "users_files"]


def pipelines_folder() -> Path:
    """Return the folder of the pipelines that come with bench, in a checkout or a wheel."""
    return data_folder("pipelines")


def names() -> dict[str, Path]:
    """Return the file of each pipeline that comes with bench, by name."""
    helpers = ("stages.py", "helpers.py", "data.py")
    return {
        path.stem: path
        for path in sorted(pipelines_folder().glob("*/*.py"))
        if path.name not in helpers and path.name[0] != "_"
    }


def find(name: str) -> Path:
    """Return the file of a pipeline, which is given by name or path. Raises UsageError with the nearest name."""
    known = names()
    if name in known:
        return known[name]
    path = Path(name)
    if path.suffix == ".py":
        if path.is_file():
            return path.resolve()
        raise UsageError(f"no pipeline file {path}")
    raise UsageError(f"unknown pipeline '{name}'{nearest(name, known)}")


def load(name: str, interpreter: Path, time_limit: float = TIME_LIMIT) -> Definition:
    """Extract a pipeline with an interpreter that has its requirements. Raises PipelineError.

    time_limit: in seconds, for importing the file and building the graph.
    """
    file = find(name)
    pipeline = extract(file, interpreter, time_limit)
    asked = requirements.asked(file)
    requires = () if asked is None else asked.lines
    return Definition(pipeline, file, _digest(file, pipeline), interpreter, requires=requires)


def _digest(file: Path, pipeline: Pipeline) -> str:
    """Return the hash of everything that a pipeline uses: its file, its graph with its modules, and its data.

    Other files in its folder, such as results or a repository, do not count. Raises PipelineError.
    """
    hasher = hashlib.sha256(json.dumps(pipeline.as_json(), sort_keys=True).encode())
    maker = _maker(file)
    data = [maker] if maker else [source for source, _ in _defaults(file, pipeline)]
    for path in (file, *data):
        hasher.update(f"\0{path.name}\0".encode())
        with path.open("rb") as source:
            hasher.update(hashlib.file_digest(source, "sha256").digest())
    return hasher.hexdigest()[:16]


def edited(definition: Definition, edits: Sequence[SourceEdit]) -> Definition:
    """Return the definition with an edited source. Raises PipelineError for an edit that does not fit."""
    return _edited(definition.file, definition.digest, definition.interpreter, tuple(edits))


@functools.cache
def _edited(file: Path, digest: str, interpreter: Path, edits: tuple[SourceEdit, ...]) -> Definition:
    """Extract an edited pipeline once for all targets. ``digest``: distinguishes different sources in the cache."""
    with tempfile.TemporaryDirectory(prefix="bench-edit-") as folder:
        for source in file.parent.glob("*.py"):
            shutil.copyfile(source, Path(folder, source.name))
        for edit in edits:
            place = Path(folder, edit.file)
            text = _source(place)
            found = text.count(edit.old)
            if found != 1:
                raise PipelineError(
                    f"an edit does not fit: {file.with_name(edit.file)} has {found} places that read {edit.old!r}"
                )
            place.write_text(text.replace(edit.old, edit.new), encoding="utf-8")
        pipeline = extract(Path(folder, file.name), interpreter)
    return Definition(pipeline, file, f"{digest} edited", interpreter)


def _source(place: Path) -> str:
    """Return the text of a source file as Python reads it, empty if there is no file. Raises PipelineError."""
    if not place.is_file():
        return ""
    try:
        return source_text(place)
    except (SyntaxError, UnicodeDecodeError) as error:
        raise PipelineError(f"{place.name} is not text in the encoding that it names: {error}") from error


def _maker(file: Path) -> Path | None:
    """Return the ``data.py`` beside a pipeline that makes its data, or None.

    Such a module defines SIZES and prepare(); any other of that name is one of the user's modules.
    """
    maker = file.with_name("data.py")
    if not maker.is_file():
        return None
    bound = {
        name
        for node in parse(_source(maker), "data").body
        for name in (
            [node.name]
            if isinstance(node, ast.FunctionDef)
            else [found.id for found in ast.walk(node) if isinstance(found, ast.Name)]
        )
    }
    return maker if {"SIZES", "prepare"} <= bound else None


def place_data(definition: Definition, size: str, cache: Path, folder: Path) -> None:
    """Copy the input files of a size to ``folder``; they are made once and kept in ``cache``.

    If there is no ``data.py`` with SIZES and prepare() beside the pipeline, the defaults of its file parameters are
    copied. Raises PipelineError for an unknown size, or a default that does not exist.
    """
    from filelock import FileLock

    maker = _maker(definition.file)
    if maker is None:
        _copy_defaults(definition, folder)
        return
    kept = (
        cache
        / "data"
        / f"{definition.file.parent.name}-{size}-{hashlib.sha256(maker.read_bytes()).hexdigest()[:16]}"
    )
    cache.joinpath("data").mkdir(parents=True, exist_ok=True)
    with FileLock(f"{kept}.lock"):
        if not kept.is_dir():
            module = _module(maker)
            if size not in module.SIZES:
                raise PipelineError(f"{maker} knows no size '{size}'{nearest(size, module.SIZES)}")
            part = kept.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            module.prepare(size, part)
            part.rename(kept)
    # Copied, not linked: a tool that writes to its input must not change the input of the next trial.
    shutil.copytree(kept, folder, dirs_exist_ok=True)


def users_files(definition: Definition) -> tuple[str, ...]:
    """Return the input files that a user's pipeline brings along, relative to ``data``.

    None of a pipeline that comes with bench, or of one whose ``data.py`` makes them.
    """
    if definition.file.is_relative_to(pipelines_folder()) or definition.file.with_name("data.py").is_file():
        return ()
    return tuple(name for _, name in _defaults(definition.file, definition.pipeline))


def parameters(pipeline: Pipeline, data: Path, results: Path) -> dict[str, Value]:
    """Return the values of a run's parameters: defaults, or files below ``data`` if they exist.

    Raises PipelineError for a parameter without a default.
    """
    values: dict[str, Value] = {}
    for parameter in pipeline.parameters.values():
        if parameter.name == "results":
            values["results"] = str(results)
        elif parameter.required:
            raise PipelineError(
                f"parameter '{parameter.name}' of pipeline '{pipeline.name}' has no default; give it one, "
                "so that every tool is run with the same value"
            )
        elif parameter.kind == "file" and parameter.default is not None:
            values[parameter.name] = str(data / _place(str(parameter.default)))
        else:
            values[parameter.name] = parameter.default
    return values


def _place(default: str) -> Path:
    """Return where a file parameter's default is put below the data folder.

    A path that leads elsewhere gets a folder of its own, because two of them may end in the same name.
    """
    path = Path(default)
    if path.is_absolute() or ".." in path.parts:
        return Path(hashlib.sha256(default.encode()).hexdigest()[:8], path.name)
    return path


def _copy_defaults(definition: Definition, folder: Path) -> None:
    for source, name in _defaults(definition.file, definition.pipeline):
        place = folder / _place(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)


def _defaults(file: Path, pipeline: Pipeline) -> Iterator[tuple[Path, str]]:
    """Yield the file and the default of each file parameter. Raises PipelineError."""
    for parameter in pipeline.parameters.values():
        if parameter.kind != "file" or parameter.default is None:
            continue
        source = file.parent / str(parameter.default)
        if not source.is_file():
            raise PipelineError(
                f"parameter '{parameter.name}' of pipeline '{pipeline.name}': no file {source}"
            )
        yield source, str(parameter.default)


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"_bench_data_{path.parent.name}", path)
    if spec is None or spec.loader is None:
        raise PipelineError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
