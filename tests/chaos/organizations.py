"""Organizations that commit action items, and whether Jira holds what they say."""

import random
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.jira import adf
from app.models import (
    ActionItem,
    CheckState,
    ConnectionState,
    IssueLink,
    JiraConnection,
    MatchState,
    Membership,
    Organization,
    Phase,
    Plan,
    ProjectMapping,
    Retrospective,
    Role,
    Team,
    User,
)
from app.services.grants import tokens
from app.services.outbound import links as outbound_links
from app.services.people import matches
from app.services.people.matches import Match
from demo.jira_cloud.catalog.accounts import ACCOUNTS as PEOPLE
from demo.jira_cloud.catalog.accounts import ENG, by_email
from demo.jira_cloud.catalog.sites import PROJECTS, issue_types
from tests.support.connected import ENG_CLOUD, Acme

ADMIN = "admin@acme.test"
ASSIGNEE = "member1@acme.test"
# An organization connects an account of its own: in Chicago, in Tokyo, and so on. What it has
# created fits on one page of a probe: a page more, and an issue that vanishes meanwhile could
# hide another.
ACCOUNTS = [
    person.email
    for person in PEOPLE.values()
    if person.active and ENG in person.sites and person.email
]
TOGETHER = 5  # action items of a small retrospective


def found_one(acme: Acme, number: int, items: int) -> list[Retrospective]:
    """A connected organization; its retrospectives, in Discuss.

    Every second one has all its items in one retrospective, so that Jira gets them in bulks.
    """
    organization = Organization(slug=f"storm-{number}", name=f"Storm {number}", plan=Plan.PRO)
    admin = db.session.scalars(select(User).filter_by(email=ADMIN)).one()
    team = Team(organization=organization, name="Team")
    together = items if number % 2 else TOGETHER
    retros = [_retrospective(team, first, together) for first in range(0, items, together)]
    db.session.add(Membership(organization=organization, user=admin, role=Role.ADMIN))
    db.session.add_all(retros)
    connection = _connection(acme, organization, ACCOUNTS[number % len(ACCOUNTS)])
    db.session.add(connection)
    db.session.flush()
    db.session.add(_mapping(organization, PROJECTS["acme-eng"][number % 2]))
    known = Match(MatchState.MATCHED, by_email(ASSIGNEE).id)
    matches.store(connection.id, _assignee_id(), known)
    db.session.commit()
    return retros


def edit(item: ActionItem, dice: random.Random) -> None:
    """Change one field, as somebody in the retrospective would."""
    match dice.choice(["title", "title", "description", "due date", "assignee"]):
        case "title":
            item.title = f"{item.title.split(' (')[0]} ({dice.randrange(1000)})"
        case "description":
            item.description = f"Because of {dice.randrange(1000)}"
        case "due date":
            item.due_on = date(2026, 12, 1) + timedelta(days=dice.randrange(28))
        case _:
            item.assignee_id = None if item.assignee_id else _assignee_id()
    outbound_links.item_edited(item)


def differences(issues: Iterable[dict[str, Any]], links: Iterable[IssueLink]) -> list[str]:
    """A sentence for each thing that is not as it should be, by the link ids in Jira."""
    by_link: dict[str, list[dict[str, Any]]] = {}
    for issue in issues:
        by_link.setdefault(issue["properties"]["unpack.action-item"]["link"], []).append(issue)
    found = []
    for link in links:
        own = by_link.pop(link.public_id, [])
        keys = [issue["key"] for issue in own]
        if [issue["id"] for issue in own] != [link.issue_id]:
            found.append(f"{link.action_item.title}: linked to {link.issue_key}, Jira has {keys}")
        else:
            found += _other_fields(link.action_item, own[0])
    return found + [f"nobody's: {issue['key']}" for own in by_link.values() for issue in own]


def _other_fields(item: ActionItem, issue: dict[str, Any]) -> list[str]:
    fields = issue["fields"]
    assignee = by_email(ASSIGNEE).id if item.assignee_id else None
    wanted = {
        "summary": item.title,
        "duedate": item.due_on.isoformat() if item.due_on else None,
        "assignee": assignee,
    }
    holds = {name: fields.get(name) for name in wanted}
    text = adf.text_of(fields["description"]) if fields.get("description") else ""
    if not text.startswith(item.description):
        holds["description"] = text
    return [] if holds == wanted else [f"{issue['key']} holds {holds} instead of {wanted}"]


def _retrospective(team: Team, first: int, count: int) -> Retrospective:
    retrospective = Retrospective(
        team=team, title=f"From {first} on", phase=Phase.DISCUSS, held_on=utcnow().date()
    )
    name = team.organization.name
    retrospective.action_items = [
        ActionItem(title=f"{name}, item {number}", description=f"No. {number}")
        for number in range(first, first + count)
    ]
    return retrospective


def _connection(acme: Acme, organization: Organization, account: str) -> JiraConnection:
    grant = acme.jira.control.issue_tokens(account)
    return JiraConnection(
        organization=organization,
        state=ConnectionState.CONNECTED,
        generation=1,
        cloud_id=ENG_CLOUD,
        site_url=acme.jira.url,
        site_name="Acme Engineering",
        account_id=by_email(account).id,
        connected_at=utcnow(),
        access_token=tokens.encrypt(grant["access_token"]),
        refresh_token=tokens.encrypt(grant["refresh_token"]),
        access_expires_at=utcnow() + timedelta(hours=1),
    )


def _mapping(organization: Organization, project: Any) -> ProjectMapping:
    kind = issue_types("acme-eng")["Task"]
    return ProjectMapping(
        organization_id=organization.id,
        cloud_id=ENG_CLOUD,
        project_id=project.id,
        project_key=project.key,
        project_name=project.name,
        issue_type_id=kind.id,
        issue_type_name=kind.name,
        check_state=CheckState.READY,
    )


def _assignee_id() -> int:
    return db.session.scalars(select(User.id).filter_by(email=ASSIGNEE)).one()
