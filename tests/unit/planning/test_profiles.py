"""Which profile each scenario is measured with."""

import pytest

from bench.errors import UsageError
from bench.planning import profiles
from bench.scenarios import find, load

SCENARIOS = {name: load(find(name)) for name in ("reference", "startup", "overhead")}


def test_one_profile_is_for_all_scenarios() -> None:
    """As most people ask for it."""
    assert profiles.by_scenario("quick", SCENARIOS) == dict.fromkeys(SCENARIOS, "quick")


def test_single_scenarios_may_have_another() -> None:
    """A look at everything, and intervals where they matter."""
    found = profiles.by_scenario("quick, startup=standard,overhead=thorough", SCENARIOS)
    assert found == {"reference": "quick", "startup": "standard", "overhead": "thorough"}


def test_the_profile_of_a_scenario_is_read_from_the_text_of_a_result_set() -> None:
    """The command that repeats a trial names it."""
    text = "quick,startup=standard"
    assert [profiles.of(text, name) for name in SCENARIOS] == ["quick", "standard", "quick"]


def test_a_mixed_profile_is_told_as_people_read_it() -> None:
    """On the scorecard."""
    assert profiles.told("quick") == "quick"
    assert profiles.told("quick,startup=standard,caching=thorough") == (
        "quick (startup standard, caching thorough)"
    )


def test_a_scenario_without_the_common_profile_is_left_out_and_no_mistake() -> None:
    """The smoke has not all scenarios."""
    assert profiles.by_scenario("smoke", SCENARIOS)["overhead"] == "smoke"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("standart", "unknown profile 'standart'; did you mean 'standard'?"),
        ("quick,startup=standart", "unknown profile 'standart'; did you mean 'standard'?"),
        ("quick,statup=standard", "'statup', which is no scenario asked for; did you mean 'startup'?"),
        ("quick,overhead=smoke", "the scenario 'overhead' has no profile 'smoke'"),
        ("startup=standard", "must name one profile for all scenarios"),
        ("quick,standard", "must name one profile for all scenarios"),
    ],
)
def test_a_mistake_is_told_with_what_there_is(text: str, message: str) -> None:
    """Before anything is run."""
    with pytest.raises(UsageError) as caught:
        profiles.by_scenario(text, SCENARIOS)
    assert message in str(caught.value)


def test_a_profile_that_no_scenario_has_is_refused() -> None:
    """Otherwise nothing would be run, and nobody would say so."""
    with pytest.raises(UsageError, match="no scenario asked for has the profile 'smoke'"):
        profiles.by_scenario("smoke", {"overhead": SCENARIOS["overhead"]})
