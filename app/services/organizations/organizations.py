"""Organizations."""

import re

from sqlalchemy import select

from app.extensions import db
from app.models import Membership, Organization, Plan, Role, User
from app.services import audit
from app.services.errors import UnpackError
from app.services.organizations import organization_zones

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
    organization_zones.take_owners(owner)
    return organization


def rename(organization: Organization, name: str, by: User) -> None:
    """Call it otherwise. Its address stays, so that links into it do."""
    before, organization.name = organization.name, " ".join(name.split())
    if organization.name != before:
        audit.record(
            organization, by, "organization-renamed", before=before, after=organization.name
        )
