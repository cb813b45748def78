"""Sends the webhook test that somebody asked for. Running it twice sends it once."""

from app.clock import utcnow
from app.extensions import db
from app.queue import SEND_WEBHOOK_TEST, silence
from app.services.webhooks import webhook_tests
from jobs.context import in_app


@in_app
def run(connection_id: int) -> None:
    """Send the connection's test, if one is asked for, and say so if Jira refuses it."""
    silence(connection_id, SEND_WEBHOOK_TEST)
    test = webhook_tests.claim(connection_id, utcnow())
    db.session.commit()  # no transaction stays open while Jira answers
    if test is None:
        return
    if trouble := webhook_tests.send(test):
        webhook_tests.record_failure(test, trouble)
        db.session.commit()
