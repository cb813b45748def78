"""What people do in a run is what the product lets them do."""

from tests.simulation import people
from tests.simulation.world import new_world


def test_a_form_that_is_refused_is_no_crash() -> None:
    """On another site the team's project is to be chosen first."""
    with new_world("refused", customers=1, webhooks=True) as world:
        for number, kind in enumerate(["connect_elsewhere", "take_over"], 1):
            people.act(world, number, kind)
            world.scheduler.run_until(number * 600.0)

        assert [str(each) for each in world.broken] == []
        assert any("could not take_over: SettingsInvalid" in line for line in world.history)
