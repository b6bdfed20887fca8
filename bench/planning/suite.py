"""Runs the planned trials block by block, skips those already measured, and stops at interim checks."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from bench.contract.adapter import Adapter, Sandbox
from bench.contract.driver import Definition
from bench.contract.records import Attempt, Check, Declared, Fault, Target, Trial
from bench.contract.scenario import Loaded
from bench.environments.environment import Environment
from bench.execution import sandbox as sandboxes
from bench.execution.driver import TrialDriver
from bench.execution.services.persistent_server import PersistentServer, ServerError
from bench.execution.services.tool_servers import start
from bench.execution.trial import Equipment, measure
from bench.planning.environment_checks import Watch
from bench.planning.policy import Policy
from bench.planning.progress import Reporter
from bench.planning.schedule import Block, Series, in_order
from bench.store.evidence import logs_command
from bench.store.result_set import Store
from bench.store.voiding import faulty, unchecked, voided

__all__ = ["Suite", "run"]


@dataclass(frozen=True)
class Shared:
    """A server that all trials of a target share, with its own sandbox."""

    server: PersistentServer
    sandbox: Sandbox

    @classmethod
    def started(cls, adapter: Adapter, target: Target, python: Path, cache: Path) -> "Shared | None":
        """Start the server, which is not ready yet; None if the set-up needs none."""
        box = sandboxes.make(cache / "sandboxes", python)
        server = None
        try:
            server = start(adapter, target.setup, target.options, box, box.root / "server")
        finally:
            if server is None:
                sandboxes.remove(box)
        return None if server is None else cls(server, box)

    def close(self) -> None:
        """End the server and remove its data."""
        self.server.stop()
        sandboxes.remove(self.sandbox)


@dataclass
class Suite:
    """Everything that the trials of a plan need, and the store for their records.

    profiles: by scenario. faults: by tool, why its environment or adapter cannot be used. refused: by tool, why the
    user's requirements cannot be installed beside it.
    """

    store: Store
    profiles: Mapping[str, str]
    cache: Path
    adapters: Mapping[str, Adapter]
    environments: Mapping[str, Environment]
    faults: dict[str, Fault]
    scenarios: Mapping[str, Loaded]
    definitions: Mapping[str, Definition]
    policy: Policy
    jobs: int = 1
    refused: Mapping[str, str] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    active: set[TrialDriver] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)
    servers: dict[str, Shared | None] = field(default_factory=dict)
    serving: threading.Lock = field(default_factory=threading.Lock)
    stopped: bool = False

    def __post_init__(self) -> None:
        self.watch = Watch(self.environments, self.adapters)

    def server(self, target: Target) -> PersistentServer | None:
        """Return the server that all trials of a target share; the first trial starts it.

        Raises ServerError if it does not start.
        """
        with self.serving:
            if target.name not in self.servers and not self.stopped:
                adapter, python = self.adapters[target.tool], self.environments[target.tool].python
                self.servers[target.name] = Shared.started(adapter, target, python, self.cache)
            shared = self.servers.get(target.name)
        if shared is None:
            return None
        try:
            # Outside the lock, so that stop() can end a server that is still starting.
            shared.server.wait()
        except ServerError:
            # The next trial gets a new one.
            with self.serving:
                if self.servers.get(target.name) is shared:
                    del self.servers[target.name]
                    shared.close()
            raise
        return shared.server

    def end_servers(self, tool: str) -> None:
        """End the shared servers of a tool; the next trial gets a new one."""
        with self.serving:
            for name in [name for name in self.servers if name.partition("[")[0] == tool]:
                shared = self.servers.pop(name)
                if shared is not None:
                    shared.close()

    def stop(self) -> None:
        """End everything that is running, including servers, and start nothing more."""
        self.stopped = True
        with self.lock:
            for driver in self.active:
                driver.stop()
        with self.serving:
            for shared in self.servers.values():
                if shared is not None:
                    shared.close()
            self.servers.clear()


def run(suite: Suite, series: Sequence[Series], reporter: Reporter) -> None:
    """Measure all trials that are not in the store yet. KeyboardInterrupt ends all process trees at once."""
    planned = {trial.key for one in series for trial in one.trials}
    records = list(suite.store.stored())
    for found in unchecked(records).values():
        for attempt in found:
            suite.watch.measured(attempt.trial)
    # No trial may use an environment that an earlier suite has changed.
    checks = suite.watch.every()
    _keep_checks(suite, checks, reporter)
    for record in voided([*records, *checks]):
        if isinstance(record, Check):
            suite.checks.append(record)
        elif not faulty(record) and record.trial.key in planned:
            suite.policy.add(record)
    reporter.keep(suite.policy.count())
    try:
        ended: set[tuple[str, str]] = set()
        for one, block in in_order(series):
            if (one.scenario, one.case) not in ended and _ends(suite, one, block, reporter):
                ended.add((one.scenario, one.case))
        _keep_checks(suite, suite.watch.checks(suite.environments), reporter)
    finally:
        suite.stop()


def _ends(suite: Suite, series: Series, block: Block, reporter: Reporter) -> bool:
    """Measure a block; return whether an interim check after it ends the series."""
    _run_block(suite, series, block, reporter)
    done = block.number + 1
    if done not in series.repetition.interim_checks:
        return False
    reason = _stops(suite, series, done)
    if reason is None:
        return False
    skipped = [trial for later in series.blocks[done:] for trial in later.trials]
    reporter.skip(sum(not suite.policy.measured(trial) for trial in skipped))
    found = Check(
        scope="suite",
        subject=f"{series.scenario}/{series.case}",
        kind="interim check",
        ok=True,
        detail=f"stopped after {done} block{'' if done == 1 else 's'}: {reason}",
    )
    if found not in suite.checks:
        _add(suite, found)
    return True


def _run_block(suite: Suite, series: Series, block: Block, reporter: Reporter) -> None:
    todo = [trial for trial in block.trials if not suite.policy.measured(trial)]
    if series.timed or suite.jobs == 1:
        for trial in todo:
            _measure(suite, trial, 1, None, reporter)
    else:
        _side_by_side(suite, todo, reporter)
    for trial in block.trials:
        _settle(suite, trial, reporter)
    if suite.scenarios[series.scenario].manifest.writes_environment:
        _keep_checks(suite, suite.watch.checks({trial.target.tool for trial in todo}), reporter)


def _keep_checks(suite: Suite, checks: Sequence[Check], reporter: Reporter) -> None:
    """Store the checks of environments, and remake changed environments."""
    for check in checks:
        if not check.ok:
            reporter.say(f"error: {check.detail}; bench makes it again, and trials that used it are errors")
            suite.end_servers(check.subject)
            fault = suite.watch.remade(check.subject)
            if fault is not None:
                suite.faults[check.subject] = fault
        _add(suite, check)


def _settle(suite: Suite, trial: Trial, reporter: Reporter) -> None:
    """Repeat a failed trial, alone, until it is settled; report an error."""
    while (retry := suite.policy.retry(trial)) is not None:
        logs = logs_command(retry.evidence, suite.store.folder)
        reporter.say(f"{retry.word}: {_where(trial)}: {retry.sentence}; logs: {logs}")
        _measure(suite, trial, retry.number, retry.word, reporter)
    error = suite.policy.error(trial)
    if error is not None:
        reporter.say(f"error: {_where(trial)}: {error}")


def _side_by_side(suite: Suite, todo: Sequence[Trial], reporter: Reporter) -> None:
    """Measure untimed trials in parallel. The first fault of bench itself ends all of them."""
    with ThreadPoolExecutor(suite.jobs) as pool:
        futures = [pool.submit(_measure, suite, trial, 1, None, reporter) for trial in todo]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            for future in futures:
                future.cancel()
            if not all(future.done() for future in futures):
                suite.stop()
    for future in futures:
        future.result()


def _measure(suite: Suite, trial: Trial, number: int, because: str | None, reporter: Reporter) -> None:
    what = _where(trial)
    reporter.now(what if because is None else f"{what} again")
    if trial.target.tool in suite.refused:
        reason = suite.refused[trial.target.tool]
        declared = Declared(outcome="unsupported", scope="tool", reason=reason)
        _add(suite, Attempt(trial=trial, number=number, declared=declared, evidence=""))
        reporter.advance(what)
        return
    equipment = _equipment(suite, trial)
    if suite.stopped:
        return
    if isinstance(equipment, Fault):
        attempt = Attempt(trial=trial, number=number, fault=equipment, evidence="")
    else:
        drivers: list[TrialDriver] = []
        working = suite.store.begin(trial.key)
        attempt = measure(trial, equipment, working.folder, number, because, _keep(suite, drivers))
        with suite.lock:
            suite.active.difference_update(drivers)
        if any(driver.stopped for driver in drivers):
            # The harness ended these runs, so they say nothing about the tool.
            working.discard()
            return
        attempt = msgspec.structs.replace(attempt, evidence=working.keep())
    _add(suite, attempt)
    if because is None:
        reporter.advance(what)


def _equipment(suite: Suite, trial: Trial) -> Equipment | Fault:
    """Return what a trial needs to be measured, or the fault that prevents it."""
    tool = trial.target.tool
    if tool in suite.faults:
        return suite.faults[tool]
    try:
        server = suite.server(trial.target)
    except ServerError as error:
        return Fault(where="server", reason=str(error))
    return Equipment(
        adapter=suite.adapters[tool],
        environment=suite.environments[tool],
        definition=suite.definitions[trial.pipeline],
        scenario=suite.scenarios[trial.scenario].scenario,
        profile=suite.profiles[trial.scenario],
        cache=suite.cache,
        server=server,
    )


def _keep(suite: Suite, drivers: list[TrialDriver]) -> Callable[[TrialDriver], None]:
    def keep(driver: TrialDriver) -> None:
        drivers.append(driver)
        with suite.lock:
            suite.active.add(driver)
        if suite.stopped:
            driver.stop()

    return keep


def _add(suite: Suite, record: Attempt | Check) -> None:
    with suite.lock:
        suite.store.append(record)
        if isinstance(record, Attempt):
            suite.policy.add(record)
            if record.trial.target.tool in suite.environments:
                suite.watch.measured(record.trial)


def _stops(suite: Suite, series: Series, blocks: int) -> str | None:
    """Return why the series stops at this interim check; None if it continues."""
    repetition = series.repetition
    if blocks == repetition.interim_checks[-1]:
        return "it was the last interim check"
    if repetition.half_width is not None:
        widest = suite.policy.widest(series.scenario, series.case, blocks)
        if widest is not None and widest[1] <= repetition.half_width:
            name, width = widest
            return f"every half-width of {name} is under {repetition.half_width:.0%} (greatest {width:.1%})"
    if repetition.minutes is not None:
        trials = [trial for block in series.blocks[:blocks] for trial in block.trials]
        if suite.policy.seconds(trials) >= repetition.minutes * 60:
            return f"its budget of {repetition.minutes:g} minutes was spent"
    return None


def _where(trial: Trial) -> str:
    return f"{trial.target.name} {trial.scenario}/{trial.case} block {trial.block + 1}"
