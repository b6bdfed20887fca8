"""The profile of each scenario: one for all, and others for single scenarios, as ``quick,startup=standard``."""

from collections.abc import Mapping

from bench.contract.scenario import Loaded
from bench.errors import UsageError, nearest

__all__ = ["PROFILES", "by_scenario", "of", "told"]

PROFILES = ("smoke", "quick", "standard", "thorough")


def by_scenario(text: str, scenarios: Mapping[str, Loaded]) -> dict[str, str]:
    """Return the profile of each scenario. A scenario without that profile gets no trial.

    Raises UsageError for an unknown profile or scenario, for two profiles for all scenarios, and for a profile
    that the named scenario, or every scenario, lacks.
    """
    common, special = _read(text)
    for profile in (common, *special.values()):
        if profile not in PROFILES:
            raise UsageError(f"unknown profile '{profile}'{nearest(profile, PROFILES)}")
    for name, profile in special.items():
        if name not in scenarios:
            raise UsageError(
                f"--profile names '{name}', which is no scenario asked for{nearest(name, scenarios)}"
            )
        if profile not in scenarios[name].manifest.profiles:
            raise UsageError(f"the scenario '{name}' has no profile '{profile}'")
    found = {name: special.get(name, common) for name in scenarios}
    if not any(found[name] in loaded.manifest.profiles for name, loaded in scenarios.items()):
        raise UsageError(f"no scenario asked for has the profile '{common}'")
    return found


def of(text: str, scenario: str) -> str:
    """Return the profile of one scenario from a valid ``--profile`` text."""
    common, special = _read(text)
    return special.get(scenario, common)


def told(text: str) -> str:
    """Return a valid ``--profile`` text for people, as ``quick (startup standard, caching thorough)``."""
    common, special = _read(text)
    others = ", ".join(f"{name} {profile}" for name, profile in special.items())
    return f"{common} ({others})" if others else common


def _read(text: str) -> tuple[str, dict[str, str]]:
    """Return the profile for all scenarios, and those for single ones. Raises UsageError."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    common = [part for part in parts if "=" not in part]
    if len(common) != 1:
        raise UsageError(
            f"--profile '{text}' must name one profile for all scenarios, and may name others for some: "
            "quick,startup=standard"
        )
    pairs = (part.split("=", 1) for part in parts if "=" in part)
    return common[0], {name.strip(): profile.strip() for name, profile in pairs}
