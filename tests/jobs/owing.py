"""Issues that owe a status: what people do here, and what Jira then is and was asked."""

from app.extensions import db
from app.models import IssueLink, Operation, OwedStatus, ProjectMapping, SyncEntry
from app.services.retrospectives import action_items
from tests.support.connected import Acme
from tests.support.inbound import deliver, listening


def choose(
    *,
    completed: str | None = "10002",
    reopened: str | None = None,
    resolution: str | None = None,
) -> None:
    """By the stand-in's ids: 10000 is To Do, 10002 Done; the resolution 10001 is Won't Do."""
    for mapping in db.session.query(ProjectMapping):
        mapping.completed_resolution_id = resolution
        mapping.completed_status_id, mapping.completed_status_name = completed, "Done"
        mapping.reopened_status_id, mapping.reopened_status_name = reopened, "To Do"
    db.session.commit()


def complete(acme: Acme, link: IssueLink) -> None:
    action_items.complete(link.action_item, acme.retrospective.facilitator)
    db.session.commit()


def reopen(acme: Acme, link: IssueLink) -> None:
    action_items.reopen(link.action_item, acme.retrospective.facilitator)
    db.session.commit()


def owed(link: IssueLink) -> OwedStatus:
    db.session.expire_all()
    return db.session.get_one(OwedStatus, link.id)


def asked(acme: Acme) -> list[str]:
    """What Jira was asked since."""
    return [each["operation"] for each in acme.jira.control.requests()]


def in_jira(acme: Acme, link: IssueLink) -> str:
    return acme.jira.control.issue(link.issue_key)["status"]


def lines(link: IssueLink) -> list[SyncEntry]:
    found = db.session.query(SyncEntry).filter_by(
        issue_link_id=link.id, operation=Operation.TRANSITION
    )
    return found.order_by(SyncEntry.id).all()


def listened(acme: Acme) -> IssueLink:
    listening(acme)
    choose(reopened="10000")
    return acme.links[0]


def echo(acme: Acme, link: IssueLink, drain) -> None:
    """Jira tells of the issue."""
    deliver(acme, link)
    acme.jira.control.clear_requests()
    drain()
