"""What waits because an hour's points are spent, as pages say it. Pure."""

from datetime import datetime

from app.models import IssueLink, JiraConnection, Spending
from app.models.points import waits_for_points
from app.services.labels import Sentence

LIMIT = "Jira lets Unpack ask it only so much in an hour."
NOBODY_MAY_ASK = f"{LIMIT} It is used up for now: search again after the full hour."
OF_ITEM = f"{LIMIT} This goes out by itself. Nothing for you to do."


def waits_until(
    link: IssueLink, connection: JiraConnection | None, now: datetime
) -> datetime | None:
    """Until when the link waits for points; None if it need not at `now` (aware UTC)."""
    return waits_for_points(connection, _spending(link), now) if connection else None


def of_connection(connection: JiraConnection | None, now: datetime) -> Sentence | None:
    """What waits, and until when; None where nothing does that somebody would miss."""
    if connection is None or waits_for_points(connection, Spending.READS, now) is None:
        return None
    for spending, said in _SAID.items():
        if until := waits_for_points(connection, spending, now):
            return Sentence(said, until, ". They go on by themselves, and no try is used up.")
    return None


def _spending(link: IssueLink) -> Spending:
    if link.created:
        return Spending.UPDATES
    return Spending.BACKFILL if link.backfill_id is not None else Spending.CREATES


_SAID = {
    Spending.CREATES: "It is used up for now: new issues and edits wait until",
    Spending.UPDATES: "Little of it is left. New issues go out as ever; edits wait until",
    Spending.BACKFILL: "New issues and edits go out as ever; past action items wait until",
    Spending.READS: "New issues and edits go out as ever; reads of what changed in Jira wait until",
}
