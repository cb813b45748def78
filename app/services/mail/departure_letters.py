"""What is written when somebody has left: to who got something, and to who looks after the rest."""

from flask import current_app
from sqlalchemy import select

from app.extensions import db
from app.models import ActionItem, Mail, Organization, Team, User
from app.services.departures import legacies
from app.services.labels import plural
from app.services.mail import preferences
from app.services.mail.content import Content
from app.services.organizations import accounts, permissions, teams


def recipients(mail: Mail) -> list[str]:
    """The person that it belongs to, unless they declined the kind."""
    if mail.user is None or mail.kind in preferences.declined_by(mail.user):
        return []
    return [mail.user.email]


def handed_over(mail: Mail) -> Content | None:
    """What of it is the person's now, open, and theirs to see; None when nothing is."""
    items = [item for item in _items(mail) if mail.user and _is_theirs(item, mail.user)]
    if not items:
        return None
    organization = items[0].retrospective.team.organization
    return Content(
        subject=f"{organization.name}: {plural(len(items), 'action item')} of yours from now on",
        context={"organization": organization, "items": items, "base": _base()},
    )


def member_left(mail: Mail) -> Content | None:
    """Who left, how much stays with them, and which teams nobody facilitates; None when the reader
    no longer looks after the organization, or the person is back."""
    organization_id, user_id, *team_ids = mail.row_ids
    organization = db.session.get(Organization, organization_id)
    person = db.session.get(User, user_id)
    if organization is None or person is None or mail.user is None:
        return None
    if not permissions.administers(mail.user, organization):
        return None
    if permissions.membership_in(person, organization.id) is not None:
        return None
    alone = select(Team).where(Team.id.in_(team_ids), Team.organization_id == organization.id)
    left = legacies.open_items(person.id, organization.id).with_only_columns(ActionItem.id)
    return Content(
        subject=f"{person.name} has left {organization.name}",
        context={
            "deleted": accounts.is_deleted(person),
            "organization": organization,
            "person": person,
            "count": len(db.session.scalars(left).all()),
            "teams": [
                team
                for team in db.session.scalars(alone.order_by(Team.name))
                if not teams.facilitators_of(team)
            ],
            "base": _base(),
        },
    )


def _items(mail: Mail) -> list[ActionItem]:
    found = select(ActionItem).where(ActionItem.id.in_(mail.row_ids)).order_by(ActionItem.id)
    return list(db.session.scalars(found))


def _is_theirs(item: ActionItem, user: User) -> bool:
    open_and_theirs = item.assignee_id == user.id and not item.complete and not item.deleted_at
    return open_and_theirs and permissions.may_read(user, item.retrospective.team)


def _base() -> str:
    return str(current_app.config["PUBLIC_URL"])
