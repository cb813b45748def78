"""Reads what is owed of Jira's metadata for one connection. Running it twice does no harm."""

from app.extensions import db
from app.jira.errors import JiraError
from app.queue import REFRESH_METADATA, silence
from app.services.metadata import owed, read, record
from app.stopping import stop_requested
from jobs.context import in_app


@in_app
def run(connection_id: int) -> None:
    """Read what is wanted until nothing is left, Jira fails or a stop is asked for."""
    silence(connection_id, REFRESH_METADATA)
    lease = owed.take_lease(connection_id)
    db.session.commit()
    if lease is None:
        return
    unanswered: set[str] = set()
    while not stop_requested():
        wanted = owed.next_wanted(lease, unanswered)
        db.session.commit()  # no transaction stays open while Jira answers
        if wanted is None:
            break
        try:
            answer = read.read(lease, wanted)
        except JiraError as error:
            record.record_failure(lease, error)
            db.session.commit()
            return
        record.record(lease, wanted, answer)
        db.session.commit()
        if isinstance(answer, read.SeenSprints) and answer.sprints is None:
            unanswered.add(answer.project_id)
    owed.release(lease)
    db.session.commit()
