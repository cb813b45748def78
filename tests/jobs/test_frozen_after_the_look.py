"""A process that is frozen between the last look and the request sends nothing when it wakes."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.drain import pushing

FROZEN = timedelta(seconds=150)  # longer than the lease, so that another has created meanwhile


@pytest.mark.both_databases
def test_it_wakes_too_late_to_create(acme, drain, monkeypatch):
    acme.commit_items()
    stamp = pushing.fence.stamp

    with time_machine.travel(utcnow(), tick=True) as clock:

        def stamp_and_freeze(*arguments):
            stamped = stamp(*arguments)
            clock.shift(FROZEN)
            return stamped

        monkeypatch.setattr(pushing.fence, "stamp", stamp_and_freeze)
        drain()

        assert acme.issues() == []
        monkeypatch.setattr(pushing.fence, "stamp", stamp)
        clock.shift(timedelta(minutes=2))
        drain()
        clock.shift(timedelta(minutes=2))
        drain()
    assert len(acme.issues()) == 5
