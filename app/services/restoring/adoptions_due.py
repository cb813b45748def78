"""Whose site is to be searched for what a restored database has forgotten, and for what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, Adoption, IssueLink, JiraConnection, JiraProject, ProjectMapping
from app.models.obstacles import may_ask
from app.services.outbound import duplicates
from app.services.work.leases import Lease


@dataclass(frozen=True)
class Search:
    """What is looked for: issues that these accounts created since, or that these projects got.

    since: until when the restored database knows what happened (aware UTC). projects: ids of all
    that are known; needed: those without whose sight nothing can be said, with their keys.
    waiting: by issue id the links with edits that were waiting when the backup was made.
    """

    since: datetime
    accounts: tuple[str, ...]
    projects: tuple[str, ...]
    needed: dict[str, str]
    waiting: dict[str, int]


def due_adoptions(selected: Select[Any], now: datetime) -> Select[Any]:
    """Narrow a SELECT over JiraConnection to those on hold whose site is to be searched now."""
    return (
        selected.join(JiraConnection.organization)
        .join(Adoption, Adoption.connection_id == JiraConnection.id)
        .where(
            JiraConnection.on_hold,
            Adoption.next_look_at <= now,
            or_(
                Adoption.finished_at.is_(None),
                Adoption.generation.is_distinct_from(JiraConnection.generation),
            ),
            *may_ask(now),
        )
    )


def search_of(lease: Lease) -> Search | None:
    """The search that is due for the lease's connection, if one is."""
    own = select(Adoption.restored_until).select_from(JiraConnection)
    since = db.session.scalar(
        due_adoptions(own, utcnow()).where(
            JiraConnection.id == lease.connection_id,
            JiraConnection.generation == lease.generation,
        )
    )
    if since is None:
        return None
    needed = _needed_projects(lease)
    return Search(
        since=since,
        accounts=tuple(duplicates.accounts_of(lease)),
        projects=tuple(sorted(needed.keys() | _projects_of_links(lease))),
        needed=needed,
        waiting=_waiting_edits(lease),
    )


def _needed_projects(lease: Lease) -> dict[str, str]:
    """Where action items go, and where creates may have gone that the database knows no end of."""
    mapped = select(ProjectMapping).where(ProjectMapping.is_on_site_of(lease))
    listed = select(JiraProject).where(JiraProject.connection_id == lease.connection_id)
    mapped_keys = {row.project_id: row.project_key for row in db.session.scalars(mapped)}
    keys = {row.project_id: row.key for row in db.session.scalars(listed)}
    return {each: keys.get(each, each) for each in _projects_of_unsettled(lease)} | mapped_keys


def _projects_of_unsettled(lease: Lease) -> set[str]:
    found = (
        select(IssueLink.stamped_project_id)
        .where(
            IssueLink.connection_id == lease.connection_id,
            IssueLink.stamped_cloud_id == lease.cloud_id,
            IssueLink.issue_id.is_(None),
            IssueLink.active,
        )
        .distinct()
    )
    return set(filter(None, db.session.scalars(found)))


def _projects_of_links(lease: Lease) -> set[str]:
    found: set[str | None] = set()
    for column in (IssueLink.stamped_project_id, IssueLink.issue_project_id):
        projects = select(column).where(
            IssueLink.connection_id == lease.connection_id, IssueLink.cloud_id == lease.cloud_id
        )
        found |= set(db.session.scalars(projects.distinct()))
    return {each for each in found if each}


def _waiting_edits(lease: Lease) -> dict[str, int]:
    """Not those of somebody who edited after the restore."""
    found = db.session.execute(
        select(IssueLink.issue_id, IssueLink.id)
        .join(IssueLink.action_item)
        .join(IssueLink.connection)
        .where(
            IssueLink.connection_id == lease.connection_id,
            IssueLink.active,
            IssueLink.cloud_id == lease.cloud_id,
            IssueLink.issue_id.is_not(None),
            IssueLink.due_at.is_not(None),
            IssueLink.due_since <= JiraConnection.on_hold_since,
            ~ActionItem.let_go,
        )
    )
    return {issue_id: link_id for issue_id, link_id in found if issue_id}
