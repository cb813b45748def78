"""Writes the mark of a *Send test* on its issue. Running it twice writes one mark."""

from app.extensions import db
from app.models import utcnow
from app.queue import SEND_WEBHOOK_TEST, silence
from app.services import webhook_tests
from jobs.context import in_app


@in_app
def run(connection_id: int) -> None:
    """Write the connection's mark, if one is asked for, and say so if Jira refuses it."""
    silence(connection_id, SEND_WEBHOOK_TEST)
    mark = webhook_tests.claim(connection_id, utcnow())
    db.session.commit()  # no transaction stays open while Jira answers
    if mark is None:
        return
    if trouble := webhook_tests.write(mark):
        webhook_tests.record_failure(mark, trouble)
        db.session.commit()
