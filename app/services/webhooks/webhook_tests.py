"""*Send test*: a property of a linked issue, and whether Jira reports it (jira-platform.md §5).

A job writes it, the receiver of deliveries notes that it was reported, the page watches.
Each connection keeps its newest test only.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from app import queue
from app.clock import utcnow
from app.extensions import db
from app.jira import deliveries
from app.jira.errors import JiraError, JiraUnauthorized
from app.models import (
    ActionItem,
    IssueLink,
    JiraConnection,
    LinkState,
    Webhook,
    WebhookState,
    WebhookTest,
)
from app.models.obstacles import Obstacle, obstacle
from app.services.errors import PlanWithoutJira, UnpackError
from app.services.grants import clients, verdicts
from app.services.grants.tokens import AccessToken
from app.services.transactions import rows_changed

# The issue property that is written, and for how long a person watches for its report.
PROPERTY_KEY = "unpack.webhook-test"
PATIENCE = timedelta(seconds=60)
LONGEST_ANSWER = 20.0  # seconds
_HELD_BY = {
    Obstacle.PLAN: PlanWithoutJira.sentence,
    Obstacle.CONNECTION: "Jira needs to be reconnected first.",
    Obstacle.HOLD: (
        "Unpack was restored from a backup, and changes nothing in Jira until that is settled. "
        "Whoever runs it lets it go."
    ),
    Obstacle.SUSPENSION: "Syncing is paused. Send the test again once it is resumed.",
    Obstacle.PAUSE: "Jira asked us to slow down. Send the test again in a while.",
}

log = logging.getLogger(__name__)


class OtherSite(UnpackError):
    sentence = "Another site was connected meanwhile. Send the test again."


@dataclass(frozen=True)
class ClaimedTest:
    """A test that is about to be sent, and on which issue. `name`: what the property says."""

    test_id: int
    name: str
    connection_id: int
    cloud_id: str
    issue_id: str
    issue_key: str


def request(connection: JiraConnection) -> WebhookTest:
    """Begin a test, or return the one that is under way. Where none can be sent, it says why.

    Takes the connection's row: two requests at once are one test.
    """
    db.session.refresh(connection, with_for_update={"of": JiraConnection})
    now = utcnow()
    latest = newest(connection.id)
    if latest is not None and is_under_way(latest, now):
        return latest
    db.session.execute(delete(WebhookTest).where(WebhookTest.connection_id == connection.id))
    error = _why_not(connection, now)
    link = None if error else _newest_link(connection)
    if error is None and link is None:
        error = (
            "No action item has an issue on this site yet. Commit a retrospective first, or choose "
            "Sync to Jira on an action item."
        )
    test = WebhookTest(connection_id=connection.id, requested_at=now, link=link, error=error)
    db.session.add(test)
    db.session.flush()
    if error is None:
        queue.ring_after_commit(connection.id, queue.SEND_WEBHOOK_TEST)
    return test


def newest(connection_id: int) -> WebhookTest | None:
    """The connection's test, if there ever was one."""
    return db.session.scalar(
        select(WebhookTest)
        .where(WebhookTest.connection_id == connection_id)
        .order_by(WebhookTest.id.desc())
        .limit(1)
    )


def is_under_way(test: WebhookTest, now: datetime) -> bool:
    """Whether somebody may still be watching for the test's delivery at `now` (aware UTC)."""
    over = test.delivered_at is not None or test.error is not None
    return not over and now - test.requested_at < PATIENCE


def name_of(test: WebhookTest) -> str:
    """What tells the test from every other: ids may come again when rows are deleted."""
    return f"{test.id}-{test.requested_at.timestamp():.6f}"


def delivered(connection_id: int, name: str, now: datetime) -> bool:
    """Jira reported the test of that name at `now` (aware UTC): whether it was waited for."""
    test = newest(connection_id)
    if test is None or test.delivered_at is not None or test.written_at is None:
        return False
    if name_of(test) != name:
        return False
    test.delivered_at = now
    db.session.flush()
    return True


def owed_connections(now: datetime) -> list[int]:
    """The ids of connections with a test that nobody has sent yet; for the ticker."""
    owed = select(WebhookTest.connection_id).where(
        WebhookTest.requested_at > now - PATIENCE,
        WebhookTest.written_at.is_(None),
        WebhookTest.error.is_(None),
    )
    return list(db.session.scalars(owed.distinct()))


def claim(connection_id: int, now: datetime) -> ClaimedTest | None:
    """Take the connection's test, at `now` (aware UTC), so that it is sent once.

    None on hold and while syncing is suspended. To be committed before `send`: Jira may report the
    test before it has answered.
    """
    test = newest(connection_id)
    if test is None or test.link is None or not is_under_way(test, now):
        return None
    connection = db.session.get_one(JiraConnection, connection_id, populate_existing=True)
    held_by = obstacle(connection, now)
    if held_by in {Obstacle.HOLD, Obstacle.SUSPENSION}:
        _fail(test.id, _HELD_BY[held_by])
        return None
    is_first = rows_changed(
        db.session,
        update(WebhookTest)
        .where(WebhookTest.id == test.id, WebhookTest.written_at.is_(None))
        .values(written_at=now),
    )
    link = test.link
    if not is_first or link.issue_id is None or link.cloud_id is None:
        return None
    key = link.issue_key or "the issue"
    name = name_of(test)
    return ClaimedTest(test.id, name, connection_id, link.cloud_id, link.issue_id, key)


def send(test: ClaimedTest) -> str | None:
    """Write the property in Jira; returns why that failed, a sentence. No transaction may be open.

    The value is another one each time: an unchanged property is no event.

    https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-properties/
    """
    try:
        verdicts.ask(test.connection_id, lambda token: _write(token, test), looks=False)
    except OtherSite as other:
        return other.sentence
    except JiraUnauthorized:
        return "Unpack’s access to Jira has ended. Reconnect, then send the test again."
    except JiraError as error:
        log.warning(
            "webhook test not written",
            extra={"connection_id": test.connection_id, "error": str(error)},
        )
        if error.status == 404:
            return f"Jira does not show {test.issue_key} to the connected account any more."
        return f"{test.issue_key} could not be marked. {clients.sentence_of(error)}"
    return None


def record_failure(test: ClaimedTest, sentence: str) -> None:
    """Say on the test why it was not sent, unless Jira has reported it all the same."""
    _fail(test.test_id, sentence)


def _fail(test_id: int, sentence: str) -> None:
    db.session.execute(
        update(WebhookTest)
        .where(WebhookTest.id == test_id, WebhookTest.delivered_at.is_(None))
        .values(error=sentence)
    )


def _write(token: AccessToken, test: ClaimedTest) -> None:
    if token.cloud_id != test.cloud_id:
        raise OtherSite
    client = clients.client_for(token, LONGEST_ANSWER)
    try:
        value = deliveries.test_value(test.name, test.issue_id)
        client.set_issue_property(test.issue_id, PROPERTY_KEY, value)
    finally:
        client.close()


def _why_not(connection: JiraConnection, now: datetime) -> str | None:
    settings = connection.organization.settings
    if settings is None or not settings.webhooks_enabled:
        return "Jira webhooks are not enabled. Switch them on and save, then send the test."
    if (held_by := obstacle(connection, now)) is not None:
        return _HELD_BY[held_by]
    if not _is_registered(connection, now):
        return "Our webhook is not registered in Jira yet, so there is nothing to test."
    return None


def _is_registered(connection: JiraConnection, now: datetime) -> bool:
    found = select(Webhook.id).where(
        Webhook.connection_id == connection.id,
        Webhook.cloud_id == connection.cloud_id,
        Webhook.state == WebhookState.ACTIVE,
        Webhook.expires_at > now,
    )
    return db.session.scalar(found.limit(1)) is not None


def _newest_link(connection: JiraConnection) -> IssueLink | None:
    """The newest action item's issue on the connected site that the account can see."""
    return db.session.scalar(
        select(IssueLink)
        .join(IssueLink.action_item)
        .where(
            IssueLink.connection_id == connection.id,
            IssueLink.cloud_id == connection.cloud_id,
            IssueLink.active,
            IssueLink.issue_id.is_not(None),
            IssueLink.state.not_in([LinkState.DELETED, LinkState.UNSEEN]),
            ~ActionItem.let_go,
        )
        .order_by(IssueLink.id.desc())
        .limit(1)
    )
