"""The doors to the machine, as the simulator has them."""

from types import SimpleNamespace
from typing import Any

from tests.simulation.doors import OurClock


def test_only_who_asks_for_the_time_of_day_gives_way() -> None:
    """The other clock is asked under the lock of a connection, too: whoever ran then and wanted the
    connection would wait for ever."""
    paused: list[float] = []
    scheduler: Any = SimpleNamespace(
        current=SimpleNamespace(in_transaction=False), now=5.0, pause=paused.append
    )
    dice: Any = SimpleNamespace(random=lambda: 0.0)
    clock = OurClock(scheduler, dice)

    assert (clock.monotonic(), paused) == (5.0, [])
    clock.utcnow()
    assert len(paused) == 1
