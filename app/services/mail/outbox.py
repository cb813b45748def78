"""E-mails go out one at a time and are tried until they have gone, or have nothing to tell."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from flask import current_app
from sqlalchemy import select, update

from app.clock import utcnow
from app.extensions import db
from app.models import JiraConnection, Mail, MailAbout
from app.queue import SEND_MAIL, ring_after_commit
from app.services import back_offs
from app.services.mail import admin_addresses, smtp
from app.services.mapping import blocked
from app.services.transactions import refuse_open_transaction, rows_changed

# Longer than a server takes that answers each step at the last moment.
CLAIM = timedelta(minutes=10)
AT_ONCE = 100  # e-mails that one tick rings for

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """An e-mail that this process alone may send, until `claimed_until`."""

    mail_id: int
    connection_id: int
    claimed_until: datetime
    tries: int
    recipients: tuple[str, ...]
    unreached: tuple[str, ...]
    subject: str
    text: str
    html: str
    public_id: str
    created_at: datetime


def is_set_up() -> bool:
    """Whether e-mails can go anywhere: to a mail server, or to the demo's outbox."""
    return bool(current_app.config["SMTP_URL"]) or keeps_outbox()


def keeps_outbox() -> bool:
    """Whether e-mails stay here to be read: in the demo, unless it was given a mail server."""
    return current_app.config["DEMO"] and not current_app.config["SMTP_URL"]


def outbox() -> list[Mail]:
    """The e-mails of the demo, newest first."""
    return list(db.session.scalars(select(Mail).order_by(Mail.id.desc()).limit(50)))


def due_mails(now: datetime) -> list[int]:
    """The ids of e-mails to send at `now` (aware UTC), the one that waits longest first.

    None without a way to send them. Of very many the first: the others follow as these leave.
    """
    if not is_set_up():
        return []
    due = select(Mail.id).where(Mail.due_at <= now).order_by(Mail.due_at, Mail.id)
    return list(db.session.scalars(due.limit(AT_ONCE)))


def claim(mail_id: int) -> Letter | None:
    """Claim the e-mail if it is due. To be committed before it is sent.

    Of several that claim it at once one gets it. What has nothing to tell any more is deleted.
    """
    mail, now = db.session.get(Mail, mail_id, populate_existing=True), utcnow()
    if mail is None or mail.due_at is None or mail.due_at > now or not is_set_up():
        return None
    until = now + CLAIM
    taken = update(Mail).where(Mail.id == mail.id, Mail.due_at == mail.due_at)
    if not rows_changed(db.session, taken.values(due_at=until)):
        return None
    letter = _letter(mail, until) if _has_something_to_tell(mail) else None
    if letter is not None and letter.unreached:
        return letter
    db.session.delete(mail)
    log.info("mail overtaken", extra={"connection_id": mail.connection_id, "mail_id": mail.id})
    return None


def deliver(letter: Letter) -> Mapping[str, str]:
    """Send it; return whom it did not reach, and why. No transaction may be open."""
    refuse_open_transaction()
    if keeps_outbox():
        return {}
    try:
        return smtp.send(current_app.config["SMTP_URL"], _message(letter), letter.unreached)
    except smtp.MailNotSent as error:
        return dict.fromkeys(letter.unreached, str(error))


def record(letter: Letter, refused: Mapping[str, str]) -> None:
    """Write down what became of it: who was refused gets it later, nobody else gets it again."""
    mail = db.session.get(Mail, letter.mail_id, with_for_update=True, populate_existing=True)
    if mail is None or mail.due_at != letter.claimed_until:
        return
    mail.tries += 1
    if refused:
        _try_later(mail, refused)
    elif keeps_outbox():
        mail.unreached, mail.due_at, mail.sent_at = [], None, utcnow()
    else:
        db.session.delete(mail)
    db.session.flush()
    if not refused:
        log.info("mail sent", extra={"connection_id": letter.connection_id, "tries": mail.tries})


def delay_after(tries: int) -> timedelta:
    """How long to wait after so many tries, at least one, that failed. Pure."""
    return back_offs.MAIL.after(tries)


def _try_later(mail: Mail, refused: Mapping[str, str]) -> None:
    mail.unreached = [each for each in mail.unreached if each in refused]
    mail.due_at = utcnow() + delay_after(mail.tries)
    log.warning(
        "mail not sent",
        extra={
            "connection_id": mail.connection_id,
            "tries": mail.tries,
            "unreached": len(mail.unreached),
            "error": next(iter(refused.values())),
            "next_try": mail.due_at.isoformat(),
        },
    )


def _has_something_to_tell(mail: Mail) -> bool:
    connection: JiraConnection = db.session.get_one(JiraConnection, mail.connection_id)
    if connection.generation != mail.generation:
        return False
    if mail.about is MailAbout.TROUBLE:
        return connection.in_trouble
    return bool(blocked.of_connection(connection.id))


def _letter(mail: Mail, until: datetime) -> Letter:
    """Addressed to those of its recipients who may still get it."""
    admins = set(admin_addresses.of_organization(mail.connection.organization))
    return Letter(
        mail_id=mail.id,
        connection_id=mail.connection_id,
        claimed_until=until,
        tries=mail.tries,
        recipients=tuple(each for each in mail.recipients if each in admins),
        unreached=tuple(each for each in mail.unreached if each in admins),
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        public_id=mail.public_id,
        created_at=mail.created_at,
    )


def _message(letter: Letter) -> EmailMessage:
    message, sender = EmailMessage(), current_app.config["MAIL_FROM"]
    message["From"], message["To"] = sender, ", ".join(letter.recipients)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.created_at)
    message["Message-ID"] = f"<{letter.public_id}@{_domain(sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def write(
    connection: JiraConnection,
    about: MailAbout,
    recipients: Sequence[str],
    subject: str,
    text: str,
    html: str,
) -> None:
    """Owe an e-mail. It goes out after the commit, and only while what it is about lasts."""
    mail = Mail(
        connection_id=connection.id,
        about=about,
        generation=connection.generation,
        recipients=list(recipients),
        unreached=list(recipients),
        subject=subject,
        text=text,
        html=html,
    )
    db.session.add(mail)
    db.session.flush()
    ring_after_commit(mail.id, SEND_MAIL)
