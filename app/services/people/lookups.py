"""Looking members up in Jira, one after the other, within the refresh of the metadata.

One member is one request and one short transaction: the engine stores matches at the same time, and
whoever held several rows at once could wait for the other for ever.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, or_, select

from app.clock import utcnow
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraRefused
from app.models import (
    ActionItem,
    JiraConnection,
    JiraPerson,
    MatchState,
    Membership,
    User,
    WorkKind,
)
from app.services.grants import clients
from app.services.people import late_matches, matches
from app.services.people.matches import Match

# "Browse users and groups", which is a global permission (jira-platform.md §2.8).
BROWSE_USERS = "USER_PICKER"


@dataclass(frozen=True)
class WantedPerson:
    """Look up one member among the people that can be assigned in a project."""

    project_key: str
    user_id: int
    email: str


@dataclass(frozen=True)
class SeenPerson:
    """What the look-up showed; `refused` is Jira's refusal as a sentence, and then no match."""

    user_id: int
    match: Match | None
    refused: str | None = None


def next_wanted(connection: JiraConnection) -> WantedPerson | None:
    """The next member to look up. With none left, nobody waits any longer."""
    work = connection.works[WorkKind.PEOPLE]
    if work.due_at is None:
        return None
    project_key = searched_project(connection)
    member = _next_unknown(connection) if project_key else None
    if project_key is None or member is None:
        work.due_at = None
        db.session.flush()
        return None
    return WantedPerson(project_key, member.id, member.email)


def look(client: JiraClient, wanted: WantedPerson) -> SeenPerson:
    """Ask Jira for the member's account (jira-platform.md §2.8). A refusal is an answer too: asking
    again would be refused again. Raises the other errors of `app.jira`."""
    try:
        return SeenPerson(wanted.user_id, find(client, wanted.project_key, wanted.email))
    except JiraRefused as error:
        return SeenPerson(wanted.user_id, None, clients.sentence_of(error))


def find(client: JiraClient, project_key: str, email: str) -> Match:
    """Ask Jira whose `email` is among the people that can be assigned in a project, and where it
    is nobody's, why: up to three requests. Raises the errors of `app.jira`."""
    assignable = client.assignable_people(project_key, email)
    match = matches.match(assignable, email)
    if match.state is not MatchState.NONE:
        return match
    people = [*assignable, *client.people(email)]
    may_search = bool(people) or client.permissions([BROWSE_USERS])[BROWSE_USERS]
    return matches.unmatched(people, email, may_search=may_search)


def record(connection: JiraConnection, seen: SeenPerson) -> None:
    """Write down what was found; a refusal ends the looking until somebody asks again."""
    if seen.match is None:
        work = connection.works[WorkKind.PEOPLE]
        work.due_at, work.error = None, seen.refused
    else:
        matches.store(connection.id, seen.user_id, seen.match)
        late_matches.follow(connection.id, seen.user_id)


def searched_project(connection: JiraConnection) -> str | None:
    """The key of the project that must be able to assign people: the default, or any mapped."""
    return next((mapping.project_key for mapping in connection.mappings), None)


def _owns_open_items() -> ColumnElement[bool]:
    """Somebody may be looking at what becomes of these; everybody else can wait."""
    return exists().where(
        ActionItem.assignee_id == User.id,
        ActionItem.deleted_at.is_(None),
        ActionItem.completed_at.is_(None),
    )


def _next_unknown(connection: JiraConnection) -> User | None:
    found = and_(JiraPerson.user_id == User.id, JiraPerson.connection_id == connection.id)
    return db.session.scalar(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .outerjoin(JiraPerson, found)
        .where(
            Membership.organization_id == connection.organization_id,
            or_(
                JiraPerson.id.is_(None),
                and_(
                    JiraPerson.picked.is_(False),
                    JiraPerson.found_at <= utcnow() - matches.KEPT,
                ),
            ),
        )
        .order_by(_owns_open_items().desc(), User.name, User.id)
        .limit(1)
    )
