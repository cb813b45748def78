"""Acme of the sample with Jira connected, as rows: what the web tests arrange."""

from typing import Any

from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    ConnectionState,
    IssueLink,
    JiraConnection,
    LinkState,
    Membership,
    Organization,
    Phase,
    Plan,
    ProjectMapping,
    Retrospective,
    Suspension,
    Team,
    User,
    WorkKind,
)

SITE = "https://acme-eng.atlassian.net"


def acme() -> Organization:
    return db.session.scalars(select(Organization).filter_by(slug="acme")).one()


def team(name: str = "Platform") -> Team:
    return db.session.scalars(select(Team).filter_by(name=name)).one()


def person(name: str) -> User:
    return db.session.scalars(select(User).where(User.name.startswith(name))).one()


def sprint_14(phase: Phase = Phase.DISCUSS) -> Retrospective:
    """Platform's retrospective with its five action items, in `phase`."""
    retrospective = db.session.scalars(select(Retrospective).filter_by(title="Sprint 14 Retro"))
    found = retrospective.one()
    found.phase = phase
    return found


def items() -> list[ActionItem]:
    return list(db.session.scalars(select(ActionItem).order_by(ActionItem.id)))


def connect(state: ConnectionState = ConnectionState.CONNECTED) -> JiraConnection:
    connection = JiraConnection(
        organization=acme(),
        state=state,
        cloud_id="cloud-1",
        site_url=SITE,
        site_name="acme-eng",
        account_id="service",
        account_name="Unpack Service",
        connected_at=utcnow(),
    )
    connection.works[WorkKind.NOTICES].due_at = utcnow() if connection.in_trouble else None
    db.session.add(connection)
    db.session.flush()
    return connection


def choose_project() -> ProjectMapping:
    mapping = ProjectMapping(
        organization_id=acme().id,
        cloud_id="cloud-1",
        project_id="10001",
        project_key="PLAT",
        project_name="Platform Engineering",
        issue_type_id="10101",
        issue_type_name="Task",
    )
    db.session.add(mapping)
    db.session.flush()
    return mapping


def connect_and_choose() -> JiraConnection:
    connection = connect()
    choose_project()
    return connection


def suspend(connection: JiraConnection, reason: str = "PLAT is moved") -> Suspension:
    """Adam pauses syncing."""
    connection.suspension = Suspension(since=utcnow(), by=person("Adam"), reason=reason)
    db.session.flush()
    return connection.suspension


def link(item: ActionItem, state: LinkState = LinkState.SYNCED, **values: Any) -> IssueLink:
    """An active link; one that has an issue unless `key` is given as None."""
    key = values.pop("key", "PLAT-142")
    connection = db.session.scalars(select(JiraConnection)).one()
    row = IssueLink(action_item=item, connection=connection, state=state, **values)
    if key:
        row.issue_key, row.issue_id = key, f"1{item.id:04}"
        row.cloud_id, row.site_url = connection.cloud_id, connection.site_url
    db.session.add(row)
    db.session.flush()
    return row


def links_of(item: ActionItem) -> list[IssueLink]:
    db.session.expire_all()
    query = select(IssueLink).filter_by(action_item_id=item.id).order_by(IssueLink.id)
    return list(db.session.scalars(query))


def make_free() -> None:
    acme().plan = Plan.FREE


def membership(name: str) -> Membership:
    """Somebody's in Acme, as the database has it now."""
    db.session.expire_all()
    rows = db.session.query(Membership)
    return rows.filter_by(organization_id=acme().id, user_id=person(name).id).one()


def facilitators(name: str = "Platform") -> list[str]:
    """Who facilitates a team of Acme's, as the database has it now."""
    db.session.expire_all()
    return sorted(row.user.name for row in team(name).team_members if row.facilitator)
