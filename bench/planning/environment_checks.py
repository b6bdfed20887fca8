"""Looks whether environments are still as they were made, and makes anew what is not."""

from collections.abc import Iterable, Mapping, Sequence

from bench.contract.adapter import Adapter
from bench.contract.records import Check, Fault, Trial
from bench.environments.environment import Environment, discard, ensure, verify
from bench.errors import EnvironmentFault

__all__ = ["Watch"]

NAMED = 3
"""Differences that are told one by one."""


class Watch:
    """The environments of a suite, and which trials were measured with each since it was last as it should be."""

    def __init__(self, environments: Mapping[str, Environment], adapters: Mapping[str, Adapter]) -> None:
        self._environments = environments
        self._adapters = adapters
        self._since: dict[str, list[Trial]] = {}

    def measured(self, trial: Trial) -> None:
        """Note that a trial was measured."""
        self._since.setdefault(trial.target.tool, []).append(trial)

    def checks(self, tools: Iterable[str]) -> list[Check]:
        """Look at the environments with which anything was measured since; returns what was found.

        One that was changed is removed; the caller has it made again by :meth:`remade`.
        """
        return [
            self._check(tool, self._since.pop(tool)) for tool in sorted(set(tools) & self._since.keys())
        ]

    def every(self) -> list[Check]:
        """Look at all environments; returns what is worth keeping: one that nothing was measured with is as it was."""
        before = set(self._since)
        found = [self._check(tool, self._since.pop(tool, [])) for tool in sorted(self._environments)]
        return [check for check in found if not check.ok or check.subject in before]

    def remade(self, tool: str) -> Fault | None:
        """Make a removed environment anew; returns why it cannot be made."""
        adapter = self._adapters[tool]
        try:
            ensure(adapter.folder, adapter.manifest)
        except EnvironmentFault as error:
            return Fault(where="environment", reason=str(error))
        return None

    def _check(self, tool: str, trials: Sequence[Trial]) -> Check:
        environment = self._environments[tool]
        wrong = verify(environment)
        if not wrong:
            return Check(
                scope="environment", subject=tool, kind="environment", ok=True, detail="as it was made"
            )
        discard(environment)
        more = f" and {len(wrong) - NAMED} more" if len(wrong) > NAMED else ""
        since = f"; not to be trusted from trial {min(one.order for one in trials)} on" if trials else ""
        return Check(
            scope="environment",
            subject=tool,
            kind="environment",
            ok=False,
            detail=f"the environment of {tool} was changed: {', '.join(wrong[:NAMED])}{more}{since}",
            trials=tuple(dict.fromkeys(one.key for one in trials)),
        )
