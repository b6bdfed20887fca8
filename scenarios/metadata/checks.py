"""How each answer is compared with what is true of the runs: pure functions, by name of the question.

Each returns a word and what is to be said of it; None where the truth is not known, as of a cache in a run
without the tracer.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bench.contract.records import BodyRun, Run
from bench.pipeline import Pipeline, Stage

__all__ = ["CHECKS", "Known", "Truth"]

SLACK_S = 0.25
"""By which two clocks' readings of one moment may differ: the harness notes the start of a run before it."""
DEAD = ("crashed", "killed", "failed", "cancelled")
Found = tuple[str, str] | None


@dataclass(frozen=True)
class Known:
    """What is true of one run: what the scenario noted, and the run's record."""

    told: Mapping[str, Any]
    run: Run

    @property
    def nonce(self) -> str:
        """Return its nonce."""
        return str(self.told["nonce"])

    @property
    def delivered(self) -> Mapping[str, Any] | None:
        """Return what the last stage wrote down; None of a run that never came so far."""
        found: Mapping[str, Any] | None = self.told["delivered"]
        return found

    def bodies(self, stage: str) -> list[BodyRun]:
        """Return the calls of a stage."""
        return [body for body in self.run.bodies if body.stage == stage]

    def done(self) -> set[str]:
        """Return the stages whose body was executed to its end."""
        return {body.stage for body in self.run.bodies if body.end is not None and body.error is None}

    def wall(self, mark: str) -> float:
        """Return a mark's moment in seconds since the epoch."""
        return float(self.told["spawned"]) + (self.run.seconds(mark) or 0.0)


@dataclass(frozen=True)
class Truth:
    """All that is true when a question is asked. runs: in their order; asked: with all answers."""

    runs: tuple[Known, ...]
    asked: tuple[Mapping[str, Any], ...]
    pipeline: Pipeline

    def of(self, nonce: str) -> Known:
        """Return the run with a nonce."""
        return next(run for run in self.runs if run.nonce == nonce)

    def reused(self, nonce: str, stage: str) -> bool:
        """Whether a stage was seen not to run."""
        known = self.of(nonce)
        return known.run.traced and stage not in known.done()

    def good(self) -> list[Known]:
        """Return the runs that ended well."""
        return [run for run in self.runs if run.told["ended"] == "succeeded"]

    def others(self, nonce: str) -> list[str]:
        """Return the nonces of all other runs."""
        return [run.nonce for run in self.runs if run.nonce != nonce]


def state(value: Any, truth: Truth, nonce: str) -> Found:
    """A killed run must be told as ended badly; that it has not ended is true, but not all."""
    ended = truth.of(nonce).told["ended"]
    if ended != "killed":
        return _same(value, ended)
    if value in DEAD:
        return "right", f"it was killed, and is told as {value}"
    if value == "unfinished":
        return "partial", "it was killed, and is told as not finished, like one that still runs"
    return "wrong", f"it was killed, and is told as {value!r}"


def gone(value: Any, truth: Truth, nonce: str) -> Found:
    """Nothing may be found of a run that was deleted."""
    deleted = next(one for one in truth.asked if one["ask"] == "delete")
    if deleted["value"] is not True:
        return "none", "it could not be deleted"
    return (
        ("right", "nothing is told of it") if value is None else ("wrong", f"it is still told: {value!r}")
    )


def parameters(value: Any, truth: Truth, nonce: str) -> Found:
    """Compare all but the place of the results."""
    return _within(value, truth.of(nonce).told["parameters"])


def started(value: Any, truth: Truth, nonce: str) -> Found:
    """It must lie between the start of the command and that of the first body."""
    known = truth.of(nonce)
    until = known.wall("first_body" if "first_body" in known.run.marks else "exit")
    return _between(value, known.wall("spawn"), until)


def ended(value: Any, truth: Truth, nonce: str) -> Found:
    """It must lie between the end of the last body and that of the command."""
    known = truth.of(nonce)
    since = known.wall("last_body" if "last_body" in known.run.marks else "spawn")
    return _between(value, since, float(known.told["exited"]))


def durations(value: Any, truth: Truth, nonce: str) -> Found:
    """Each must be as long as its body, and no longer than the run."""
    known = truth.of(nonce)
    if not known.run.traced:
        return None
    whole = known.wall("exit") - known.wall("spawn") + SLACK_S
    for stage in sorted(known.done() & value.keys()):
        body = known.bodies(stage)[-1]
        took = ((body.end or body.start) - body.start) / 1e9
        if not took - 0.05 <= value[stage] <= whole:
            return "wrong", f"{stage} is told as {value[stage]:.2f} s, its body took {took:.2f} s"
    return _complete(value.keys(), known.done(), "tasks")


def owner(value: Any, truth: Truth, nonce: str) -> Found:
    """The user that every run has here."""
    return _same(value, "bench")


def versions(value: Any, truth: Truth, nonces: list[str]) -> Found:
    """The first two runs are of the same code; in the third a stage was edited."""
    first, second, changed = value
    if first is None:
        return "none", "no version is told"
    if first != second:
        return "wrong", "two runs of the same code are told as of two versions"
    if first == changed:
        return "partial", "a run in which a stage was edited is told as of the same version"
    return "right", "another version where a stage was edited, and only there"


def source(value: Any, truth: Truth, nonce: str, stage: str) -> Found:
    """The text of the stage as it was when that run was made."""
    if "seed // 2 + 1" in value:
        return "wrong", "the source is told that the stage has now, not that of this run"
    return ("right", "the stage's source") if "seed // 2" in value else ("wrong", "not the stage's source")


def environment(value: Any, truth: Truth, nonce: str) -> Found:
    """The version of Python, and of one package that the stages use."""
    delivered = truth.of(nonce).delivered or {}
    if value.get("python") not in (None, delivered.get("python")):
        return "wrong", f"Python is told as {value['python']}, it is {delivered.get('python')}"
    pandas = value.get("packages", {}).get("pandas")
    if pandas is None and value.get("python") is None:
        return "none", "neither Python nor a package"
    if pandas is None:
        return "partial", "Python, but no package"
    return _same(pandas, delivered.get("pandas"))


def table(value: Any, truth: Truth, nonce: str, **_: str) -> Found:
    """The DataFrame back, equal; of a run that never came to its report, by how its column was made."""
    known = truth.of(nonce)
    if known.delivered is not None:
        return _same_table(value, known.delivered["table"])
    named = [dict(zip(value["columns"], row, strict=True)) for row in value["rows"]]
    offset = int(nonce[:4], 16) % 97
    if [row["row"] for row in named] == list(range(12)) and all(
        abs(row["x"] * len(nonce) + offset - row["y"]) < 1e-5 for row in named
    ):
        return "right", "the table"
    return "wrong", "not the table of this run"


def reused_table(value: Any, truth: Truth, nonce: str, **_: str) -> Found:
    """The table from which the other is made, by one column more."""
    known = (truth.of(nonce).delivered or {})["table"]
    return _same_table(
        value,
        {
            "columns": known["columns"][:-1],
            "dtypes": known["dtypes"][:-1],
            "rows": [row[:-1] for row in known["rows"]],
        },
    )


def latest_table(value: Any, truth: Truth, **_: str) -> Found:
    """The table of the run that was made last."""
    return table(value, truth, truth.runs[-1].nonce)


def value_of(value: Any, truth: Truth, nonce: str, **_: str) -> Found:
    """The metrics, as they were returned or given."""
    delivered = truth.of(nonce).delivered
    if delivered is not None:
        return _same(value, delivered["metrics"])
    return _same(value.get("nonce"), nonce)


def predictions(value: Any, truth: Truth, nonce: str, **_: Any) -> Found:
    """The model predicts what it predicted inside the run."""
    expected = (truth.of(nonce).delivered or {})["predicted"]
    close = len(value) == len(expected) and all(
        abs(one - other) < 1e-5 for one, other in zip(value, expected, strict=False)
    )
    return ("right", "the same predictions") if close else ("wrong", f"it predicts {value}, not {expected}")


def metrics(value: Any, truth: Truth, **_: str) -> Found:
    """One row for each good run."""
    expected = {run.nonce: (run.delivered or {}).get("metrics") for run in truth.good()}
    for row in value:
        if row != expected.get(row.get("nonce")):
            return "wrong", f"a row that no run returned: {row}"
    return _complete([row["nonce"] for row in value], expected, "runs")


def log(value: Any, truth: Truth, nonce: str, stage: str, stream: str) -> Found:
    """The line with the nonce of this run, and none of another's."""
    if any(other in value for other in truth.others(nonce)):
        return "wrong", "it holds lines of another run"
    found = f"told on {stream}: {nonce}" in value
    return ("right", "its line") if found else ("none", "a log, but not the line that was printed")


def stdout(value: Any, truth: Truth, nonce: str, stage: str) -> Found:
    """See log."""
    return log(value, truth, nonce, stage, "stdout")


def stderr(value: Any, truth: Truth, nonce: str, stage: str) -> Found:
    """See log."""
    return log(value, truth, nonce, stage, "stderr")


def made_from(value: Any, truth: Truth, nonce: str, stage: str) -> Found:
    """All stages that its inputs come from, and no other."""
    return _lineage(value, _reached(stage, _producers(truth.pipeline)))


def used_by(value: Any, truth: Truth, nonce: str, stage: str) -> Found:
    """All stages that something of it reaches, and no other."""
    producers = _producers(truth.pipeline)
    consumers = {name: {one for one in producers if name in producers[one]} for name in producers}
    return _lineage(value, _reached(stage, consumers))


def cached(value: Any, truth: Truth, nonce: str) -> Found:
    """The stages whose body did not run."""
    known = truth.of(nonce)
    if not known.run.traced:
        return None
    return _same(sorted(value), sorted(set(truth.pipeline.stages) - known.done()))


def cached_from(value: Any, truth: Truth, nonce: str, stage: str) -> Found:
    """The run before, which was the only one that made it."""
    return _same(value, truth.runs[0].nonce)


def done(value: Any, truth: Truth, **_: Any) -> Found:
    """Whether the tool took what it was told to do; what it shows is asked next."""
    return _same(value, True)


def tagged(value: Any, truth: Truth, tag: str) -> Found:
    """The first run alone has the tag."""
    return _set(value, [truth.runs[0].nonce])


def runs(value: Any, truth: Truth) -> Found:
    """All runs, and no other."""
    return _set(value, [run.nonce for run in truth.runs])


def runs_with(value: Any, truth: Truth, parameter: str, equals: Any) -> Found:
    """The runs that had this value of a parameter."""
    return _set(value, [run.nonce for run in truth.runs if run.told["parameters"][parameter] == equals])


def latest_good(value: Any, truth: Truth) -> Found:
    """The last run that ended well."""
    return _same(value, truth.good()[-1].nonce)


def compare(value: Any, truth: Truth, nonces: list[str]) -> Found:
    """The parameters that differ, each with both values."""
    one, other = (truth.of(nonce).told["parameters"] for nonce in nonces)
    return _within(value, {name: [one[name], other[name]] for name in one if one[name] != other[name]})


def report(value: Any, truth: Truth, nonce: str) -> Found:
    """It must show something of the run."""
    return ("right", "a report of the run") if nonce in value else ("wrong", "a report of something else")


def resources(value: Any, truth: Truth, nonce: str) -> Found:
    """CPU seconds no more than the whole tree used, and some memory."""
    usage = truth.of(nonce).run.usage
    if value.get("cpu_s", 0.0) > usage.user_s + usage.system_s + SLACK_S:
        return "wrong", f"{value['cpu_s']:.1f} s of CPU, which is more than the whole run used"
    return _complete(value.keys(), ("cpu_s", "memory_bytes"), "figures")


def tries(value: Any, truth: Truth, nonce: str, stage: str) -> Found:
    """How often it was tried, and what each failed try said."""
    known = truth.of(nonce)
    if not known.run.traced:
        return None
    bodies = known.bodies(stage)
    failed = sum(body.error is not None for body in bodies)
    if value["count"] != len(bodies):
        return "wrong", f"{value['count']} tries are told, there were {len(bodies)}"
    said = sum(f"refused: {nonce}" in (error or "") for error in value["errors"])
    if said < failed:
        return "partial", f"{len(bodies)} tries, but why it failed of {said} of {failed}"
    return "right", f"{len(bodies)} tries, and why {failed} failed"


def error(value: Any, truth: Truth, nonce: str, stage: str) -> Found:
    """The message, and the line of the user's code."""
    if f"refused: {nonce}" not in value:
        return "wrong", "not the error that was raised"
    if f"in {stage}" not in value:
        return "partial", "the message, but not the line of the user's code"
    return "right", "the message and the line of the user's code"


def recorded(value: Any, truth: Truth, nonce: str, stage: str, *, last: bool = False) -> Found:
    """All mapped tasks; what lacks for good is a wrong answer."""
    count = truth.of(nonce).told["parameters"]["count"]
    if value == count:
        return "right", f"all {count}"
    return ("wrong" if last or value > count else "partial"), f"{value} of {count} tasks"


def recorded_for_good(value: Any, truth: Truth, nonce: str, stage: str) -> Found:
    """See recorded; the last time that it is asked."""
    return recorded(value, truth, nonce, stage, last=True)


CHECKS: Mapping[str, Callable[..., Found]] = {
    **{
        check.__name__: check
        for check in (
            *(state, gone, parameters, started, ended, durations, owner, versions, source, environment),
            *(table, latest_table, predictions, metrics, stdout, stderr, made_from, used_by, cached),
            *(
                reused_table,
                cached_from,
                tagged,
                runs,
                runs_with,
                latest_good,
                compare,
                report,
                resources,
                tries,
                error,
            ),
            *(recorded, recorded_for_good),
        )
    },
    "value": value_of,
    "given": value_of,
    "tag": done,
    "delete": done,
}


def _same(value: Any, expected: Any) -> Found:
    return ("right", f"{expected!r}") if value == expected else ("wrong", f"{value!r}, not {expected!r}")


def _between(value: Any, since: float, until: float) -> Found:
    if since - SLACK_S <= value <= until + SLACK_S:
        return "right", "within what the trace shows"
    off = value - until if value > until else value - since
    return "wrong", f"{off:+.2f} s off what the trace shows"


def _within(value: Mapping[str, Any], expected: Mapping[str, Any]) -> Found:
    for name in expected.keys() & value.keys():
        if value[name] != expected[name]:
            return "wrong", f"{name} is told as {value[name]!r}, it is {expected[name]!r}"
    return _complete(value.keys(), expected, "names")


def _complete(found: Collection[str], expected: Collection[str], what: str) -> Found:
    lacking = [name for name in expected if name not in found]
    if not lacking:
        return "right", f"all {len(expected)} {what}"
    if len(lacking) == len(expected):
        return "none", f"none of the {len(expected)} {what}"
    return "partial", f"{len(lacking)} of {len(expected)} {what} are lacking: {', '.join(sorted(lacking))}"


def _set(value: Iterable[str], expected: Collection[str]) -> Found:
    found = set(value)
    if found - set(expected):
        return "wrong", f"{len(found - set(expected))} that are none of them"
    return _complete(found, expected, "runs")


def _same_table(value: Mapping[str, Any], expected: Mapping[str, Any]) -> Found:
    if value["columns"] != expected["columns"] or value["rows"] != expected["rows"]:
        return "wrong", "not the table of this run"
    if value["dtypes"] != expected["dtypes"]:
        return "partial", f"equal, but of other types: {value['dtypes']}"
    return "right", "the table"


def _lineage(value: Collection[str], expected: Collection[str]) -> Found:
    more = sorted(set(value) - set(expected))
    if not value and expected:
        return "none", "nothing is told"
    if not set(value) & set(expected):
        return (
            "wrong",
            f"told: {', '.join(sorted(value)) or 'nothing'}; true: {', '.join(sorted(expected))}",
        )
    if more:
        return "partial", f"told too, though no data goes that way: {', '.join(more)}"
    return _complete(value, expected, "stages")


def _producers(pipeline: Pipeline) -> dict[str, set[str]]:
    """Return for each stage those whose outputs it is given."""
    made: dict[str, Stage | None] = {
        name: pipeline.producer(name)
        for stage in pipeline.stages.values()
        for name in stage.inputs.values()
    }
    return {
        name: {producer.name for one in stage.inputs.values() if (producer := made[one]) is not None}
        for name, stage in pipeline.stages.items()
    }


def _reached(start: str, steps: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        more = steps[waiting.pop()] - found
        found |= more
        waiting += more
    return found
