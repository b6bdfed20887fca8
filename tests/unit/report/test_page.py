"""The parts of the page that are computed for it alone: indicators, timelines, what was left out, commands."""

import re
import shlex
from pathlib import Path

import pytest
from msgspec.structs import replace

from bench.contract.records import BodyRun, Check, Command, Ended
from bench.planning.request import RunRequest
from bench.report import html, markdown
from bench.report.criteria_view import asked, unasked
from bench.report.how_measured import LEFT_OUT, interim_checks, newest, released, repeated, skipped
from bench.report.numbers import chance, weight
from bench.report.page_data import view_of
from bench.report.reading_text import said
from bench.report.timelines import timelines
from bench.report.trial_list import Commands, bodies
from bench.scoring.criteria import Criterion, Indicator
from bench.scoring.readings import Reading
from bench.store.result_set import Store
from tests.unit.facts import attempt, run, target, trial
from tests.unit.readings import said as words
from tests.unit.readings import timed
from tests.unit.report.test_view import blocks, view

SECOND = 1_000_000_000


def test_readings_are_told_in_a_few_words() -> None:
    """Medians with their unit, words with how often they were said, and what failed."""
    failed = Reading("failed", "it crashed")
    assert said([timed(1.0, 3.0, 2.0)], "s") == "2.00 s"
    assert said([timed(1.0, float("nan"), 2.0)], "s") == "1.50 s"
    assert said([timed(float(n)) for n in range(1, 6)], "count") == "1; 2; 3; and 2 more"
    assert said([words("stale")], None) == "stale"
    assert said([words("stale"), words("right hit"), words("stale"), failed], None) == (
        "stale (2), right hit (1), failed (1)"
    )
    assert said([Reading("missing", "not run")], None) == ""


def test_an_indicator_shows_what_was_found_of_each_target(tmp_path: Path) -> None:
    """Measured with a link to its table; what is missing with its reason."""
    shown = view(tmp_path, *blocks(6, control=1.0, quick=2.0, slow=4.0))
    assert shown.scored is not None
    names = [one.name for one in shown.scored.criteria.criteria]
    first, *_ = asked(shown, names.index("startup time"))
    assert first.indicator.id == "first-body"
    assert first.scale == "1 at 0.1 s, 0 at 30 s, by the logarithm between"
    quick, slow = first.found
    assert (quick.kind, quick.text, quick.link) == ("measured", "1.02 s", "t-startup-hello-first-body")
    assert quick.low > slow.low
    assert first.lacking == {"was not part of this result set": (0, 1)}
    missing = asked(shown, names.index("caching"))[0].found[0]
    assert (missing.kind, missing.low, missing.high) == ("missing", 0.0, 1.0)


def test_a_family_without_an_indicator_is_named_with_its_share() -> None:
    """It is missing for all, and that is said."""
    criterion = Criterion(
        name="c",
        families={"had": 3.0, "not yet": 1.0},
        indicators=(Indicator(id="i", why="a test", family="had"),),
    )
    assert [(one.family, one.share) for one in unasked(criterion)] == [("not yet", 0.25)]


def test_a_timeline_has_each_phase_and_each_body(tmp_path: Path) -> None:
    """In seconds from the start of the command; all targets on the scale of the longest."""
    shown = view(tmp_path, *blocks(1, control=1.0, quick=4.0))
    control, quick = timelines(shown)
    assert (quick.target, quick.scenario, quick.case) == ("quick[local]", "startup", "hello")
    assert quick.end == control.end == 4.0
    assert [(line.name, line.stage, round(line.seconds, 3)) for line in quick.lines] == [
        ("begin", True, 0.0),
        ("finish", True, 0.0),
        ("until the command ends", False, 2.0),
        ("until all processes end", False, 0.0),
    ]
    assert quick.anchor == "c-quick-startup-hello-0-1-0"


def test_a_timeline_keeps_every_call_of_a_stage(tmp_path: Path) -> None:
    """A mapped stage has a bar for each item, and one that did not end has none."""
    calls = [
        BodyRun(stage="begin", pid=1, thread=n, start=n * SECOND, end=None if n == 3 else (n + 1) * SECOND)
        for n in range(4)
    ]
    calls.append(BodyRun(stage="finish", pid=1, thread=1, start=5 * SECOND, end=6 * SECOND))
    (shown,) = timelines(view(tmp_path, attempt(trial("control"), run(8.0, bodies=tuple(calls)))))
    line = next(line for line in shown.lines if line.stage)
    assert [(bar.begin, bar.end) for bar in line.bars] == [(0.0, 1.0), (1.0, 2.0), (2.0, 3.0)]


def test_a_run_that_failed_is_no_timeline(tmp_path: Path) -> None:
    """Nor is the A/A check's."""
    bad = attempt(trial("quick"), run(ended=Ended(exit_code=1)))
    aa_check = attempt(trial("aa", order=2), run())
    shown = view(tmp_path, *blocks(1, control=1.0), bad, aa_check)
    assert [one.target for one in timelines(shown)] == ["control[local]"]


def test_what_was_not_attempted_is_told_once_for_each_reason(tmp_path: Path) -> None:
    """With all cases and targets that it holds for."""
    from bench.contract.records import Declared

    said_so = Declared(outcome="not attempted", reason="there is no cluster here")
    lacking = [attempt(trial(tool, order=9), declared=said_so, runs=()) for tool in ("quick", "slow")]
    (one,) = skipped(view(tmp_path, *blocks(1, control=1.0), *lacking))
    assert one.outcome == "not attempted"
    assert "there is no cluster here" in one.reason
    assert one.cases == {"quick[local]": ("startup/hello",), "slow[local]": ("startup/hello",)}


def test_the_newest_release_is_told_only_where_it_was_recorded(tmp_path: Path) -> None:
    """With the day on which it was asked for, whether it is what was measured, and how much older this is."""
    manifest = view(tmp_path, *blocks(1, control=1.0)).manifest
    fields = {name: getattr(manifest, name) for name in manifest.__struct_fields__}
    told = {"newest": "2.1", "made": "2026-03-02T03:04:05+00:00", "newest_released": "2026-02-28"}
    made = {
        "quick": {**told, "newest_released": None},
        "dated": {**told, "released": "2026-01-30"},
        "fixed": {**told, "released": "2026-03-01"},
        "slow": {"newest": None},
        "control": {**told, "released": "2026-01-30"},
    }
    manifest = type(manifest)(**{**fields, "environments": made})
    quick = target("quick")
    measured = [
        replace(quick, version="2.1"),
        replace(quick, version="2.0"),
        replace(target("dated"), version="2.0"),
        replace(target("fixed"), version="1.9.7"),
        target("slow"),
        target("none"),
    ]
    assert [newest(manifest, one) for one in measured] == [
        "this one; asked on 2026-03-02",
        "2.1, which was not measured; asked on 2026-03-02",
        "2.1 of 2026-02-28, 29 days after this one; asked on 2026-03-02",
        "2.1 of 2026-02-28, 1 day before this one; asked on 2026-03-02",
        "not known",
        "not known",
    ]
    assert [released(manifest, one) for one in measured[2:5]] == [
        "2.0 of 2026-01-30",
        "1.9.7 of 2026-03-01",
        measured[4].version,
    ]
    control = replace(target("control"), version="3.11.7")
    assert (released(manifest, control), newest(manifest, control)) == ("3.11.7", "no tool")


def test_looks_are_gathered_by_what_was_said_of_them(tmp_path: Path) -> None:
    """Other checks are told one by one."""
    view(tmp_path, *blocks(1, control=1.0))
    store = Store(tmp_path)
    for case in ("hello", "fanout"):
        detail = "stopped after 6 blocks: sure enough"
        store.append(
            Check(scope="suite", subject=f"startup/{case}", kind="interim check", ok=True, detail=detail)
        )
    store.append(Check(scope="environment", subject="x", kind="environment", ok=True, detail="quiet"))
    detail = "stopped after 10 blocks: looked at again by a resumed run"
    store.append(
        Check(scope="suite", subject="startup/hello", kind="interim check", ok=True, detail=detail)
    )
    assert interim_checks(view_of(store)) == {
        "stopped after 6 blocks: sure enough": ("startup/hello", "startup/fanout")
    }


def test_the_whole_is_repeated_by_what_was_asked_for_at_first(tmp_path: Path) -> None:
    """Where it was resumed, the last command line says nothing of that."""
    manifest = view(tmp_path, *blocks(1, control=1.0)).manifest
    wish = RunRequest("all", ("startup", "caching"), "standard", ("my/tool",), None, 3, 2, ("body",))
    resumed = replace(manifest, argv=("run", "--resume"), request=wish.as_json())
    assert shlex.join(repeated(resumed)) == (
        "bench run --tool all --scenario startup,caching --case body --adapter my/tool --profile standard --seed 3"
    )
    assert repeated(replace(manifest, argv=("run", "--plan"), request={})) == ("bench", "run", "--plan")


def test_what_the_plan_has_for_other_targets_alone_is_not_attempted(tmp_path: Path) -> None:
    """It is in the list with its reason, so that nobody takes it for a gap of the page."""
    more = attempt(trial("quick", order=9, case="fanout"))
    measured = view(tmp_path, *blocks(1, control=1.0, quick=2.0, slow=3.0), more)
    (one,) = skipped(measured)
    assert (one.outcome, one.reason) == ("not attempted", LEFT_OUT)
    assert one.cases == {"slow[local]": ("startup/fanout",)}


def test_each_different_command_has_one_number() -> None:
    """With its folder and variables, as one would type it."""
    commands = Commands()
    one = Command(argv=("tool", "run", "a b"), cwd="<sandbox>", env={"HOME": "/x y"})
    numbers = [commands.number(each) for each in (one, Command(argv=("other",), cwd="/"), one)]
    assert numbers == [1, 2, 1]
    assert commands.texts == ("cd <sandbox>\nHOME='/x y' tool run 'a b'", "cd /\nother")


def test_bodies_are_told_with_how_often_and_how_they_ended() -> None:
    """A run without the tracer says nothing of them."""
    calls = [("a", 1, None), ("b", 1, None), ("b", 1, None), ("c", 1, "ValueError"), ("d", None, None)]
    found = run(
        bodies=tuple(BodyRun(stage=s, pid=1, thread=1, start=0, end=end, error=e) for s, end, e in calls)
    )
    assert bodies(found) == "a, b 2 times, c (ValueError), d (did not end)"
    assert bodies(run(traced=False, bodies=())) == "not traced"


@pytest.mark.parametrize(
    ("value", "text"), [(3.0, "3"), (0.5, "0.5"), (0.376, "0.38"), (10.0, "10"), (0.0, "0")]
)
def test_a_weight_has_as_many_digits_as_it_needs(value: float, text: str) -> None:
    """As in the page's own script."""
    assert weight(value) == text


def test_every_link_of_the_page_has_its_place_once(tmp_path: Path) -> None:
    """With answers of the checklist, failures and several targets."""
    bad = attempt(trial("slow", 7, order=99), run(ended=Ended(exit_code=1)))
    page = html.text(view(tmp_path, *blocks(6, control=1.0, quick=2.0, slow=3.0), bad))
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.0, "·"), (0.001, "<1%"), (0.125, "12%"), (0.996, ">99%"), (1.0, "100%")],
)
def test_what_nearly_never_happens_is_not_called_never(share: float, shown: str) -> None:
    """Nor what nearly always does, always."""
    assert chance(share) == shown


def test_what_lacks_evidence_of_every_target_is_named_once_and_not_in_rows(tmp_path: Path) -> None:
    """A table of a look at everything would mostly say that there is no evidence."""
    shown = view(tmp_path, *blocks(1, control=1.0, quick=2.0))
    assert shown.scored is not None
    names = [one.name for one in shown.scored.criteria.criteria]
    bare = [one.indicator.id for one in asked(shown, names.index("caching")) if one.bare]
    assert "rightly" in bare
    page = html.text(shown)
    assert re.search(r"No evidence of any target, 100% of the criterion: [^<]*rightly", page)
    assert '<th scope="row">rightly' not in page


def test_a_mixed_profile_is_told_and_each_trial_is_repeated_with_its_own(tmp_path: Path) -> None:
    """A result set keeps the text that was typed."""
    view(tmp_path, *blocks(1, control=1.0, quick=2.0))
    store = Store(tmp_path)
    store.create(replace(store.read_manifest(), profile="quick,startup=standard"))
    shown = view_of(store)
    page = html.text(shown)
    assert "profile quick (startup standard)</p>" in page
    assert "--case hello --profile standard" in page
    assert "with profile *quick (startup standard)* on" in markdown.text(shown)
