"""Which kinds of e-mail a person may decline, and does. What concerns the account always comes."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, select

from app.extensions import db
from app.models import DeclinedMail, MailKind, User, WantedMail
from app.services.organizations import permissions


@dataclass(frozen=True)
class Switch:
    """A kind that may be declined, in words. for_admins: nobody else is ever sent it. if_asked_for:
    off until somebody turns it on."""

    kind: MailKind
    label: str
    hint: str
    for_admins: bool = False
    if_asked_for: bool = False


SWITCHES = (
    Switch(
        MailKind.DIGEST,
        "Weekly digest",
        "Your open action items, once a week; nothing when there are none.",
    ),
    Switch(
        MailKind.REMINDER,
        "Due tomorrow",
        "At 8:00 of the day before, one e-mail with all that is due.",
    ),
    Switch(
        MailKind.OVERDUE,
        "Was due yesterday",
        "Once, in the same e-mail, when something was not completed on its day.",
        if_asked_for=True,
    ),
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
        MailKind.SUSPENDED,
        "Syncing that stays paused",
        "Once, when an admin paused syncing a day ago and nobody has resumed it.",
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


def chosen_by(user: User) -> set[MailKind]:
    """What of that which may be declined the person wants."""
    asked_for = select(WantedMail.kind).where(WantedMail.user_id == user.id)
    on = {switch.kind for switch in SWITCHES if not switch.if_asked_for}
    return (on - declined_by(user)) | set(db.session.scalars(asked_for))


def declined_by(user: User) -> set[MailKind]:
    """What the person does not want."""
    rows = select(DeclinedMail.kind).where(DeclinedMail.user_id == user.id)
    return set(db.session.scalars(rows))


def choose(user: User, kinds: Collection[MailKind]) -> None:
    """Of what the person is asked about, want these and no others."""
    switches = switches_of(user)
    asked = {switch.kind for switch in switches}
    for model in (DeclinedMail, WantedMail):
        mine = model.user_id == user.id
        db.session.execute(delete(model).where(mine, model.kind.in_(asked)))
    for switch in switches:
        if switch.if_asked_for and switch.kind in kinds:
            db.session.add(WantedMail(user_id=user.id, kind=switch.kind))
        elif not switch.if_asked_for and switch.kind not in kinds:
            db.session.add(DeclinedMail(user_id=user.id, kind=switch.kind))
    db.session.flush()
