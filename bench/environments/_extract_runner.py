"""Builds a user's pipeline in the user's interpreter, and writes it as JSON to standard output.

Run by path, with ``python -I -B``. Neither bench's own folder nor the harness's packages may be on the
path here: otherwise ``import statistics`` in a user's file would import bench's package.
"""

import importlib.util
import json
import os
import sys
import threading
import types
from pathlib import Path
from typing import IO

PACKAGE = Path(__file__).resolve().parents[1]


def offer_bench() -> None:
    """Make ``bench.pipeline`` importable, without putting the folder around bench on the path."""
    spec = importlib.util.spec_from_file_location(
        "bench", PACKAGE / "__init__.py", submodule_search_locations=[str(PACKAGE)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{PACKAGE} is not the package bench")
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench"] = module
    spec.loader.exec_module(module)


def build(file: Path) -> dict[str, object]:
    """Import the file, call its ``pipeline()`` and return the graph with its modules."""
    from bench.contract.codegen.copies import one_function_each
    from bench.contract.pipeline import Pipeline
    from bench.errors import PipelineError

    name = "__bench_pipeline__"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise PipelineError(f"{file} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    function = getattr(module, "pipeline", None)
    if not callable(function):
        raise PipelineError(f"{file} defines no function pipeline(); define one that returns a Pipeline")
    flow = function()
    if not isinstance(flow, Pipeline):
        raise PipelineError(f"{file}: pipeline() returned a {type(flow).__name__}, expected a Pipeline")
    flow.validate()
    for stage in flow.stages.values():
        if stage.module == name:
            raise PipelineError(
                f"{file}: stage '{stage.name}' is defined in the pipeline's own file; "
                "move it to a module beside it, such as stages.py"
            )
    flow.modules = collect(file, {stage.module for stage in flow.stages.values()})
    for stage in flow.stages.values():
        if stage.module not in flow.modules:
            raise PipelineError(
                f"{file}: stage '{stage.name}' is defined in the module '{stage.module}', which is not "
                f"beside the pipeline's file; write a function in {file.parent} that calls it"
            )
    one_function_each(flow)
    return flow.as_json()


def collect(file: Path, staged: set[str]) -> dict[str, str]:
    """Return the text of the modules that were imported from the pipeline's folder, by name.

    Modules that build graphs are left out, because they need bench and the stages do not.
    staged: names of the modules that define a stage, which are never left out.
    """
    from bench.contract.codegen.source import source_text
    from bench.errors import PipelineError

    texts: dict[str, str] = {}
    for name, module in sorted(sys.modules.items()):
        path = source(module)
        if path is None or path == file or not path.is_relative_to(file.parent):
            continue
        if name not in staged and needs_bench(module):
            continue
        # Relative to the folder, because the pipeline itself may be installed.
        below = path.relative_to(file.parent).parts
        if "site-packages" in below or path.is_relative_to(sys.base_prefix):
            continue  # An environment inside the folder.
        if path.parent != file.parent:
            raise PipelineError(
                f"{path}: the module '{name}' lies in a package; the modules of a pipeline must lie "
                f"beside its file, in {file.parent}"
            )
        texts[name] = source_text(path)
    return texts


def needs_bench(module: types.ModuleType) -> bool:
    """Whether a module has imported anything from bench."""
    origins = (getattr(value, "__module__", None) or "" for value in vars(module).values())
    return any(str(origin).startswith("bench.") for origin in origins)


def source(module: types.ModuleType) -> Path | None:
    """Return the source file of a module; None if it is not Python source."""
    path = getattr(module, "__file__", None)
    return Path(path).resolve() if isinstance(path, str) and path.endswith(".py") else None


def explain(error: BaseException, file: Path) -> str:
    """Return an error as one line, with the last line of the user's files in its traceback."""
    if isinstance(error, SyntaxError) and error.filename:
        line = f":{error.lineno}" if error.lineno else ""
        return f"{error.filename}{line}: {error.msg}"
    said = " ".join(str(error).split())
    kind = type(error).__name__
    place = None
    traceback = error.__traceback__
    while traceback is not None:
        path = Path(traceback.tb_frame.f_code.co_filename)
        below = (
            path.relative_to(file.parent).parts if path.is_relative_to(file.parent) else ("site-packages",)
        )
        if "site-packages" not in below:
            place = f"{path}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    if kind == "PipelineError":
        return f"{place}: {said}" if place else said
    if isinstance(error, ModuleNotFoundError):
        said += f"; it must lie in {file.parent}, or stand in requirements.in beside the pipeline"
    return f"{place or file}: {kind}: {said}" if said else f"{place or file}: {kind}"


def give_up(file: Path, seconds: float, main_thread: int, answer: IO[str]) -> None:
    """Say which of the user's lines still runs when the time is over, and end this process."""
    frame = sys._current_frames().get(main_thread)  # noqa: SLF001 - the documented way to another thread's frame
    place = str(file)
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(file.parent) and "site-packages" not in path.relative_to(file.parent).parts:
            place = f"{path}:{frame.f_lineno}"
            break
        frame = frame.f_back
    said = f"{place}: pipeline() was not done after {seconds:g} s and is here; it must only build the graph"
    json.dump({"error": said}, answer)
    answer.flush()
    os._exit(0)


def main() -> None:
    """Answer on the original standard output; everything that the user's code prints goes to standard error."""
    file = Path(sys.argv[1]).resolve()
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.path.insert(0, str(file.parent))
    seconds = float(sys.argv[2])
    limit = threading.Timer(seconds, give_up, (file, seconds, threading.get_ident(), answer))
    limit.daemon = True
    limit.start()
    offer_bench()
    try:
        result: dict[str, object] = {"pipeline": build(file)}
    except BaseException as error:  # noqa: BLE001 - sys.exit() in a user's file too is to be told
        result = {"error": explain(error, file), "raised": type(error).__name__ != "PipelineError"}
    limit.cancel()
    json.dump(result, answer)
    answer.close()
    os._exit(0)  # A thread of the user's code must not keep this process alive.


if __name__ == "__main__":
    main()
