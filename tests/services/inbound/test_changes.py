"""The pure decision: what an issue, as read, means for its action item. One row, one case."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.jira.types import Issue
from app.models import CompletedIn, LinkState
from app.services.inbound.changes import Absence, Change, Known, change_of, disappears

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LAST = NOW - timedelta(minutes=10)
CHANGED = NOW - timedelta(minutes=1)
SOON = timedelta(seconds=2)

OPEN = Known(LinkState.SYNCED, "PLAT-1", "new", LAST, complete=False, completed_in=None)
DONE = replace(OPEN, category="done")  # a person opened the item again
BY_JIRA = replace(DONE, complete=True, completed_in=CompletedIn.JIRA)
BY_PERSON = replace(OPEN, complete=True, completed_in=CompletedIn.UNPACK)


def issue(category: str | None, changed: datetime | None = CHANGED, **facts: object) -> Issue:
    values = {"key": "PLAT-1", "updated": CHANGED, "status_changed": changed, **facts}
    return Issue(id="1", status_category=category, **values)


@pytest.mark.parametrize(
    ("known", "read", "expected"),
    [
        (OPEN, issue("done"), Change(completes_at=CHANGED)),
        (OPEN, issue("done", None), Change(completes_at=NOW)),
        (OPEN, issue("done", NOW + timedelta(hours=1)), Change(completes_at=NOW)),
        (OPEN, issue("indeterminate"), Change()),
        (OPEN, issue("undefined"), Change()),
        (OPEN, issue(None), Change()),
        (replace(OPEN, category=None), issue("done"), Change(completes_at=CHANGED)),
        (replace(OPEN, category=None), issue("new"), Change()),
        (replace(OPEN, category=None, updated=None), issue("done"), Change(completes_at=CHANGED)),
        (BY_JIRA, issue("new"), Change(reopens=True)),
        (BY_JIRA, issue("undefined"), Change(reopens=True)),
        (BY_JIRA, issue("done"), Change()),
        (BY_JIRA, issue(None), Change()),
        (BY_PERSON, issue("done"), Change()),
        (replace(BY_PERSON, category="done"), issue("new"), Change()),
        # What a person opened again stays open while the issue is only touched …
        (DONE, issue("done", LAST - timedelta(minutes=5)), Change()),
        (DONE, issue("done", LAST), Change()),
        (DONE, issue("done", LAST + timedelta(milliseconds=20)), Change()),
        (DONE, issue("done", None), Change()),
        (DONE, issue("new"), Change()),
        # … until it leaves done and comes back, even between two reads.
        (DONE, issue("done", CHANGED), Change(completes_at=CHANGED)),
        # Nobody has read it: that it was done was our own transition, and this is another.
        (replace(DONE, updated=None), issue("done"), Change(completes_at=CHANGED)),
        (replace(DONE, updated=None), issue("done", None), Change()),
        # What changed in Jira before a person opened it again, and is only heard of now.
        (replace(DONE, opened_at=CHANGED), issue("done"), Change()),
        (replace(OPEN, opened_at=NOW), issue("done"), Change()),
        (replace(OPEN, opened_at=NOW), issue("done", None), Change(completes_at=NOW)),
        (replace(OPEN, opened_at=CHANGED - SOON), issue("done"), Change(completes_at=CHANGED)),
        # Our clock was wrong when it was opened.
        (replace(OPEN, opened_at=NOW + SOON), issue("done"), Change(completes_at=CHANGED)),
        (OPEN, issue("done", updated=LAST - timedelta(seconds=1)), Change(late=True)),
        (OPEN, issue("done", updated=LAST), Change(completes_at=CHANGED)),
        (OPEN, issue("done", updated=None), Change(completes_at=CHANGED)),
        (OPEN, issue("new", key="MOB-7"), Change(moved_to="MOB-7")),
        (OPEN, issue("done", key="MOB-7"), Change(completes_at=CHANGED, moved_to="MOB-7")),
        (replace(OPEN, state=LinkState.UNSEEN), issue("new"), Change(reappears=True)),
        (replace(OPEN, state=LinkState.DELETED), issue("new"), Change(reappears=True)),
        (replace(OPEN, state=LinkState.ERROR), issue("new"), Change()),
    ],
)
def test_a_change_is_acted_on_and_a_state_alone_is_not(known, read, expected):
    assert change_of(known, read, NOW) == expected


@pytest.mark.parametrize(
    ("state", "absence", "news"),
    [
        (LinkState.SYNCED, Absence.DELETED, True),
        (LinkState.ERROR, Absence.UNSEEN, True),
        (LinkState.UNSEEN, Absence.DELETED, True),
        (LinkState.UNSEEN, Absence.UNSEEN, False),
        (LinkState.DELETED, Absence.DELETED, False),
        (LinkState.DELETED, Absence.UNSEEN, False),
    ],
)
def test_an_absence_is_told_once(state, absence, news):
    assert disappears(replace(OPEN, state=state), absence) is news
