"""Each kind of e-mail: to whom it goes, while what is so, and what it says."""

from collections.abc import Callable
from dataclasses import dataclass

from app.models import Mail, MailKind
from app.services import back_offs
from app.services.mail import (
    admin_letters,
    blocked_notices,
    calendar_letters,
    departure_letters,
    email_change_letters,
    link_letters,
    ownership_letters,
    sign_in_letters,
    suspension_notices,
    trouble_notices,
)
from app.services.mail.content import Content


@dataclass(frozen=True)
class Kind:
    """How an e-mail of the kind is made; asked anew before each try.

    `template`: a name in `templates/mails`, there as `.txt` and as `.html`.
    `recipients`: the addresses of those who may get it now.
    `content`: what there is to tell now, or None when its reason is gone: it is then not sent. What
    it writes, such as what checks a one-time link, is committed before the e-mail leaves.
    `waits`: between tries that did not reach everybody.
    """

    template: str
    recipients: Callable[[Mail], list[str]]
    content: Callable[[Mail], Content | None]
    waits: back_offs.Growing = back_offs.MAIL


KINDS: dict[MailKind, Kind] = {
    MailKind.TROUBLE: Kind("connection_trouble", admin_letters.recipients, trouble_notices.content),
    MailKind.BLOCKED: Kind("blocked_projects", admin_letters.recipients, blocked_notices.content),
    MailKind.SUSPENDED: Kind("suspended", admin_letters.recipients, suspension_notices.content),
    MailKind.INVITATION: Kind("invitation", link_letters.recipients, link_letters.invitation),
    MailKind.PASSWORD_LINK: Kind(
        "password_link", link_letters.recipients, link_letters.password_link
    ),
    MailKind.EMAIL_CHANGE: Kind(
        "email_change", link_letters.recipients, email_change_letters.to_the_new_address
    ),
    MailKind.EMAIL_CHANGE_ASKED: Kind(
        "email_change_asked", link_letters.recipients, email_change_letters.to_the_address_so_far
    ),
    MailKind.EMAIL_CHANGED: Kind(
        "email_changed", link_letters.recipients, email_change_letters.to_the_address_before
    ),
    MailKind.ITEMS_HANDED_OVER: Kind(
        "items_handed_over", departure_letters.recipients, departure_letters.handed_over
    ),
    MailKind.OWNERSHIP: Kind("ownership", ownership_letters.recipients, ownership_letters.content),
    MailKind.SIGN_IN_TIED: Kind(
        "sign_in_tied", sign_in_letters.recipients, sign_in_letters.content
    ),
    MailKind.MEMBER_LEFT: Kind(
        "member_left", departure_letters.recipients, departure_letters.member_left
    ),
    MailKind.DIGEST: Kind(
        "digest", calendar_letters.recipients, calendar_letters.digest, back_offs.CALENDAR_MAIL
    ),
    MailKind.REMINDER: Kind(
        "reminder", calendar_letters.recipients, calendar_letters.reminder, back_offs.CALENDAR_MAIL
    ),
}
