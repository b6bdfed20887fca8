"""What is stored: facts of what happened. :mod:`bench.store.result_set` is their only writer.

Nothing here judges. Outcomes, words and scores are computed from these records by pure functions, so
that a corrected rule re-judges old result sets without running anything.
"""

from functools import cached_property
from typing import Annotated, Any, Literal

import msgspec

from bench.contract.record_forms import MOST_ATTEMPTS, Count, Inside, Number, Whole

__all__ = [
    "FORMAT",
    "MOST_ATTEMPTS",
    "Attempt",
    "BodyRun",
    "Check",
    "Command",
    "Count",
    "Declared",
    "Digest",
    "Ended",
    "Fault",
    "LeftBehind",
    "Number",
    "Record",
    "ResultSet",
    "Role",
    "Run",
    "Target",
    "TargetRole",
    "Trial",
    "Usage",
]

FORMAT = 2
"""Version of the stored form; a reader refuses any other. ``bench migrate`` converts format 1."""

Role = Literal["fresh", "reused", "changed", "resumed", "untraced", "imports", "verifying", "probe"]
TargetRole = Literal["tool", "control", "aa check"]
"""``control``: plain Python, the baseline; ``aa check``: one planted tool that is measured as if it were two."""
Mode = Literal["in process", "local processes", "local server", "container", "cluster"]


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Base of all stored records. Records contain no cycles, so the garbage collector can skip them."""


class Target(Record, frozen=True, kw_only=True, dict=True, gc=True):
    """What is measured: a tool in one set-up, with options, at one version.

    adapter_hash covers all files of the adapter, environment_hash its lock and Python.
    """

    tool: str
    role: TargetRole = "tool"
    setup: str
    options: tuple[str, ...] = ()
    version: str
    mode: Mode
    adapter_hash: str
    environment_hash: str

    @cached_property
    def label(self) -> str:
        """Return the label, as ``prefect[server+strict]@3.8.8``."""
        return f"{self.name}@{self.version}"

    @cached_property
    def name(self) -> str:
        """Return the label without the version."""
        return f"{self.tool}[{'+'.join((self.setup, *self.options))}]"


class Trial(Record, frozen=True, kw_only=True):
    """One target in one case of one scenario in one block: the unit of planning and of resuming.

    size: name of the data size. order: position in the plan. key: hash of everything that can change the
    facts of this trial, and of nothing else.
    """

    target: Target
    scenario: str
    case: str
    pipeline: str
    size: str
    block: Count
    order: Count
    key: str


class Command(Record, frozen=True, kw_only=True):
    """One command line to execute, with absolute paths only.

    env: variables that override those of the harness. time_limit in seconds, memory_limit in bytes.
    """

    argv: tuple[str, ...]
    cwd: str
    env: dict[str, str] = {}
    stdin: str | None = None
    time_limit: float = 600.0
    memory_limit: int | None = None


class Ended(Record, frozen=True, kw_only=True):
    """How the main process ended: by an exit code or by a signal; ``stopped_by`` if the harness ended it."""

    exit_code: Whole | None = None
    signal: Whole | None = None
    stopped_by: Literal["time", "memory", "output"] | None = None

    @property
    def well(self) -> bool:
        """Whether it ended by itself with exit code 0."""
        return self.exit_code == 0 and self.stopped_by is None

    @property
    def how(self) -> str:
        """Return how it ended, in words."""
        if self.stopped_by is not None:
            return f"its {self.stopped_by} limit"
        return f"signal {self.signal}" if self.signal else f"exit code {self.exit_code}"


class Usage(Record, frozen=True, kw_only=True):
    """The usage of a run's whole process tree.

    user_s, system_s: CPU seconds, including detached processes. peak_bytes: largest sampled sum of resident
    anonymous and shared memory. peak_method: how it was read; figures of different methods are never compared.
    processes: distinct processes seen. files, bytes_written: files in the sandbox that are new or
    changed after the run, and their total size.

    cpu_method ``wait4`` misses the children of a parent that ignores SIGCHLD and never waits for them. If a
    process left the control group, peak_bytes is the larger of the group's figure and the proportional
    set sizes of the whole tree, and peak_method says which; its CPU time outside the group is the last sample.
    """

    user_s: float
    system_s: float
    cpu_method: Literal["cgroup", "wait4"]
    peak_bytes: Whole | None
    peak_method: Literal["cgroup", "pss"]
    processes: Count
    files: Whole
    bytes_written: Whole
    supervisor_s: float
    """CPU seconds of the supervisor itself: what measuring cost while the tool ran."""


class BodyRun(Record, frozen=True, kw_only=True):
    """One call of a stage's body, from the trace. Times in monotonic nanoseconds."""

    stage: str
    pid: int
    thread: int
    start: Whole
    end: Whole | None
    error: str | None = None


class Digest(Record, frozen=True, kw_only=True):
    """The digests of a value, without the value itself.

    strict: changes with value, type, index and order. value: is the same for all equal values.
    parts: the same two digests for each column, key or element, by name. undescribed: by its path in the value,
    type and reason of what has a state that cannot be seen; the digests say nothing of that but the type.
    """

    kind: str
    strict: str
    value: str
    parts: dict[str, tuple[str, str]] = {}
    undescribed: dict[str, str] = {}

    @property
    def lacks(self) -> str | None:
        """Return what of the value is undescribed, in words; None where it is described completely."""
        if not self.undescribed:
            # So it was told before its parts were.
            return "the whole" if self.kind == "undescribed" else None
        path, why = next(iter(self.undescribed.items()))
        more = f", and {len(self.undescribed) - 1} more" if len(self.undescribed) > 1 else ""
        return f"{path} is of {why}{more}"


class LeftBehind(Record, frozen=True, kw_only=True):
    """A process that was still alive after the run and the grace period."""

    pid: int
    argv: tuple[str, ...]


class Run(Record, frozen=True, kw_only=True):
    """One executed command.

    started: wall clock, seconds since the epoch. marks: name to monotonic nanoseconds: ``spawn``,
    ``interpreter``, ``module``, ``first_body``, ``last_body``, ``exit``, ``empty``; one that was not
    seen is absent. traced: whether the tracer was put in. unannounced: argv of Python processes that never
    announced themselves. trace, stdout, stderr: paths relative to the attempt's evidence. result_digest:
    of the files in ``results``.
    trace_broken: why the trace is not reliable, if so. delivered, received: in a verifying run, digests of
    the outputs and inputs of stages, by ``stage.output`` and ``stage.argument``.
    others_s: CPU seconds that the rest of the machine used during this run. server_s: CPU seconds of the
    server beside it, which no other figure includes; None if there was no server. project: folder in the
    attempt's evidence with the files that the run started with: rendered project, small input, libraries.
    held: stage and place at which a body was held.
    """

    role: Role
    command: Command
    started: float
    marks: dict[str, Whole]
    ended: Ended
    usage: Usage
    left_behind: tuple[LeftBehind, ...] = ()
    unannounced: tuple[tuple[str, ...], ...] = ()
    traced: bool
    trace: Inside | None = None
    stdout: Inside
    stderr: Inside
    result_digest: dict[str, str] = {}
    trace_broken: str | None = None
    bodies: tuple[BodyRun, ...] = ()
    delivered: dict[str, Digest] = {}
    received: dict[str, Digest] = {}
    repeat: bool = False
    """Of the control: whether it was made only to see what differs from run to run by itself."""
    changed_inputs: tuple[str, ...] = ()
    """Of the control, ``stage.argument`` of what a body changed in place."""
    result_parts: dict[str, dict[str, str]] = {}
    """Of each JSON file in ``results``, the digest of each path in it; nothing of a file that is no JSON."""
    others_s: float = 0.0
    server_s: float | None = None
    project: Inside | None = None
    held: str | None = None
    observed: dict[str, float] = {}
    """Numbers read from the run's own output, such as ``import_s`` in the role ``imports``."""
    raised: str = ""
    """The last exception in its output, where it did not end well: type and text."""
    odd_files: tuple[str, ...] = ()
    """Entries of its results or logs that were not read, each with the reason: a FIFO, a device, a file
    that is too large."""

    @property
    def how(self) -> str:
        """Return how it ended, with the exception that it printed."""
        return f"{self.ended.how}: {self.raised}" if self.raised else self.ended.how

    def seconds(self, mark: str, since: str = "spawn") -> float | None:
        """Return the seconds between two marks; None if one was not seen."""
        try:
            return (self.marks[mark] - self.marks[since]) / 1e9
        except KeyError:
            return None


class Declared(Record, frozen=True, kw_only=True):
    """A trial that was not run on purpose, and why."""

    outcome: Literal["unsupported", "not attempted"]
    scope: Literal["tool", "mode"] | None = None
    reason: str
    source: str | None = None


class Fault(Record, frozen=True, kw_only=True):
    """A fault of the harness, the adapter or the machine; never of the tool."""

    where: str
    reason: str


class Attempt(Record, frozen=True, kw_only=True, tag="attempt"):
    """One try of a whole trial. ``evidence`` names its archive in the result set; empty if it left nothing.

    load: 1-minute load average before the first run. facts: observations of the scenario besides its runs.
    """

    trial: Trial
    number: Number
    again_because: str | None = None
    runs: tuple[Run, ...] = ()
    facts: dict[str, Any] = {}
    declared: Declared | None = None
    fault: Fault | None = None
    load: float = 0.0
    evidence: Inside

    @property
    def seconds(self) -> float:
        """Return the time from the start of its first run to the end of all processes of its last; 0 without runs."""
        if not self.runs:
            return 0.0
        last = self.runs[-1]
        return last.started + (last.seconds("empty") or 0.0) - self.runs[0].started


class Check(Record, frozen=True, kw_only=True, tag="check"):
    """The result of a check after runs: that a series stopped, or whether a tool's environment has changed.

    subject: ``scenario/case`` of the series, or the tool. trials: keys of the trials that a changed environment
    makes void; their records come before the check.
    """

    scope: Literal["environment", "suite"]
    subject: str
    kind: Literal["environment", "interim check"]
    ok: bool
    detail: str
    trials: tuple[str, ...] = ()


class ResultSet(Record, frozen=True, kw_only=True):
    """The content of ``manifest.json``: the request, the machine, and the targets of a result set."""

    format: int
    harness: str
    harness_hash: str
    created: str
    argv: tuple[str, ...]
    profile: str
    scenarios: tuple[str, ...]
    targets: tuple[Target, ...]
    machine: dict[str, Any]
    adapters: dict[str, Any]
    """Per tool, its manifest at the time of the run: changed settings with reasons, capabilities; as ``facts`` its
    answers to the checklist."""
    pipelines: dict[str, Any] = {}
    """Per pipeline, its JSON form at the time of the run."""
    pipeline_digests: dict[str, str] = {}
    """Per pipeline, the hash of all that it uses: file, graph, modules and data. Empty in older sets."""
    environments: dict[str, Any] = {}
    """Per tool: installed packages, seconds and bytes to make the environment, when that was, and the newest
    release then; for both releases their day."""
    trials: tuple[str, ...] = ()
    """Keys of the plan's trials. Attempts of other trials belong to an earlier plan and are not shown."""
    request: dict[str, Any] = {}
    """The request, in the form that ``--resume`` needs."""
    requirements: dict[str, Any] = {}
    """What the user's pipeline requires of third parties: ``asked`` lines, the common ``pins`` by package, and by tool
    why they were ``refused``. Empty if it requires nothing."""
    seed: Annotated[int, msgspec.Meta(ge=0)] = 0
    questions: dict[str, Any] = {}
    """The checklist at the time of the run: question by id."""
