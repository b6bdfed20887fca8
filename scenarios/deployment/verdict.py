"""Words and numbers of the deployment scenario: pure functions over stored facts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bench.contract.records import Attempt
from bench.judging.verdicts import Sample, Verdict, Word, common, error
from bench.pipeline import Pipeline

MEGABYTE = 1e6
WORDS = (
    Word("made", "the tool's own command made the artefact", 1.0, good=True),
    Word("same bytes", "made twice of the same project, it has the same bytes", 1.0, good=True),
    Word("valid", "the published schema of its kind accepts it", 1.0, good=True),
    Word("version", "the version of the tool that made it stands in it", 1.0, good=True),
    Word(
        "no secret",
        "a secret that lay in the environment and beside the code is not in it, nor in what was uploaded",
        1.0,
        good=True,
    ),
    Word("counted", "the steps to a remote run were counted", 1.0, good=True),
    Word("runs on", "the project of the version before runs with the measured one", 1.0, good=True),
    Word("quiet", "the upgrade brought no new warning", 1.0, good=True),
    Word("goes back", "after the upgrade, it runs with the version before again", 1.0, good=True),
    Word("same members", "the archives differ, and what is in them does not", 0.7, good=True),
    Word("warns", "the upgrade brought new lines that warn", 0.6, good=True),
    Word("no way back", "after the upgrade, it does not run with the version before", 0.3, good=True),
    Word("only new", "the version before cannot run the project of the measured one", 0.3, good=True),
    Word("differs", "made twice of the same project, what is in it differs", 0.3, good=True),
    Word("no version", "the version of the tool that made it does not stand in it", 0.0, good=True),
    Word("breaks", "it ran with the version before, and does not with the measured one", 0.0, good=True),
    Word("fails", "the command made no artefact", 0.0, good=True),
    Word("invalid", "the published schema of its kind refuses it", 0.0, good=True),
    Word("leaks", "a planted secret is in it, or in what was uploaded", 0.0, good=True),
)
AGAIN = {"bytes": "same bytes", "members": "same members"}
PARTS = ("made", "secret", "version", "schema", "again")
COUNTED = ("files", "servers", "images")
"""What steps name, each once however many name it."""


def judge(attempt: Attempt, control: Attempt | None, pipeline: Pipeline) -> Verdict:  # noqa: ARG001 - the contract's
    """Judge an artefact by what was found in it, or an upgrade by what still ran."""
    early = common(attempt)
    if early is not None:
        return early
    for fact, judging in JUDGING.items():
        if fact in attempt.facts:
            return judging(attempt)
    return error(attempt, "nothing was made")


def samples(attempt: Attempt, pipeline: Pipeline) -> Iterable[Sample]:  # noqa: ARG001 - the contract's
    """Return seconds and size of an artefact that was made, and the counts of steps."""
    for indicator, unit, value in _numbers(attempt.facts):
        yield Sample(attempt.trial, attempt.number, 0, indicator, unit, value)


def _numbers(facts: Mapping[str, Any]) -> Iterator[tuple[str, str, float]]:
    found = facts.get("package", {})
    if found.get("made"):
        yield "package_s", "s", found["seconds"]
        yield "package_size", "MB", found["bytes"] / MEGABYTE
    if "steps" in facts:
        yield from ((f"step_{name}", "count", count) for name, count in _counts(facts["steps"]).items())


def _counts(steps: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return {
        "commands": len(steps),
        **{name: len({one for step in steps for one in step[name]}) for name in COUNTED},
    }


def _judge_steps(attempt: Attempt) -> Verdict:
    steps = attempt.facts["steps"]
    counts = ", ".join(f"{count} {name}" for name, count in _counts(steps).items())
    names = ", ".join(step["name"] for step in steps)
    return Verdict(attempt.trial, "measured", "counted", f"{counts}: {names}")


def _judge_package(attempt: Attempt) -> Verdict:
    found = attempt.facts["package"]
    untried = "".join(f"; not tried: {name} ({why})" for name, why in found["untried"].items())
    if not found["made"]:
        sentence = f"{found['kind']}: it said last: {found['said']}{untried}"
        # What was not made is neither valid nor the same again.
        return Verdict(attempt.trial, "measured", "fails", sentence, dict.fromkeys(PARTS, "fails"))
    words = {"made": "made", **dict(_parts(found))}
    # One that may not be handed out, or that no platform takes, is as good as none.
    worst = next((word for word in ("leaks", "invalid") if word in words.values()), "made")
    sentence = f"{found['kind']} of {found['bytes']:,} bytes"
    if found["uploaded"]:
        sentence += f", and {found['uploaded']:,} bytes in the store"
    if found["secret"]:
        sentence += f"; the secret is in {found['secret'][0]}"
    if found.get("wrong"):
        sentence += f"; {found['wrong'][0]}"
    if found.get("differing"):
        sentence += f"; of two, {len(found['differing'])} members differ, such as {found['differing'][0]}"
    return Verdict(attempt.trial, "measured", worst, sentence + untried, words)


def _parts(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "secret", "leaks" if found["secret"] else "no secret"
    yield "version", "version" if found["version"] else "no version"
    if "wrong" in found:
        yield "schema", "invalid" if found["wrong"] else "valid"
    if "again" in found:
        yield "again", AGAIN.get(found["again"], "differs")


def _judge_upgrade(attempt: Attempt) -> Verdict:
    """Judge by how the three runs ended; what runs with neither version says nothing of an upgrade."""
    found = attempt.facts["upgrade"]
    before, after, back = (found[which] for which in ("before", "after", "back"))
    if not before["well"] and not after["well"]:
        return error(attempt, f"the project runs with neither version: {after['how']}")
    if not before["well"]:
        why = f"with the version before it ended with {before['how']}"
        return Verdict(attempt.trial, "measured", "only new", why, {"upgrade": "only new"})
    if not after["well"]:
        why = f"with the measured version it ended with {after['how']}"
        return Verdict(attempt.trial, "measured", "breaks", why, {"upgrade": "breaks"})
    new = sorted(set(after["warnings"]) - set(before["warnings"]))
    words = {
        "upgrade": "runs on",
        "warnings": "warns" if new else "quiet",
        "back": "goes back" if back["well"] else "no way back",
    }
    word = "runs on" if back["well"] else "no way back"
    sentence = f"{attempt.facts['earlier']} to {attempt.trial.target.version}: " + (
        f"{len(new)} new lines that warn, such as: {new[0]}" if new else "no new line that warns"
    )
    if not back["well"]:
        sentence += f"; back it ended with {back['how']}"
    return Verdict(attempt.trial, "measured", word, sentence, words)


JUDGING = {"package": _judge_package, "steps": _judge_steps, "upgrade": _judge_upgrade}
