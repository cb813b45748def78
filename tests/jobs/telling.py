"""Telling Owner and Admins of trouble, as workers do, and whom the ticker would have told."""

from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import Mail
from app.queue import NOTIFY_ADMINS, SEND_MAIL
from app.services.mail import sending
from app.services.schedule import tick
from jobs import notify_admins, send_mail

TOLD = ["owner@acme.test", "admin@acme.test"]


def rings() -> list[int]:
    """The connections that the ticker would have told of, or written about, at this moment."""
    bells = tick.bells(utcnow())
    untold = [each for job, each in bells if job == NOTIFY_ADMINS]
    due = [each for job, each in bells if job == SEND_MAIL]
    found = [*untold, *(db.session.get_one(Mail, each).connection_id for each in due)]
    db.session.commit()
    return found


def tell(connection_id):
    """Owe what is untold and send what is due, as workers do when they are rung for."""
    db.session.commit()
    notify_admins.run(connection_id)
    due = sending.due_mails(utcnow())
    db.session.commit()
    for mail_id in due:
        send_mail.run(mail_id)
    db.session.expire_all()


def mails() -> list[Mail]:
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))
