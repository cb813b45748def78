"""What a row says of the status that its issue owes. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.models import FailureCode, IssueLink, OwedCategory, OwedStatus
from app.models.owed_status import NEEDS_SOMEBODY
from app.services.back_offs import RETRIES
from app.services.panel.advice import Place, advice_for
from app.services.panel.item_messages import Message, same_for_all


@dataclass(frozen=True)
class OwedWords:
    """A chip, as of an item's state, and the sentence. moving: it is seen to by itself."""

    chip: str
    icon: str
    words: str
    at: datetime | None = None
    message: Message | None = None
    moving: bool = False


def words_of(link: IssueLink, place: Place, now: datetime) -> OwedWords | None:
    """Word it; None where nothing is owed. `now`: aware UTC."""
    row = link.owed_status
    if row is None or row.owed is None or row.failure_code is FailureCode.MAY_NOT_BROWSE:
        return None
    if row.due_at is not None:
        return _moving(link, row, place, now)
    message = _message(link, row, place)
    if row.failure_code in NEEDS_SOMEBODY:
        return OwedWords("limited", "user-exclamation", "Needs somebody in Jira", None, message)
    return OwedWords("error", "alert-circle", "Status not sent", None, message)


def status_name(row: OwedStatus) -> str:
    """What the status is called that it is to have."""
    return row.status_name or ("Done" if row.owed is OwedCategory.DONE else "an open status")


def _moving(link: IssueLink, row: OwedStatus, place: Place, now: datetime) -> OwedWords:
    later = row.due_at if row.due_at and row.due_at > now else None
    if row.tries:
        words = f"Retrying {min(row.tries, RETRIES)} of {RETRIES}"
        message = replace(_message(link, row, replace(place, again="")), tone="warn")
        return OwedWords("retrying", "rotate-clockwise", words, later, message, moving=True)
    words = f"Moving to {status_name(row)}…"
    if later is None or not row.own_transitions or later - now < _AT_ONCE:
        return OwedWords("syncing", "refresh", words, moving=True)
    said = same_for_all("none", _OFTEN.format(key=link.issue_key or "The issue"))
    return OwedWords("waiting", "clock", f"Moves to {status_name(row)}", later, said, moving=True)


def _message(link: IssueLink, row: OwedStatus, place: Place) -> Message:
    code, key = row.failure_code or FailureCode.STATUS_REFUSED, link.issue_key or "The issue"
    if link.issue_key:
        place = replace(place, project=link.issue_key.rpartition("-")[0])
    advice = advice_for(code, place, tuple(row.failure_fields or ()))
    return Message(
        "warn" if row.needs_somebody else "bad",
        advice.admin,
        advice.others,
        heading=f"{key} did not move to {status_name(row)}. {advice.heading}",
        quote=row.failure_message or "",
        endpoint=advice.endpoint,
        link=advice.link,
        in_jira=(link.browse_url or "") if row.needs_somebody else "",
    )


_AT_ONCE = timedelta(minutes=1)
_OFTEN = (
    "{key} was moved twice within ten minutes, so it waits a while: what rules in Jira do is not "
    "fought. Nothing for you to do."
)
