"""E-mails go out one at a time and are tried until they have gone, or have nothing to tell."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select, update

from app.clock import utcnow
from app.extensions import db
from app.models import Mail
from app.services.mail import letters, outbox, smtp
from app.services.mail.kinds import KINDS
from app.services.mail.letters import Letter
from app.services.transactions import refuse_open_transaction, rows_changed

# Longer than a server takes that answers each step at the last moment.
CLAIM = timedelta(minutes=10)
AT_ONCE = 100  # e-mails that one tick rings for

log = logging.getLogger(__name__)


def due_mails(now: datetime) -> list[int]:
    """The ids of e-mails to send at `now` (aware UTC), the one that waits longest first.

    None without a way to send them. Of very many the first: the others follow as these leave.
    """
    if not outbox.is_set_up():
        return []
    due = select(Mail.id).where(Mail.due_at <= now).order_by(Mail.due_at, Mail.id)
    return list(db.session.scalars(due.limit(AT_ONCE)))


def claim(mail_id: int) -> datetime | None:
    """Claim the e-mail if it is due; returns until when. To be committed before it is rendered:
    one that cannot be is then not tried again before that.

    Of several that claim it at once one gets it.
    """
    mail, now = db.session.get(Mail, mail_id, populate_existing=True), utcnow()
    if mail is None or mail.due_at is None or mail.due_at > now or not outbox.is_set_up():
        return None
    until = now + CLAIM
    taken = update(Mail).where(Mail.id == mail.id, Mail.due_at == mail.due_at)
    return until if rows_changed(db.session, taken.values(due_at=until)) else None


def render(mail_id: int, claimed_until: datetime) -> Letter | None:
    """The e-mail that was claimed. To be committed before it is sent.

    What has nothing to tell any more is deleted.
    """
    mail = db.session.get(Mail, mail_id, with_for_update=True, populate_existing=True)
    if mail is None or mail.due_at != claimed_until:
        return None
    letter = letters.letter(mail, claimed_until)
    if letter is None:
        db.session.delete(mail)
        log.info("mail overtaken", extra=_named(mail))
    return letter


def deliver(letter: Letter) -> Mapping[str, str]:
    """Send it; return whom it did not reach, and why. No transaction may be open."""
    refuse_open_transaction()
    if outbox.keeps_outbox():
        return {}
    try:
        message = letters.message(letter)
        return smtp.send(current_app.config["SMTP_URL"], message, letter.unreached)
    except smtp.MailNotSent as error:
        return dict.fromkeys(letter.unreached, str(error))


def record(letter: Letter, refused: Mapping[str, str]) -> None:
    """Write down what became of it: who was refused gets it later, nobody else gets it again."""
    mail = db.session.get(Mail, letter.mail_id, with_for_update=True, populate_existing=True)
    if mail is None or mail.due_at != letter.claimed_until:
        return
    mail.tries += 1
    reached = [each for each in letter.unreached if each not in refused]
    mail.recipients = [*mail.recipients, *reached]
    if refused:
        _try_later(mail, refused)
        return
    if outbox.keeps_outbox():
        _keep(mail, letter)
    else:
        db.session.delete(mail)
    db.session.flush()
    log.info("mail sent", extra={**_named(mail), "tries": mail.tries})


def _try_later(mail: Mail, refused: Mapping[str, str]) -> None:
    mail.due_at = utcnow() + KINDS[mail.kind].waits.after(mail.tries)
    db.session.flush()
    log.warning(
        "mail not sent",
        extra={
            **_named(mail),
            "tries": mail.tries,
            "unreached": len(refused),
            "error": next(iter(refused.values())),
            "next_try": mail.due_at.isoformat(),
        },
    )


def _keep(mail: Mail, letter: Letter) -> None:
    """In the demo everybody reads it: a link that opens an account is kept of invented ones only.

    Addresses under .test are nobody's (RFC 6761), which those of the sample are among.
    """
    mail.due_at, mail.sent_at = None, utcnow()
    mail.subject, mail.text, mail.html = letter.subject, letter.text, letter.html
    if letter.secret and not all(each.endswith(".test") for each in letter.recipients):
        shown = "(the link is in the e-mail alone)"
        mail.text = letter.text.replace(letter.secret, shown)
        mail.html = letter.html.replace(letter.secret, "")


def _named(mail: Mail) -> dict[str, object]:
    """What tells the e-mail apart in the log; an address never stands there."""
    ids = {"mail_id": mail.id, "connection_id": mail.connection_id, "user_id": mail.user_id}
    return {"kind": mail.kind} | {name: each for name, each in ids.items() if each is not None}
