"""What the tests of two-way status arrange: a connection that hears of its issues."""

from app.extensions import db
from app.models import (
    IssueLink,
    JiraSettings,
    Operation,
    SyncEntry,
    WebhookDelivery,
    new_public_id,
    utcnow,
)
from tests.support.connected import Acme


def listening(acme: Acme, drain, **take_over: bool) -> None:
    """Commit the action items and switch webhooks on; `take_over`: title, assignee, due_date."""
    settings = settings_of(acme)
    settings.webhooks_enabled = True
    for name, on in take_over.items():
        setattr(settings, f"take_over_{name}", on)
    acme.commit_items()
    drain()
    acme.jira.control.clear_requests()


def settings_of(acme: Acme) -> JiraSettings:
    organization = acme.organization
    row = db.session.query(JiraSettings).filter_by(organization_id=organization.id).one_or_none()
    if row is None:
        row = JiraSettings(organization_id=organization.id)
        db.session.add(row)
    return row


def told(acme: Acme, *links: IssueLink, **values: object) -> list[WebhookDelivery]:
    """Store a delivery for each link's issue, as the receiver does."""
    rows = [
        WebhookDelivery(
            connection_id=acme.connection.id,
            identifier=new_public_id(),
            event="jira:issue_updated",
            issue_id=link.issue_id,
            **{"received_at": utcnow(), **values},
        )
        for link in links
    ]
    db.session.add_all(rows)
    db.session.commit()
    return rows


def unapplied() -> int:
    return db.session.query(WebhookDelivery).filter_by(applied_at=None).count()


def log_of(link: IssueLink) -> list[Operation]:
    """What came back, oldest first."""
    rows = db.session.query(SyncEntry).filter_by(issue_link_id=link.id).order_by(SyncEntry.id)
    return [row.operation for row in rows if row.operation.returns]
