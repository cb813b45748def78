"""Writes the mark of a *Send test* on its issue. Running it twice writes one mark."""

from app.clock import utcnow
from app.extensions import db
from app.queue import SEND_WEBHOOK_TEST, silence
from app.services.webhooks import test_marks
from jobs.context import in_app


@in_app
def run(connection_id: int) -> None:
    """Write the connection's mark, if one is asked for, and say so if Jira refuses it."""
    silence(connection_id, SEND_WEBHOOK_TEST)
    mark = test_marks.claim(connection_id, utcnow())
    db.session.commit()  # no transaction stays open while Jira answers
    if mark is None:
        return
    if trouble := test_marks.write(mark):
        test_marks.record_failure(mark, trouble)
        db.session.commit()
