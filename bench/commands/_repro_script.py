"""Makes a shell script of the tool's own commands that reproduces the finding of a trial.

The script needs nothing of bench. It writes the project's files and runs the recorded commands with the
recorded variables. It exits with 0 if every command ends and delivers as it did in the trial.
"""

import re
import shlex
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path, PurePosixPath

import msgspec

from bench.commands._named_trial import named_trials
from bench.contract.adapter import Adapter, Sandbox
from bench.contract.adapter_loading import discover, find, load
from bench.contract.records import Attempt, Run, Trial
from bench.errors import BenchError, UsageError
from bench.execution import sandbox as sandboxes
from bench.host.exceptions import last_exception, steady_part
from bench.judging import results
from bench.judging.judge import Judge
from bench.judging.steadiness import Unsteady, between, repeated
from bench.judging.verdicts import Verdict
from bench.planning import profiles
from bench.planning.request import request_of
from bench.store.evidence import Evidence, name_of
from bench.store.result_set import Store

__all__ = ["script"]

SANDBOX, ENVIRONMENT = "<sandbox>", "<environment>"
INPUT = re.compile(rf"{SANDBOX}/data/([\w./-]+)")
HERE_END = "end of the file"
_Projects = Mapping[str, Mapping[str, bytes]]


def script(store: Store, wanted: str, documented: str | None = None) -> str:
    """Return the script of a trial, which is named by its key or as ``tool/scenario/case``.

    documented: page of the tool's documentation or issue that says the same. Raises UsageError.
    """
    judge = results.read(store).judge
    trial = named_trials(store.folder, judge.trials(), wanted)[0]
    attempt, verdict = judge.attempts(trial)[0], judge.verdict(trial)
    if verdict.outcome not in ("measured", "failed"):
        raise UsageError(f"{wanted} was not measured ({verdict.outcome}): {verdict.sentence}")
    runs = [run for run in attempt.runs if run.role != "probe"]
    if trial.target.role == "control":
        # It also runs at another place, to show what differs by itself; that is no part of the finding.
        runs = [run for run in runs if run.command.cwd == runs[0].command.cwd]
    if not runs or any(run.project is None for run in runs):
        raise UsageError(f"no run of {wanted} has its project on record; measure the trial again")
    projects = _projects(store, attempt, runs)
    beyond = _beyond_commands(projects, attempt, runs)
    if beyond is None and not _shown_by_commands(judge, attempt, verdict, runs):
        beyond = f"'{verdict.word}' follows from the trace or from answers, not from exit codes and delivered files"
    if beyond is not None:
        raise UsageError(
            f"{wanted} cannot be reproduced with commands alone: {beyond}; "
            f"measure it again with: {_again(store, attempt.trial)}"
        )
    adapter = load(find(attempt.trial.target.tool, discover()))
    head = [] if documented is None else [f"# The tool says so itself: {documented}"]
    control = judge.control(trial)
    left_out = between([] if control is None else repeated(control), judge.pipelines[trial.pipeline])
    runs = [_steady(run, left_out) for run in runs]
    first, *rest = _lines(store, projects, verdict, attempt, runs, adapter)
    return "\n".join([first, *head, *rest]) + "\n"


def _steady(run: Run, left_out: Unsteady) -> Run:
    """Return a run with those of its files that are the same in every run; no other can be compared."""
    kept = {} if left_out.names else run.result_digest
    steady = {name: digest for name, digest in kept.items() if name not in left_out.files}
    return msgspec.structs.replace(run, result_digest=steady)


def _again(store: Store, trial: Trial) -> str:
    """Return the command that measures a trial again: with the profile, pipeline and adapters of the set."""
    manifest = store.read_manifest()
    try:
        asked = request_of(store.folder).as_json()
    except BenchError:
        asked = manifest.request
    words = [
        "bench",
        "run",
        "--tool",
        trial.target.name,
        "--scenario",
        trial.scenario,
        "--case",
        trial.case,
    ]
    words += ["--profile", profiles.of(manifest.profile, trial.scenario)]
    if asked.get("pipeline"):
        words += ["--pipeline", str(asked["pipeline"])]
    for folder in asked.get("adapter", ()):
        words += ["--adapter", str(folder)]
    return shlex.join(words)


def _shown_by_commands(judge: Judge, attempt: Attempt, verdict: Verdict, runs: list[Run]) -> bool:
    """Whether the verdict stays the same with only what a script shows: exit codes and delivered files."""
    bare = tuple(msgspec.structs.replace(run, traced=False, bodies=()) for run in runs)
    trial = attempt.trial
    found, _ = judge.judgings[trial.scenario].judged(
        msgspec.structs.replace(attempt, runs=bare, facts={}),
        judge.control(trial),
        judge.pipelines[trial.pipeline],
    )
    if found.outcome == "error" or not found.shows(verdict.word):
        return False
    # A word over all aspects needs each of them; any other word needs only its own.
    over_all = verdict.word not in verdict.words.values()
    return not over_all or verdict.words.items() <= found.words.items()


def _projects(store: Store, attempt: Attempt, runs: list[Run]) -> _Projects:
    """Return the files that each run started with, by folder name and path in it. Raises StoreError."""
    name, evidence = name_of(attempt.evidence), Evidence(store.folder)
    files = sorted(evidence.files(name))
    return {
        project: {
            path.removeprefix(f"{project}/"): evidence.read(name, path)
            for path in files
            if path.startswith(f"{project}/")
        }
        for project in dict.fromkeys(str(run.project) for run in runs)
    }


def _beyond_commands(projects: _Projects, attempt: Attempt, runs: list[Run]) -> str | None:
    """Return what influenced this trial besides files and commands; None if nothing did."""
    if "by_harness" in attempt.facts:
        return str(attempt.facts["by_harness"])
    for run in runs:
        if run.held:
            return f"a body was held, {run.held}"
        if not run.ended.well and run.ended.exit_code is None:
            return f"the {run.role} run was ended by a signal or a limit"
        for argument in run.command.argv:
            place = INPUT.search(argument)
            if place and f"data/{place[1]}" not in projects[str(run.project)]:
                return f"its input file {place[1]} is too large for a script"
        for path, data in projects[str(run.project)].items():
            if not _is_text(data):
                return f"its file {PurePosixPath(path).name} is not text"
    return None


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _lines(
    store: Store, projects: _Projects, verdict: Verdict, attempt: Attempt, runs: list[Run], adapter: Adapter
) -> Iterator[str]:
    trial = attempt.trial
    yield "#!/bin/sh"
    yield f"# {trial.target.label}, {trial.scenario}/{trial.case}: {verdict.word}"
    yield f"# {verdict.sentence}"
    yield "#"
    target = trial.target
    yield f"# Usage: {trial.case}.sh ENVIRONMENT, a virtual environment with {target.tool} {target.version}."
    yield "# Exits with 0 if every command ends as it was measured and, where files are judged, delivers the same."
    yield "set -u"
    yield 'ENVIRONMENT=$(cd "${1:?give the folder of a virtual environment}" && pwd)'
    yield "SANDBOX=$(mktemp -d)"
    yield 'cleanup() { [ -z "${SERVER:-}" ] || kill "$SERVER"; rm -rf "$SANDBOX"; }'
    yield "trap cleanup EXIT"
    yield 'for folder in home tmp project state results data; do mkdir "$SANDBOX/$folder"; done'
    yield from _tool_check(trial, adapter)
    client = yield from _server(trial, adapter)
    known: dict[str, bytes] = {}
    for run in runs:
        yield ""
        yield f"# {run.role}"
        yield from _files(projects[str(run.project)], known)
        yield 'rm -rf "$SANDBOX/results"; mkdir "$SANDBOX/results"'
        yield from _command(trial, adapter, run, client)
        yield f"[ $code -eq {run.ended.exit_code} ] ||"
        yield '    { echo "another exit code: the finding does not hold"; exit 1; }'
        yield from _exception_check(store, attempt, run)
        if run.role == "resumed" or run is runs[-1]:
            yield from _check(run)
    yield ""
    yield 'echo "as measured: the finding holds"'


def _tool_check(trial: Trial, adapter: Adapter) -> Iterator[str]:
    """Yield the lines that check that the environment has the tool: without it, any command would fail."""
    if trial.target.role != "tool":
        return
    package, version = adapter.manifest.package, trial.target.version
    ask = f"import importlib.metadata as m; print(m.version({package!r}))"
    yield f'found=$("$ENVIRONMENT/bin/python" -c {shlex.quote(ask)} 2>/dev/null) || found=none'
    yield f'[ "$found" = {shlex.quote(version)} ] || {{'
    yield f'    echo "this environment has {package} $found, not {version}: nothing is shown"; exit 2; }}'


def _exception_check(store: Store, attempt: Attempt, run: Run) -> Iterator[str]:
    """Yield the line that looks for the exception with which a run ended: its type and the start of its text.

    An exit code alone can come from anything, such as a missing module.
    """
    if run.ended.exit_code == 0:
        return
    evidence, name = Evidence(store.folder), name_of(attempt.evidence)
    # Some tools print the traceback to standard output.
    said = (evidence.read(name, place).decode(errors="replace") for place in (run.stderr, run.stdout))
    raised = next(filter(None, map(last_exception, said)), None)
    if raised is not None:
        yield f'grep -qF {shlex.quote(steady_part(raised))} "$SANDBOX/said" ||'
        yield '    { echo "another exception: the finding does not hold"; exit 1; }'


def _server(trial: Trial, adapter: Adapter) -> Generator[str, None, dict[str, str]]:
    """Yield the lines that start the server of the set-up; return the variables for its clients."""
    server = adapter.server(trial.target.setup, _sandbox(), Path(SANDBOX, "server"), 4299)
    if server is None:
        return {}
    variables = {**_variables(trial, adapter), **server.command.env}
    yield 'mkdir "$SANDBOX/server"'
    yield f'{_environment(variables)} {_words(server.command.argv)} > "$SANDBOX/server/log" 2>&1 &'
    yield "SERVER=$!"
    yield f'until grep -q {shlex.quote(server.ready)} "$SANDBOX/server/log"; do'
    yield '    kill -0 "$SERVER" || { cat "$SANDBOX/server/log"; exit 1; }; sleep 0.2'
    yield "done"
    return dict(server.client)


def _files(found: Mapping[str, bytes], known: dict[str, bytes]) -> Iterator[str]:
    """Yield the lines that write new and changed files and remove those that no longer exist."""
    for name in sorted(known.keys() - found.keys()):
        yield f"rm {_word(f'{SANDBOX}/{name}')}"
        del known[name]
    for name, data in found.items():
        if known.get(name) == data:
            continue
        place = _word(f"{SANDBOX}/{name}")
        yield f"mkdir -p {_word(str(Path(SANDBOX, name).parent))}"
        yield f"cat > {place} <<'{HERE_END}'"
        text = data.decode()
        yield text.removesuffix("\n")
        yield HERE_END
        if not text.endswith("\n"):
            yield f"truncate -s -1 {place}"
        if name.startswith("data/"):
            yield f"touch -d @0 {place}"
        known[name] = data


def _command(trial: Trial, adapter: Adapter, run: Run, client: dict[str, str]) -> Iterator[str]:
    variables = {**_variables(trial, adapter), **run.command.env, **client}
    yield f"cd {_word(run.command.cwd)} && {_environment(variables)} \\"
    yield f'    {_words(run.command.argv)} > "$SANDBOX/said" 2>&1'
    yield 'code=$?; cat "$SANDBOX/said"'


def _check(run: Run) -> Iterator[str]:
    for name, digest in run.result_digest.items():
        place = _word(f"{SANDBOX}/results/{name}")
        yield f'[ "$(sha256sum {place} | cut -c1-{len(digest)})" = {digest} ] ||'
        yield f'    {{ echo "another {name}: the finding does not hold"; exit 1; }}'


def _variables(trial: Trial, adapter: Adapter) -> dict[str, str]:
    return sandboxes.build_environment(
        _sandbox(), adapter.manifest, trial.target.setup, trial.target.options, {}
    )


def _sandbox() -> Sandbox:
    root = Path(SANDBOX)
    return Sandbox(
        root=root,
        home=root / "home",
        tmp=root / "tmp",
        project=root / "project",
        state=root / "state",
        results=root / "results",
        data=root / "data",
        python=Path(ENVIRONMENT, "bin/python"),
    )


def _environment(variables: dict[str, str]) -> str:
    return "env -i " + " ".join(f"{name}={_word(value)}" for name, value in variables.items())


def _words(argv: tuple[str, ...]) -> str:
    return " ".join(_word(argument) for argument in argv)


def _word(text: str) -> str:
    """Return a word for the shell, with the two folders as variables."""
    if SANDBOX not in text and ENVIRONMENT not in text:
        return shlex.quote(text)
    inner = "".join(f"\\{character}" if character in '"\\$`' else character for character in text)
    return f'"{inner.replace(SANDBOX, "$SANDBOX").replace(ENVIRONMENT, "$ENVIRONMENT")}"'
