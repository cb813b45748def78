"""A line of an action item's activity, as its words make it."""

from dataclasses import dataclass
from datetime import date, datetime

from app.services.panel.shown_issues import IssueKey


@dataclass(frozen=True)
class ActivityLine:
    """`who` did `words`, then `before` and `after`, or one of the two; `day_before`, `day_after`:
    the same where they are days. Aware UTC.

    issue: named after the words. retrospective: named after the words, by id (None
    where it was deleted) and title. note: after
    all of it. in_jira: it happened there, or went there. tries: the Sync Log tells more.
    """

    at: datetime
    icon: str
    words: str
    who: str = ""
    before: str | None = None
    after: str | None = None
    day_before: date | None = None
    day_after: date | None = None
    issue: IssueKey | None = None
    retrospective: tuple[int | None, str] | None = None
    note: str = ""
    in_jira: bool = False
    tries: bool = False
