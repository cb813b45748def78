"""Rows for tests, with as little said as the test needs. Each is flushed; nothing is committed."""

from datetime import date
from itertools import count
from typing import Any, TypeVar

from app.extensions import db
from app.models import (
    ActionItem,
    AuditEvent,
    Invitation,
    Membership,
    Organization,
    Phase,
    Plan,
    Retrospective,
    Role,
    Team,
    TeamMember,
    User,
)
from app.services.organizations import accounts, invitations, passwords
from app.services.sign_in import hashing

PASSWORD = "unpack-demo"
FAST_HASH = "scrypt:1024:8:1"

Row = TypeVar("Row")
_numbers = count(1)


def user(email: str | None = None, name: str = "Ada Byron") -> User:
    """Somebody who can sign in with `PASSWORD`."""
    address = email or f"person{next(_numbers)}@example.test"
    person = accounts.create_user(address, name)
    passwords.keep(person, hashing.make(PASSWORD, FAST_HASH))
    return person


def organization(owner: User | None = None, plan: Plan = Plan.PRO, **fields: Any) -> Organization:
    number = next(_numbers)
    row = Organization(
        **{"name": f"Organization {number}", "slug": f"organization-{number}", **fields}, plan=plan
    )
    row.memberships.append(Membership(user=owner or user(), role=Role.OWNER))
    return _added(row)


def member(of: Organization, who: User | None = None, role: Role = Role.MEMBER) -> User:
    """Somebody who is a member of the organization."""
    person = who or user()
    _added(Membership(organization=of, user=person, role=role))
    return person


def invitation(of: Organization, by: User, email: str = "nora@acme.test") -> Invitation:
    return invitations.invite(of, email=email, role=Role.MEMBER, team_ids=[], by=by)


def team(of: Organization, name: str | None = None) -> Team:
    return _added(Team(organization=of, name=name or f"Team {next(_numbers)}"))


def team_member(of: Team, who: User, *, facilitator: bool = False) -> TeamMember:
    return _added(TeamMember(team=of, user=who, facilitator=facilitator))


def retrospective(of: Team, phase: Phase = Phase.DISCUSS, **fields: Any) -> Retrospective:
    values = {"title": f"Sprint {next(_numbers)}", "held_on": date(2026, 11, 19), **fields}
    return _added(Retrospective(team=of, phase=phase, **values))


def action_item(of: Retrospective, title: str = "Fix the build", **fields: Any) -> ActionItem:
    return _added(ActionItem(retrospective=of, title=title, **fields))


def settings_saved(
    of: Organization, by: User, before: dict[str, list[str]], after: dict[str, list[str]]
) -> AuditEvent:
    """The record of a choice of projects and types, by slot."""
    rest = {"overrides": False, "returning": {}}
    details = {"before": rest | {"choices": before}, "after": rest | {"choices": after}}
    action = "jira.settings-saved"
    return _added(AuditEvent(organization_id=of.id, user=by, action=action, details=details))


def _added(row: Row) -> Row:
    db.session.add(row)
    db.session.flush()
    return row
