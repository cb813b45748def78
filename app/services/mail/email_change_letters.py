"""What the two addresses read when somebody changes theirs."""

from flask import current_app

from app.clock import utcnow
from app.extensions import db
from app.models import EmailChange, Mail, User
from app.services.mail import moments
from app.services.mail.content import Content
from app.services.organizations import accounts, one_time_links


def to_the_new_address(mail: Mail) -> Content | None:
    """A link that confirms it; where the address has an account, that it has one, and no link.

    None when the change does not wait any more.
    """
    change = _waiting(mail)
    if change is None or change.email != mail.address:
        return None
    taken = accounts.find_by_email(change.email) is not None
    link = "" if taken else one_time_links.for_email_change(change)
    return Content(
        subject="Your new address for Unpack" if taken else "Confirm your new address for Unpack",
        context={
            "change": change,
            "link": link,
            "taken": taken,
            "until": moments.in_zone_of(change.user, change.ends_at),
        },
        secret=link,
    )


def to_the_address_so_far(mail: Mail) -> Content | None:
    """That somebody with the password wants another address; None when they do not any more."""
    change = _waiting(mail)
    if change is None or change.user.email != mail.address:
        return None
    return Content(
        subject="Somebody wants to change your address for Unpack",
        context={"change": change, "account_url": f"{current_app.config['PUBLIC_URL']}/account"},
    )


def to_the_address_before(mail: Mail) -> Content | None:
    """That the account has another address now; None when it has this one again."""
    user = db.session.get(User, mail.row_ids[0])
    if user is None or user.email == mail.address:
        return None
    return Content(
        subject="Your address for Unpack is changed",
        context={
            "before": mail.address,
            "user": user,
            "changed": moments.in_zone_of(user, mail.created_at),
        },
    )


def _waiting(mail: Mail) -> EmailChange | None:
    """What the e-mail is about, while it waits: SQLite gives a number again."""
    change = db.session.get(EmailChange, mail.row_ids[0])
    if change is None or change.asked_at > mail.created_at or change.ends_at <= utcnow():
        return None
    return change
