"""Sends one e-mail. Running it twice does no harm."""

from app.extensions import db
from app.queue import SEND_MAIL, silence
from app.services.mail import sending
from jobs.context import in_app


@in_app
def run(mail_id: int) -> None:
    """Send the e-mail if it is due and there is still something to tell."""
    silence(mail_id, SEND_MAIL)
    claimed_until = sending.claim(mail_id)
    db.session.commit()
    if claimed_until is None:
        return
    letter = sending.render(mail_id, claimed_until)
    db.session.commit()  # no transaction stays open while a mail server answers
    if letter is None:
        return
    refused = sending.deliver(letter)
    sending.record(letter, refused)
    db.session.commit()
