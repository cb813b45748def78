"""Brings the database up to date, and prints a one-time link for an Owner who cannot sign in yet.

Its answer is what it writes to standard output: links stand in no log.
"""

import os
import re
import sys

import flask_migrate
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app import create_app
from app.extensions import db
from app.models import Membership, Organization, Plan, Role, User
from app.services.errors import UnpackError
from app.services.organizations import accounts, one_time_links, organizations
from config import ConfigurationError

NOBODY = (
    "Nobody can sign in yet. Say who is the first Owner, and of what: "
    'make serve OWNER=you@example.com ORGANIZATION="Example"'
)


class NobodyYet(Exception):
    """There is no Owner, and nobody has said who it shall be."""


def main() -> int:
    """0; 1 with one sentence."""
    try:
        with create_app().app_context():
            flask_migrate.upgrade()
            links = [link_of(owner) for owner in owners_without_a_password()]
            db.session.commit()
    except UnpackError as error:
        print(error.sentence, file=sys.stderr)
        return 1
    except (ConfigurationError, DBAPIError, NobodyYet) as error:
        print(str(error).splitlines()[0], file=sys.stderr)
        return 1
    print("\n".join(links))
    return 0


def owners_without_a_password() -> list[User]:
    """Owners who have chosen no password yet. Adds the first one, with the organization, if there
    is none.

    Raises `NobodyYet`, or what an address or a name is refused for. Flushes.
    """
    if db.session.scalar(select(Organization.id).limit(1)) is None:
        _add_first(os.environ.get("OWNER", ""), os.environ.get("ORGANIZATION", ""))
    waiting = select(User).join(Membership).where(
        Membership.role == Role.OWNER, User.password_chosen_at.is_(None), User.password_hash == ""
    )  # fmt: skip
    return list(db.session.scalars(waiting.order_by(User.id)).unique())


def link_of(owner: User) -> str:
    """A line with the address and a new link, for an hour. Flushes."""
    return f"{owner.email}: {one_time_links.for_password(owner)}"


def _add_first(email: str, organization: str) -> None:
    if not (email and organization.strip()):
        raise NobodyYet(NOBODY)
    name = os.environ.get("OWNER_NAME") or email.partition("@")[0]
    owner = accounts.find_by_email(email) or accounts.create_user(email, name)
    # Only these plans have Jira, and on one's own machine nobody pays for them.
    slug = re.sub(r"[^a-z0-9]+", "-", organization.lower()).strip("-")[:60].rstrip("-")
    organizations.create_organization(organization, slug or "organization", owner, Plan.ENTERPRISE)


if __name__ == "__main__":
    sys.exit(main())
