"""Refreshes an idle grant, or looks whether a connection may work again. Safe to run twice."""

from app.extensions import db
from app.jira.errors import JiraError
from app.queue import KEEP_GRANT, silence
from app.services.connection import grant_upkeep
from jobs.context import in_app


@in_app
def run(connection_id: int) -> None:
    """Ask Atlassian once, if that is owed."""
    silence(connection_id, KEEP_GRANT)
    claimed = grant_upkeep.claim(connection_id)
    db.session.commit()  # no transaction stays open while Atlassian answers
    if claimed is None:
        return
    try:
        look = grant_upkeep.look_after(claimed)
    except JiraError as error:
        grant_upkeep.record_failure(claimed, error)
    else:
        grant_upkeep.record(claimed, look)
    db.session.commit()
