"""Tells an organization's Owner and Admins of trouble. Running it twice does no harm."""

from app.extensions import db
from app.queue import NOTIFY_ADMINS, silence
from app.services.mail import blocked_notices, outbox, trouble_notices
from app.stopping import stop_requested
from jobs.context import in_app


@in_app
def run(connection_id: int) -> None:
    """Owe the connection's e-mails if something is untold, and send what is due."""
    silence(connection_id, NOTIFY_ADMINS)
    trouble_notices.write(connection_id)
    blocked_notices.write(connection_id)
    db.session.commit()
    while not stop_requested():
        letter = outbox.claim(connection_id)
        db.session.commit()  # no transaction stays open while a mail server answers
        if letter is None:
            return
        refused = outbox.deliver(letter)
        outbox.record(letter, refused)
        db.session.commit()
