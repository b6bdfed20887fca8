"""Words and numbers of the deployment scenario: pure functions over stored facts."""

from collections.abc import Iterable, Iterator

from bench.pipeline import Pipeline
from bench.records import Attempt
from bench.verdicts import NO_CONTROL, Sample, Verdict, Word, common, error

MEGABYTE = 1e6
WORDS = (
    Word("made", "the tool's own command made the artefact", 1.0, good=True),
    Word("same bytes", "made twice of the same project, it has the same bytes", 1.0, good=True),
    Word("valid", "the published schema of its kind accepts it", 1.0, good=True),
    Word("version", "the version of the tool that made it stands in it", 1.0, good=True),
    Word(
        "no secret", "a secret that lay in the environment and beside the code is not in it", 1.0, good=True
    ),
    Word(
        "runs on",
        "the project ran with the version before, the measured one, and the one before again",
        1.0,
        good=True,
    ),
    Word("quiet", "the upgrade brought no new warning", 1.0, good=True),
    Word("same members", "the archives differ, and what is in them does not", 0.7, good=True),
    Word("warns", "the upgrade brought lines that warn", 0.6, good=True),
    Word(
        "no way back",
        "the project ran after the upgrade, and not with the version before again",
        0.5,
        good=True,
    ),
    Word("differs", "made twice of the same project, what is in it differs", 0.3, good=True),
    Word("no version", "the version of the tool that made it does not stand in it", 0.0, good=True),
    Word(
        "breaks",
        "the project ran with the version before, and does not with the measured one",
        0.0,
        good=True,
    ),
    Word("fails", "the command made no artefact", 0.0, good=True),
    Word("invalid", "the published schema of its kind refuses it", 0.0, good=True),
    Word("leaks", "a planted secret is in it", 0.0, good=True),
)
VALUES = {word.name: word.value for word in WORDS}
AGAIN = {"bytes": "same bytes", "members": "same members"}


def judge(attempt: Attempt, control: Attempt | None, pipeline: Pipeline) -> Verdict:  # noqa: ARG001 - the contract's
    """Judge an artefact by what was found in it, or an upgrade by what still ran."""
    early = common(attempt)
    if early is not None:
        return early
    if "package" in attempt.facts:
        return _judge_package(attempt)
    if "upgrade" in attempt.facts:
        return _judge_upgrade(attempt, control)
    return error(attempt, "nothing was made")


def samples(attempt: Attempt, pipeline: Pipeline) -> Iterable[Sample]:  # noqa: ARG001 - the contract's
    """Return seconds and size of an artefact that was made."""
    found = attempt.facts.get("package", {})
    if found.get("made"):
        for indicator, unit, value in (
            ("package_s", "s", found["seconds"]),
            ("package_size", "MB", found["bytes"] / MEGABYTE),
        ):
            yield Sample(attempt.cell, attempt.number, 0, indicator, unit, value)


def _judge_package(attempt: Attempt) -> Verdict:
    found = attempt.facts["package"]
    if not found["made"]:
        return Verdict(
            attempt.cell, "measured", "fails", f"it said last: {found['said'][-1]}", {"made": "fails"}
        )
    words = {"made": "made", **dict(_parts(found))}
    worst = "leaks" if found["secret"] else "invalid" if words.get("schema") == "invalid" else "made"
    sentence = f"{found['kind']} of {found['bytes']:,} bytes"
    if found["secret"]:
        sentence += f"; the secret is in {found['secret'][0]}"
    if found.get("wrong"):
        sentence += f"; {found['wrong'][0]}"
    return Verdict(attempt.cell, "measured", worst, sentence, words)


def _parts(found: dict[str, object]) -> Iterator[tuple[str, str]]:
    yield "secret", "leaks" if found["secret"] else "no secret"
    yield "version", "version" if found["version"] else "no version"
    if "wrong" in found:
        yield "schema", "invalid" if found["wrong"] else "valid"
    if "again" in found:
        yield "again", AGAIN.get(str(found["again"]), "differs")


def _judge_upgrade(attempt: Attempt, control: Attempt | None) -> Verdict:
    """Judge by how the three runs ended; a project that did not run before cannot break."""
    found = attempt.facts["upgrade"]
    if control is None:
        return error(attempt, NO_CONTROL)
    if not found["before"]["well"]:
        return error(attempt, f"the project does not run with the version before: {found['before']['how']}")
    if not found["after"]["well"]:
        why = f"it ended with {found['after']['how']}"
        return Verdict(attempt.cell, "measured", "breaks", why, {"upgrade": "breaks"})
    more = found["after"]["warnings"] > found["before"]["warnings"]
    word = "runs on" if found["back"]["well"] else "no way back"
    counts = f"{found['before']['warnings']} lines that warn before, {found['after']['warnings']} after"
    words = {"upgrade": word, "warnings": "warns" if more else "quiet"}
    return Verdict(attempt.cell, "measured", word, counts, words)
