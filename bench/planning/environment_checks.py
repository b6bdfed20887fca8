"""Checks that environments have not changed since they were made, and remakes changed ones."""

from collections.abc import Iterable, Mapping, Sequence

from bench.contract.adapter import Adapter
from bench.contract.records import Check, Fault, Trial
from bench.environments.environment import Environment, discard, ensure, verify
from bench.errors import EnvironmentFault

__all__ = ["Watch"]

NAMED = 3
"""Number of differences that are named one by one."""


class Watch:
    """The environments of a suite, each with the trials measured since it last passed the check."""

    def __init__(self, environments: Mapping[str, Environment], adapters: Mapping[str, Adapter]) -> None:
        self._environments = environments
        self._adapters = adapters
        self._since: dict[str, list[Trial]] = {}

    def measured(self, trial: Trial) -> None:
        """Note that a trial was measured."""
        self._since.setdefault(trial.target.tool, []).append(trial)

    def checks(self, tools: Iterable[str]) -> list[Check]:
        """Check the environments that trials have used since the last check; return the checks.

        A changed environment is removed; the caller remakes it with :meth:`remade`.
        """
        return [
            self._check(tool, self._since.pop(tool)) for tool in sorted(set(tools) & self._since.keys())
        ]

    def every(self) -> list[Check]:
        """Check all environments; return the checks to store, without unchanged environments that no trial used."""
        before = set(self._since)
        found = [self._check(tool, self._since.pop(tool, [])) for tool in sorted(self._environments)]
        return [check for check in found if not check.ok or check.subject in before]

    def remade(self, tool: str) -> Fault | None:
        """Make a removed environment again; return the fault if that fails."""
        adapter = self._adapters[tool]
        try:
            ensure(adapter.folder, adapter.manifest)
        except EnvironmentFault as error:
            return Fault(where="environment", reason=str(error))
        return None

    def _check(self, tool: str, trials: Sequence[Trial]) -> Check:
        environment = self._environments[tool]
        wrong = verify(environment, self._adapters[tool].manifest)
        if not wrong:
            return Check(
                scope="environment", subject=tool, kind="environment", ok=True, detail="as it was made"
            )
        discard(environment)
        more = f" and {len(wrong) - NAMED} more" if len(wrong) > NAMED else ""
        since = f"; trials from number {min(one.order for one in trials)} on are void" if trials else ""
        return Check(
            scope="environment",
            subject=tool,
            kind="environment",
            ok=False,
            detail=f"the environment of {tool} was changed: {', '.join(wrong[:NAMED])}{more}{since}",
            trials=tuple(dict.fromkeys(one.key for one in trials)),
        )
