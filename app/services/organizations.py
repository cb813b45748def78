"""Organizations and their plans."""

import re

from sqlalchemy import select

from app.extensions import db
from app.models import JiraConnection, Membership, Organization, Plan, Role, User
from app.queue import ring_after_commit
from app.services import audit, webhooks
from app.services.errors import UnpackError

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class SlugTaken(UnpackError):
    sentence = "Another organization already has this address."


class SlugUnreadable(UnpackError):
    sentence = "An address has small letters, digits and single hyphens, 60 at most."


def find_by_slug(slug: str) -> Organization | None:
    """The organization with that slug, whoever asks: not for the web."""
    return db.session.scalar(select(Organization).where(Organization.slug == slug))


def create_organization(name: str, slug: str, owner: User, plan: Plan = Plan.FREE) -> Organization:
    """Add an organization with its Owner. Raises `SlugTaken`, `SlugUnreadable`."""
    if len(slug) > 60 or not _SLUG.fullmatch(slug):
        raise SlugUnreadable
    if find_by_slug(slug) is not None:
        raise SlugTaken
    organization = Organization(name=" ".join(name.split()), slug=slug, plan=plan)
    organization.memberships.append(Membership(user=owner, role=Role.OWNER))
    db.session.add(organization)
    db.session.flush()
    return organization


def change_plan(organization: Organization, plan: Plan, by: User) -> None:
    """Put the organization on `plan`.

    Free holds everything of Jira and deletes nothing; a paid plan lets go of what was held.
    """
    if plan is organization.plan:
        return
    audit.record(organization, by, "plan-changed", before=organization.plan, after=plan)
    organization.plan = plan
    db.session.flush()
    connection = db.session.scalar(
        select(JiraConnection).where(JiraConnection.organization_id == organization.id)
    )
    if connection is not None and connection.holds_grant and plan.includes_jira:
        ring_after_commit(connection.id)
        webhooks.owe_upkeep(connection)
