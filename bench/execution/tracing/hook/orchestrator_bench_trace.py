"""Writes what a Python process does to ``events.jsonl`` of the trace folder.

Runs inside every process of a tool, so it is standard library only, works on Python 3.9 and later, and
imports nothing at the start that the interpreter has not loaded already. An event is one line appended
by one write. Nothing that goes wrong here reaches the user's code: the first line that cannot be
written removes the file ``intact`` (removing works on a full disk too), and the reader refuses the trace.
"""
# ruff: noqa: BLE001, PTH100, PTH108, SIM105 - no error may reach the run; pathlib loads slowly
# ruff: noqa: PLW0603, SLF001 - the state of a process is global, and its frames are what is traced

import os
import sys
from _thread import get_ident
from time import monotonic_ns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from importlib.machinery import SourceFileLoader
    from types import CodeType, FrameType, ModuleType, TracebackType
    from typing import Any

SPAN = "__orchestrator_bench_span__"
RESULT = "__orchestrator_bench_result__"
LONGEST_ARGUMENT = 2000

folder = ""
prefixes: tuple[str, ...] = ()
traced_files: frozenset[str] = frozenset()
digests = False
changes = False
"""Whether the inputs of a body are described again at its end."""
hold: "tuple[str, str, str, str] | None" = None

_descriptor = -1
_identity = (0, 0)
_broken = False
_numbers = iter(range(1 << 62))
_results: "dict[int, Any]" = {}
"""By the id of a frame, the value that its traced return statement gave last."""


def install(trace: str) -> None:
    """Read the settings, announce this process and hook the loader, forks and starts of programs."""
    global folder
    folder = trace
    _read_settings()
    _open()
    write("loaded", f',"ppid":{os.getppid()},"argv":{_quote_all(_own_argv())}')
    os.register_at_fork(after_in_child=_announce_fork)
    _hook_spawns()
    _hook_loader()


def write(kind: str, rest: str = "", ns: int = 0) -> None:
    """Append one event. ``rest``: further members as JSON, beginning with a comma."""
    head = f'{{"ns":{ns or monotonic_ns()},"pid":{os.getpid()},"thread":{get_ident()},"kind":"{kind}"'
    line = f"{head}{rest}}}\n".encode()
    try:
        found = os.fstat(_descriptor)
        if (found.st_dev, found.st_ino) != _identity:
            # The process closed all descriptors, as daemons do, and the number is something else now.
            _open()
    except OSError:
        _open()
    try:
        if os.write(_descriptor, line) != len(line):
            _give_up()
    except OSError:
        _give_up()


def quote(text: str) -> str:
    """Return ``text`` as a JSON string, in ASCII."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    units = text.encode("utf-16-be", "surrogatepass")
    codes = (units[at] << 8 | units[at + 1] for at in range(0, len(units), 2))
    inner = (chr(code) if 31 < code < 127 and code not in (34, 92) else f"\\u{code:04x}" for code in codes)
    return f'"{"".join(inner)}"'


class Span:
    """The context in which a stage's own statements run.

    inputs, result: the names of the frame's locals to be digested; only used where digests are on.
    """

    __slots__ = ("before", "call", "given", "inputs", "result", "stage")

    def __init__(self, stage: str, inputs: tuple[str, ...] = (), result: "str | None" = None) -> None:
        self.stage = stage
        self.inputs = inputs
        self.result = result

    def __enter__(self) -> None:
        more = self._described(sys._getframe(1), "inputs") if digests else ""
        ns = monotonic_ns()
        self.call = f"{os.getpid()}-{ns}-{next(_numbers)}"
        write("start", f',"stage":{quote(self.stage)},"call":"{self.call}"{more}', ns)
        if hold is not None and hold[0] == self.stage and hold[1] == "start":
            try:
                self._wait()
            except BaseException as error:
                self._fail(type(error))
                raise

    def __exit__(
        self,
        kind: "type[BaseException] | None",
        error: "BaseException | None",
        traceback: "TracebackType | None",
    ) -> None:
        ns = monotonic_ns()
        if kind is not None:
            if digests:
                _results.pop(id(sys._getframe(1)), None)
            self._fail(kind, ns)
            return
        more = self._described(sys._getframe(1), "outputs") if digests else ""
        write("end", f',"stage":{quote(self.stage)},"call":"{self.call}"{more}', ns)
        if hold is not None and hold[0] == self.stage and hold[1] == "end":
            self._wait()

    def _fail(self, kind: type[BaseException], ns: int = 0) -> None:
        detail = quote(kind.__qualname__)
        write("error", f',"stage":{quote(self.stage)},"call":"{self.call}","detail":{detail}', ns)

    def _described(self, frame: "FrameType", what: str) -> str:
        import orchestrator_bench_digests as digesting

        if what == "inputs":
            _results.pop(id(frame), None)
            found = frame.f_locals
            self.before = digesting.of_inputs(found, self.inputs)
            # The body may give their names to other values.
            self.given = {name: found[name] for name in self.inputs if name in found} if changes else {}
            return f',"inputs":{self.before}'
        returned = _results.pop(id(frame), None)
        changed = f',"changed":{digesting.changed(self.given, self.before)}' if changes else ""
        self.given = {}
        if self.result is not None:
            return f',"outputs":{digesting.of_local(frame.f_locals, self.result)}{changed}'
        return f',"outputs":{digesting.of_return(returned)}{changed}'

    def _wait(self) -> None:
        """Tell the harness through one FIFO, then wait for the other; only the first call does."""
        if hold is None:
            return
        try:
            os.close(os.open(f"{folder}/held", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
            write("held", f',"stage":{quote(self.stage)},"call":"{self.call}","detail":"{hold[1]}"')
            reached = os.open(hold[2], os.O_WRONLY)
            try:
                os.write(reached, f"{os.getpid()} {self.call}\n".encode())
            finally:
                os.close(reached)
            release = os.open(hold[3], os.O_RDONLY)
            try:
                os.read(release, 1)
            finally:
                os.close(release)
        except OSError:
            return


def keep_result(value: "Any") -> "Any":
    """Remember what the calling frame is about to return, and return it."""
    _results[id(sys._getframe(1))] = value
    return value


def _hook_loader() -> None:
    import builtins

    setattr(builtins, SPAN, Span)
    setattr(builtins, RESULT, keep_result)
    external = sys.modules["_frozen_importlib_external"]
    loader = external.SourceFileLoader
    get_code = _made_get_code(loader.get_code)
    # Tracebacks of errors in imported files leave out the import system's frames by this file name.
    get_code.__code__ = get_code.__code__.replace(co_filename="<frozen importlib._bootstrap_external>")
    loader.get_code = get_code


def _made_get_code(original: "Callable[..., CodeType]") -> "Any":
    compiling: list[ModuleType] = []

    def get_code(self: "SourceFileLoader", fullname: str) -> "CodeType":
        if fullname == "subprocess":
            _hook_subprocess()
        path = str(self.path)
        if path[:1] != "/" or "/../" in path or "/./" in path:
            path = os.path.abspath(path)
        if path.startswith(prefixes):
            file = path[len(next(prefix for prefix in prefixes if path.startswith(prefix))) :]
        else:
            file = path[path.rfind("/") + 1 :]
            if file not in traced_files:
                return original(self, fullname)
        data = self.get_data(self.path)
        write("module", f',"file":{quote(file)}')
        if not compiling:
            import orchestrator_bench_compile

            compiling.append(orchestrator_bench_compile)
        tree = compiling[0].traced(data, str(self.path), file, whole=path.startswith(prefixes))
        return self.source_to_code(data if tree is None else tree, self.path)

    return get_code


def _hook_spawns() -> None:
    """Stand before all by which Python starts a program: what it starts is written down first.

    An audit hook would see the same, but is called ten thousand times by ``import pandas``: 30 ms.
    """
    for name, detail in (
        ("posix_spawn", "posix_spawn"),
        ("posix_spawnp", "posix_spawn"),
        ("execv", "exec"),
        ("execve", "exec"),
        ("system", "system"),
    ):
        _announce(os, name, detail)
    if "subprocess" in sys.modules:
        _hook_subprocess()


def _hook_subprocess() -> None:
    """Stand before what ``subprocess`` uses; it keeps a name of its own for it from Python 3.12 on."""
    import _posixsubprocess

    _announce(_posixsubprocess, "fork_exec", "fork_exec")
    loaded = vars(sys.modules.get("subprocess", sys))
    if "_fork_exec" in loaded:
        loaded["_fork_exec"] = _posixsubprocess.fork_exec


def _announce(module: "ModuleType", name: str, detail: str) -> None:
    original = getattr(module, name, None)
    if original is not None:
        setattr(module, name, _announcing(original, detail))


def _announcing(original: "Callable[..., Any]", detail: str) -> "Callable[..., Any]":
    def announcing(*args: "Any", **kwargs: "Any") -> "Any":
        try:
            _write_spawned(detail, *args, *kwargs.values())
        except Exception:
            _give_up()
        return original(*args, **kwargs)

    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(announcing, name, getattr(original, name))
    return announcing


def _write_spawned(detail: str, program: "Any", arguments: "Any" = (), *_: "Any") -> None:
    """Write what is started. ``program``: its path or, of ``fork_exec``, its arguments and then its paths."""
    if detail == "fork_exec":
        program, arguments = arguments[0], program
    elif detail == "system":
        program, arguments = "", ("sh", "-c", program)
    texts = [os.fsdecode(argument) for argument in arguments]
    write(
        "spawned", f',"file":{quote(os.fsdecode(program))},"argv":{_quote_all(texts)},"detail":"{detail}"'
    )


def _announce_fork() -> None:
    write("forked", f',"ppid":{os.getppid()}')


def _read_settings() -> None:
    global prefixes, traced_files, digests, changes, hold
    descriptor = os.open(f"{folder}/settings", os.O_RDONLY)
    try:
        text = os.fsdecode(os.read(descriptor, 1 << 16))
    finally:
        os.close(descriptor)
    files = []
    for line in text.split("\n"):
        name, _, value = line.partition("\t")
        if name == "project":
            prefixes += (value.rstrip("/") + "/",)
        elif name == "file":
            files.append(value)
        elif name == "digests":
            digests, changes = True, value == "changes"
        elif name == "hold":
            stage, point, reached, release = value.split("\t")
            hold = (stage, point, reached, release)
    traced_files = frozenset(files)


def _open() -> None:
    global _descriptor, _identity
    try:
        _descriptor = os.open(f"{folder}/events.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        found = os.fstat(_descriptor)
        _identity = (found.st_dev, found.st_ino)
    except OSError:
        _give_up()


def _give_up() -> None:
    global _broken
    if not _broken:
        _broken = True
        try:
            os.unlink(f"{folder}/intact")
        except OSError:
            pass


def _own_argv() -> list[str]:
    argv = getattr(sys, "orig_argv", None)
    if argv is not None:
        return list(argv)
    try:
        descriptor = os.open("/proc/self/cmdline", os.O_RDONLY)
        try:
            return os.fsdecode(os.read(descriptor, 1 << 16)).rstrip("\0").split("\0")
        finally:
            os.close(descriptor)
    except OSError:
        return []


def _quote_all(texts: "Iterable[str]") -> str:
    return f"[{','.join(quote(text[:LONGEST_ARGUMENT]) for text in texts)}]"
