"""Which kinds of e-mail a person may decline, and does. What concerns the account always comes."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, select

from app.extensions import db
from app.models import DeclinedMail, MailKind, User
from app.services.organizations import permissions


@dataclass(frozen=True)
class Switch:
    """A kind that may be declined, in words. for_admins: nobody else is ever sent it."""

    kind: MailKind
    label: str
    hint: str
    for_admins: bool = False


SWITCHES = (
    Switch(
        MailKind.ITEMS_HANDED_OVER,
        "Action items handed over to you",
        "When somebody leaves, and what was theirs is yours from then on.",
    ),
    Switch(
        MailKind.MEMBER_LEFT,
        "People who leave",
        "When somebody leaves by themselves: what stays without anybody.",
        for_admins=True,
    ),
    Switch(
        MailKind.TROUBLE,
        "Trouble with Jira",
        "Once, when syncing stops until somebody reconnects.",
        for_admins=True,
    ),
    Switch(
        MailKind.BLOCKED,
        "Projects that take no action items",
        "Once, when a nightly check finds that a project or issue type cannot be used.",
        for_admins=True,
    ),
)


def switches_of(user: User) -> list[Switch]:
    """The kinds that the person may be sent and may decline, in the order of the page."""
    administers = any(permissions.may_administer(each) for each in user.memberships)
    return [switch for switch in SWITCHES if administers or not switch.for_admins]


def declined_by(user: User) -> set[MailKind]:
    """What the person does not want."""
    rows = select(DeclinedMail.kind).where(DeclinedMail.user_id == user.id)
    return set(db.session.scalars(rows))


def decline(user: User, kinds: Collection[MailKind]) -> None:
    """Of what the person is asked about, decline these and no others."""
    asked = {switch.kind for switch in switches_of(user)}
    db.session.execute(
        delete(DeclinedMail).where(DeclinedMail.user_id == user.id, DeclinedMail.kind.in_(asked))
    )
    db.session.add_all(DeclinedMail(user_id=user.id, kind=kind) for kind in asked & set(kinds))
    db.session.flush()
