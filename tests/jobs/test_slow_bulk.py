"""A bulk whose answer takes long: what was created is read back all the same."""

from datetime import timedelta

import time_machine
from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.jira.client import JiraClient
from app.models import ActionItem, LinkState, Outcome, SyncAttempt

# Longer than a request may take to leave, shorter than Jira may take to answer it.
LONG = timedelta(seconds=14)


def test_its_keys_are_stored_and_the_log_tells_of_its_answer(acme, drain, monkeypatch):
    """Found by the simulator, seed 1087967244: nobody read back, so nothing was known of it."""
    for number in range(8):
        db.session.add(ActionItem(retrospective=acme.retrospective, title=f"Item {number}"))
    acme.commit_items()
    create = JiraClient.create_issues

    with time_machine.travel(utcnow(), tick=False) as clock:

        def create_slowly(*arguments):
            created = create(*arguments)
            clock.shift(LONG)
            return created

        monkeypatch.setattr(JiraClient, "create_issues", create_slowly)
        drain()

    assert len(acme.jira.control.requests("create_bulk")) == 2
    assert {link.state for link in acme.links} == {LinkState.SYNCED}
    told = db.session.scalars(select(SyncAttempt.outcome)).all()
    assert told == [Outcome.SUCCEEDED] * 13
