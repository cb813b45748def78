"""What the ids in the record are called now. What is gone keeps its id: it stays findable."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select, tuple_

from app.extensions import db
from app.models import (
    ActionItem,
    AuditEvent,
    JiraConnection,
    JiraIssueType,
    JiraPerson,
    JiraProject,
    Organization,
    ProjectMapping,
    User,
)
from app.services.history.changed_fields import Chosen, changes_of
from app.services.settings.drafts import Choice
from app.services.settings.status_choices import COMPLETED, NOTHING_CHOSEN, RESOLUTION


@dataclass(frozen=True)
class Names:
    """Names by id; `types` by project and type, `accounts` of people in Jira by their account."""

    people: Mapping[int, str]
    teams: Mapping[int, str]
    items: Mapping[int, str]
    projects: Mapping[str, str]
    types: Mapping[tuple[str, str], str]
    accounts: Mapping[str, str]
    statuses: Mapping[str, str] = field(default_factory=dict)
    resolutions: Mapping[str, str] = field(default_factory=dict)

    def person(self, user_id: int) -> str:
        return self.people.get(user_id, f"person {user_id}")

    def team(self, team_id: int) -> str:
        return self.teams.get(team_id, f"team {team_id}")

    def item(self, item_id: int) -> str:
        return f"“{self.items[item_id]}”" if item_id in self.items else f"action item {item_id}"

    def choice(self, choice: Choice, none: str) -> str:
        """ "PLAT · Platform Engineering, Task", or `none`."""
        if not choice.syncs:
            return "Do not sync"
        if not choice.project_id:
            return none
        return f"{self.project(choice)}, {self.issue_type(choice)}"

    def project(self, choice: Choice) -> str:
        return self.projects.get(choice.project_id, f"project {choice.project_id}")

    def issue_type(self, choice: Choice) -> str:
        if not choice.issue_type_id:
            return "no issue type"
        pair = (choice.project_id, choice.issue_type_id)
        return self.types.get(pair, f"issue type {choice.issue_type_id}")

    def status(self, status_id: str) -> str:
        if not status_id:
            return NOTHING_CHOSEN[COMPLETED]
        return self.statuses.get(status_id, f"status {status_id}")

    def resolution(self, resolution_id: str) -> str:
        if not resolution_id:
            return NOTHING_CHOSEN[RESOLUTION]
        return self.resolutions.get(resolution_id, f"resolution {resolution_id}")

    def account(self, account_id: str | None) -> str:
        return self.accounts.get(account_id, f"account {account_id}") if account_id else "None"


def names_for(organization: Organization, events: Iterable[AuditEvent]) -> Names:
    """The names that `events` of the organization need, in one query for each kind of row."""
    events = list(events)
    pairs = {pair for event in events for pair in _pairs(event)}
    connection = organization.connection
    projects, types = _saved(organization)
    if connection is not None:
        projects |= _projects(connection, {project_id for project_id, _ in pairs})
        types |= _types(connection, pairs)
    return Names(
        people=_people({user_id for event in events for user_id in _persons(event)}),
        teams={team.id: team.name for team in organization.teams},
        items=_items({event.details.get("action_item") for event in events}),
        projects=projects,
        types=types,
        accounts=_accounts(organization),
        statuses=_statuses(organization, connection),
        resolutions=_resolutions(organization, connection),
    )


def _persons(event: AuditEvent) -> Iterable[int | None]:
    yield event.details.get("member")
    yield event.details.get("to")
    if event.action == "ownership-transferred":
        yield event.details.get("before")


def _pairs(event: AuditEvent) -> Iterable[tuple[str, str]]:
    if event.action != "jira.settings-saved":
        return
    for change in changes_of(event.details):
        if isinstance(change, Chosen):
            for choice in (change.before, change.after):
                yield choice.project_id, choice.issue_type_id


def _saved(organization: Organization) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """From mappings, which keep their names also where Jira has the project no more."""
    rows = db.session.scalars(
        select(ProjectMapping).where(ProjectMapping.organization_id == organization.id)
    ).all()
    return (
        {row.project_id: f"{row.project_key} · {row.project_name}" for row in rows},
        {(row.project_id, row.issue_type_id): row.issue_type_name for row in rows},
    )


def _projects(connection: JiraConnection, ids: set[str]) -> dict[str, str]:
    rows = db.session.scalars(
        select(JiraProject).where(
            JiraProject.connection_id == connection.id, JiraProject.project_id.in_(ids)
        )
    )
    return {row.project_id: f"{row.key} · {row.name}" for row in rows}


def _types(connection: JiraConnection, pairs: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    wanted = tuple_(JiraIssueType.project_id, JiraIssueType.issue_type_id).in_(pairs)
    rows = db.session.scalars(
        select(JiraIssueType).where(JiraIssueType.connection_id == connection.id, wanted)
    )
    return {(row.project_id, row.issue_type_id): row.name for row in rows}


def _statuses(organization: Organization, connection: JiraConnection | None) -> dict[str, str]:
    """Of the projects that action items go to, and those that are chosen."""
    mappings = db.session.scalars(
        select(ProjectMapping).where(ProjectMapping.organization_id == organization.id)
    ).all()
    found: dict[str, str] = {}
    if connection is not None:
        listed = select(JiraIssueType.statuses).where(
            JiraIssueType.connection_id == connection.id,
            JiraIssueType.project_id.in_({row.project_id for row in mappings}),
            JiraIssueType.statuses.is_not(None),
        )
        for statuses in db.session.scalars(listed):
            found |= {each["id"]: each["name"] for each in statuses or ()}
    for row in mappings:
        found |= {row.completed_status_id or "": row.completed_status_name or ""}
        found |= {row.reopened_status_id or "": row.reopened_status_name or ""}
    return found


def _resolutions(organization: Organization, connection: JiraConnection | None) -> dict[str, str]:
    """Those of the site, and those that are chosen."""
    chosen = select(
        ProjectMapping.completed_resolution_id, ProjectMapping.completed_resolution_name
    ).where(
        ProjectMapping.organization_id == organization.id,
        ProjectMapping.completed_resolution_id.is_not(None),
    )
    found = {known: name or known for known, name in db.session.execute(chosen) if known}
    listed = connection.resolutions if connection is not None else None
    return found | {each["id"]: each["name"] for each in listed or ()}


def _people(ids: set[int | None]) -> dict[int, str]:
    found = select(User).where(User.id.in_(ids - {None}))
    return {user.id: user.name for user in db.session.scalars(found)}


def _items(ids: set[int | None]) -> dict[int, str]:
    found = select(ActionItem).where(ActionItem.id.in_(ids - {None}))
    return {item.id: item.title for item in db.session.scalars(found)}


def _accounts(organization: Organization) -> dict[str, str]:
    """As far as anything still remembers them: the record keeps ids alone."""
    connection, settings = organization.connection, organization.settings
    found: dict[str, str] = {}
    if connection is not None:
        rows = select(JiraPerson.account_id, JiraPerson.account_name).where(
            JiraPerson.connection_id == connection.id, JiraPerson.account_id.is_not(None)
        )
        found = {known: name for known, name in db.session.execute(rows) if known and name}
    if settings is not None and settings.unmatched_account_id and settings.unmatched_account_name:
        found[settings.unmatched_account_id] = settings.unmatched_account_name
    return found
