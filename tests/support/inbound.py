"""What the tests of two-way status arrange: a connection that hears of its issues."""

from app.clock import utcnow
from app.drain import claiming, drain_lease
from app.extensions import db
from app.identifiers import new_public_id
from app.jira.types import CreatedIssue
from app.models import (
    IssueLink,
    JiraSettings,
    MatchState,
    Operation,
    SyncEntry,
    User,
    WebhookDelivery,
)
from app.services.outbound import claims, record
from app.services.outbound.recording import recording
from app.services.people import matches as people_matches
from app.services.people.matches import Match
from app.services.work import leases
from demo.jira_cloud.catalog.accounts import by_email
from tests.support.claims import SCREEN, plan
from tests.support.connected import SERVICE, Acme

_FIELDS = ("summary", "description", "assignee", "duedate")


def listening(acme: Acme, **take_over: bool) -> None:
    """Switch webhooks on for five synced links; `take_over`: title, assignee, due_date.

    The issues and rows are what a push of the items leaves behind, without its dozen requests.
    """
    settings = settings_of(acme)
    settings.webhooks_enabled = True
    for name, on in take_over.items():
        setattr(settings, f"take_over_{name}", on)
    acme.commit_items()
    team = acme.retrospective.team.team_members
    matches = {each.user_id: _found(acme, each.user) for each in team}
    lease = drain_lease.take(acme.connection.id)
    assert lease
    db.session.commit()
    claimed = claiming.claim(lease).claims
    db.session.commit()
    with recording(lease, {claim.link_id for claim in claimed}) as held:
        for claim in claims.by_link(claimed):
            planned = plan(claim, SCREEN, matches.get(claim.desired.assignee_id or 0))
            assert planned.draft
            sent = {name: value for name, value in planned.draft.fields.items() if name in _FIELDS}
            issue = acme.jira.control.create_issue("PLAT", actor=SERVICE, **sent)
            success = record.Success(
                operation=Operation.CREATE,
                snapshot=planned.snapshot,
                assignee_note=planned.assignee_note,
                change_number=claim.change_number,
                issue=CreatedIssue(issue["id"], issue["key"]),
            )
            record.succeeded(held, held.links[claim.link_id], success, None)
    db.session.commit()
    leases.release(lease)
    db.session.commit()
    acme.jira.control.clear_requests()


def _found(acme: Acme, member: User) -> Match:
    """What a look-up finds of the member."""
    match = Match(MatchState.NONE, None)
    if member.email != "member2@acme.test":
        match = Match(MatchState.MATCHED, by_email(member.email).id)
    people_matches.store(acme.connection.id, member.id, match)
    return match


def settings_of(acme: Acme) -> JiraSettings:
    organization = acme.organization
    row = db.session.query(JiraSettings).filter_by(organization_id=organization.id).one_or_none()
    if row is None:
        row = JiraSettings(organization_id=organization.id)
        db.session.add(row)
    return row


def deliver(acme: Acme, *links: IssueLink, **values: object) -> list[WebhookDelivery]:
    """Store a delivery for each link's issue, as the receiver does."""
    rows = [
        WebhookDelivery(
            connection_id=acme.connection.id,
            identifier=new_public_id(),
            event="jira:issue_updated",
            **{"issue_id": link.issue_id, "received_at": utcnow(), **values},
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
