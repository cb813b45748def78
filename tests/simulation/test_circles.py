"""The two smallest circles hold, and what is broken in them on purpose is found."""

import pytest
from hypothesis import Phase
from hypothesis.stateful import run_state_machine_as_test

from tests.simulation.circles import Circle, GrantAndLeases, LinkLife, RuleBroken, settings_for
from tests.simulation.planted import planted

EXAMPLES = 12
MOST_EXAMPLES = 60


@pytest.mark.parametrize("circle", [LinkLife, GrantAndLeases])
def test_whatever_happens_no_rule_is_broken(circle: type[Circle]) -> None:
    run_state_machine_as_test(circle, settings=settings_for(EXAMPLES))


@pytest.mark.parametrize(
    ("circle", "fault", "rules"),
    [
        (LinkLife, "no stamp", "waits|one-issue"),
        (LinkLife, "tries are not told", "log-tells"),
        (GrantAndLeases, "two refreshes", "one-refresh"),
        (GrantAndLeases, "lease for everybody", "one-drain|log-tells"),
    ],
)
def test_what_is_planted_is_found(circle: type[Circle], fault: str, rules: str) -> None:
    """It ends with the first example that shows it, which is not made smaller here."""
    first = settings_for(MOST_EXAMPLES, phases=[Phase.generate], report_multiple_bugs=False)

    with planted(fault), pytest.raises(RuleBroken, match=f"broken: ({rules})"):
        run_state_machine_as_test(circle, settings=first)
