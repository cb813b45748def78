"""Look at a project where Jira refused something: may the account, and is it all still there?

Jira's refusals do not say it: a screen whose type is gone is a 404 like that of a project, and an
archived project refuses like a missing permission (design.md §4).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from app.drain.current import Current
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraRefused
from app.services.grants import pauses
from app.services.outbound.claims import Claim

PERMISSIONS = ("CREATE_ISSUES", "BROWSE_PROJECTS", "EDIT_ISSUES")

log = logging.getLogger(__name__)

_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class SeenPlace:
    """What the look showed. permissions: None where Jira did not say."""

    permissions: dict[str, bool] | None = None
    archived: bool = False
    type_gone: bool = False


UNSEEN = SeenPlace()


def seen(
    current: Current, client: JiraClient, claim: Claim, *, for_screen: bool = False
) -> SeenPlace:
    """Look at the claim's project; each question is asked once a drain. No row may be held.

    for_screen: the create screen could not be read, so that its type may be what is gone.
    """
    project_id = claim.project_id if claim.issue_id else None
    if claim.place is not None:  # it may have moved since it was created
        project_id = claim.place.project_id
    if claim.issue_id is None and claim.target is not None:
        project_id = claim.target.project_id
    if project_id is None:
        return UNSEEN
    permissions = _permissions(current, client, project_id)
    if permissions is None or not permissions.get("BROWSE_PROJECTS"):
        return SeenPlace(permissions)
    needed = "EDIT_ISSUES" if claim.issue_id else "CREATE_ISSUES"
    if not permissions.get(needed):
        return SeenPlace(permissions, archived=_archived(current, client, project_id))
    if not for_screen or claim.target is None:
        return SeenPlace(permissions)
    types = _types(current, client, project_id)
    gone = types is not None and claim.target.issue_type_id not in types
    return SeenPlace(permissions, type_gone=gone)


def _permissions(current: Current, client: JiraClient, project_id: str) -> dict[str, bool] | None:
    def ask() -> dict[str, bool]:
        try:
            return client.permissions(PERMISSIONS, project_id=project_id)
        except JiraRefused:
            return {}  # a project that cannot be seen is refused, not answered with "no"

    return _once(current, current.permissions, project_id, ask)


def _archived(current: Current, client: JiraClient, project_id: str) -> bool:
    found = _once(
        current, current.archived, project_id, lambda: client.project(project_id).archived
    )
    return bool(found)


def _types(current: Current, client: JiraClient, project_id: str) -> frozenset[str] | None:
    def ask() -> frozenset[str]:
        return frozenset(each.id for each in client.issue_types(project_id))

    return _once(current, current.types, project_id, ask)


def _once(
    current: Current, known: dict[str, _Answer], project_id: str, ask: Callable[[], _Answer]
) -> _Answer | None:
    """The answer, asked for unless it is known; None where Jira gave none."""
    if project_id not in known:
        db.session.commit()
        try:
            known[project_id] = ask()
        except JiraError as error:
            pauses.pause_if_asked(current.lease.connection_id, error)
            log.warning("project not looked at", extra=current.ids(error=str(error)))
            return None
    return known[project_id]
