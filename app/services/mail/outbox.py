"""Where e-mails go: to a mail server, or in the demo to an outbox that can be read."""

from flask import current_app
from sqlalchemy import select

from app.extensions import db
from app.models import Mail


def is_set_up() -> bool:
    """Whether e-mails can go anywhere: to a mail server, or to the demo's outbox."""
    return bool(current_app.config["SMTP_URL"]) or keeps_outbox()


def keeps_outbox() -> bool:
    """Whether e-mails stay here to be read: in the demo, unless it was given a mail server."""
    return current_app.config["DEMO"] and not current_app.config["SMTP_URL"]


def outbox() -> list[Mail]:
    """The e-mails that the demo has kept, newest first."""
    kept = select(Mail).where(Mail.sent_at.is_not(None))
    return list(db.session.scalars(kept.order_by(Mail.id.desc()).limit(50)))
