"""Tells an organization's Owner and Admins of trouble. Running it twice does no harm."""

from app.extensions import db
from app.queue import NOTIFY_ADMINS, silence
from app.services import blocked_notices, mailing, trouble_notices
from jobs.context import in_app, stop_requested


@in_app
def run(connection_id: int) -> None:
    """Owe the connection's e-mails if something is untold, and send what is due."""
    silence(connection_id, NOTIFY_ADMINS)
    trouble_notices.write(connection_id)
    blocked_notices.write(connection_id)
    db.session.commit()
    while not stop_requested():
        letter = mailing.claim(connection_id)
        db.session.commit()  # no transaction stays open while a mail server answers
        if letter is None:
            return
        refused = mailing.deliver(letter)
        mailing.record(letter, refused)
        db.session.commit()
