"""Asks Jira for what the rows say is wanted of its metadata."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.clock import utcnow
from app.jira.client import JiraClient
from app.jira.errors import JiraRefused, JiraUnavailable
from app.jira.types import ActiveSprint, AllowedValue, Field, IssueType, Project, Site, Status
from app.services.grants import clients, verdicts
from app.services.grants.tokens import AccessToken
from app.services.mapping import checks
from app.services.metadata.owed import Wanted, WantedProject, WantedProjects, WantedSprints
from app.services.people import lookups
from app.services.people.lookups import SeenPerson, WantedPerson
from app.services.work.leases import Lease

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ProjectList:
    """Every project that the account sees, and the ids of those where it may create.

    site: what the site is called by now. resolutions: those of the site; None where Jira does not
    tell them.
    """

    projects: Sequence[Project]
    creatable: frozenset[str]
    asked_at: datetime
    site: Site | None = None
    resolutions: Sequence[AllowedValue] | None = None


@dataclass(frozen=True)
class SeenProject:
    """What a look at one project showed. `fields` by issue type id, as far as they were read, and
    the `statuses` that issues of a type can have. `parents` by their ids: the category of their
    status; None where the account sees no such issue."""

    permissions: Mapping[str, bool]
    types: Sequence[IssueType]
    fields: Mapping[str, Sequence[Field]]
    asked_at: datetime
    archived: bool = False
    statuses: Mapping[str, Sequence[Status]] = field(default_factory=dict)
    parents: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class SeenSprints:
    """The active sprints of a project; none where Jira refuses to look for them. None where it did
    not answer."""

    project_id: str
    sprints: Sequence[ActiveSprint] | None


Answer = ProjectList | SeenProject | SeenPerson | SeenSprints


def read(lease: Lease, wanted: Wanted) -> Answer:
    """Ask Jira. No transaction may be open. Raises the errors of `app.jira`."""
    return verdicts.ask(lease.connection_id, lambda token: _read(token, wanted))


def _read(token: AccessToken, wanted: Wanted) -> Answer:
    client = clients.client_for(token)
    try:
        if isinstance(wanted, WantedProjects):
            return replace(_project_list(client), site=_site(token))
        if isinstance(wanted, WantedPerson):
            return lookups.look(client, wanted)
        if isinstance(wanted, WantedSprints):
            return SeenSprints(wanted.project_id, _sprints(token, client, wanted))
        return _seen_project(client, wanted)
    finally:
        client.close()


def _sprints(
    token: AccessToken, client: JiraClient, wanted: WantedSprints
) -> Sequence[ActiveSprint] | None:
    """A refusal is an answer, too: asking again would be refused again. Without an answer all else
    goes on, as the creates ask themselves."""
    try:
        return client.active_sprints(wanted.project_id, wanted.field_id)
    except JiraRefused:
        return ()
    except JiraUnavailable as error:
        facts = {"connection_id": token.connection_id, "error": str(error)}
        log.warning("sprints not read", extra=facts)
        return None


def _project_list(client: JiraClient) -> ProjectList:
    asked_at = utcnow()
    projects = client.projects()
    creatable = client.projects(action="create")
    ids = frozenset(project.id for project in creatable)
    return ProjectList(projects, ids, asked_at, resolutions=_resolutions(client))


def _resolutions(client: JiraClient) -> list[AllowedValue] | None:
    """Without them none can be chosen, and all else goes on."""
    try:
        return client.resolutions()
    except JiraRefused:
        return None


def _site(token: AccessToken) -> Site | None:
    listed = clients.oauth().sites(token.value)
    return next((site for site in listed if site.cloud_id == token.cloud_id), None)


def _seen_project(client: JiraClient, wanted: WantedProject) -> SeenProject:
    asked_at = utcnow()
    permissions = client.permissions(checks.PERMISSIONS, project_id=wanted.project_id)
    if not (permissions[checks.BROWSE] and permissions[checks.CREATE]):
        archived = permissions[checks.BROWSE] and client.project(wanted.project_id).archived
        return SeenProject(permissions, (), {}, asked_at, archived)
    types = client.issue_types(wanted.project_id)
    fields = {
        issue_type.id: client.fields(wanted.project_id, issue_type.id)
        for issue_type in types
        if _matters(issue_type, wanted)
    }
    statuses = _statuses(client, wanted.project_id)
    parents = _parents(client, wanted.parent_ids)
    return SeenProject(permissions, types, fields, asked_at, statuses=statuses, parents=parents)


def _parents(client: JiraClient, ids: Collection[str]) -> dict[str, str | None]:
    """Jira leaves out what is gone without a word; a status without a category is not done."""
    if not ids:
        return {}
    found = client.bulk_fetch(ids, ["status"])
    seen = {issue.id: issue.status_category or "" for issue in found}
    return {each: seen.get(each) for each in ids if each not in found.unreadable}


def _statuses(client: JiraClient, project_id: str) -> dict[str, list[Status]]:
    """Whoever may create there and see none of them chooses none."""
    try:
        return client.statuses(project_id)
    except JiraRefused:
        return {}


def _matters(issue_type: IssueType, wanted: WantedProject) -> bool:
    if issue_type.hierarchy_level > 0:
        return False
    return wanted.type_ids is None or issue_type.id in wanted.type_ids
