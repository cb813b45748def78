"""The sync log as a table of text, for spreadsheets."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from app.extensions import db
from app.models import Organization, User
from app.services import audit
from app.services.sync_log import pages
from app.services.sync_log.narrowing import Filters
from app.services.sync_log.pages import Cursor
from app.services.sync_log.rows import LogRow, rows_of

BATCH = 500
HEADINGS = (
    "Last try (UTC)",
    "First try (UTC)",
    "Team",
    "Retrospective",
    "Action item",
    "Tried",
    "Outcome",
    "Issue",
    "Link",
    "Tries",
    "Next try (UTC)",
    "What went wrong",
    "Jira said",
    "Advice",
    "Status of the last try",
    "Trace id of the last try",
)
# What makes a spreadsheet take text for a formula, full-width signs included. A cell may also begin
# within a text of ours: where lists are separated by semicolons or tabs, each of these ends a cell.
_FORMULA = re.compile(r"(^|[;\t\r\n])([ \"']*)(?=[=+\-@＝＋－＠\t\r])")


def record_download(organization: Organization, by: User) -> None:
    """Note who took the table with them."""
    audit.record(organization, by, "jira.sync-log-exported")


def batch(
    organization_id: int, filters: Filters, before: Cursor | None
) -> tuple[list[list[str]], Cursor | None]:
    """The next lines of the filtered log, newest first, as cells, and where those after begin.

    Each batch is one short look, so that no transaction is open while the reader takes its time.
    """
    organization = db.session.get(Organization, organization_id)
    entries = pages.older_entries(organization_id, filters, before, BATCH)
    if organization is None or not entries:
        return [], None
    rows = rows_of(organization, entries, may_retry=False)
    lines = [[guarded(cell) for cell in cells(row)] for row in rows]
    return lines, pages.cursor_after(entries)


def guarded(text: str) -> str:
    """`text` so that no spreadsheet runs it: what looks like a formula gets an apostrophe."""
    return _FORMULA.sub(r"\1'\2", text)


def cells(row: LogRow) -> Sequence[str]:
    """One line of the table, in the order of `HEADINGS`."""
    entry, item, message = row.entry, row.item, row.message
    assert entry is not None
    last = entry.attempts[-1] if entry.attempts else None
    return (
        _time(entry.updated_at),
        _time(entry.started_at),
        item.retrospective.team.name,
        item.retrospective.title,
        row.title,
        row.tried,
        row.state.fact,
        row.key.text if row.key else "",
        (row.key.url or "") if row.key else "",
        str(len(entry.attempts)),
        _time(row.next_try_at),
        message.heading if message else "",
        entry.failure_message or "",
        message.admin if message else "",
        str(last.status or "") if last else "",
        (last.trace_id or "") if last else "",
    )


def _time(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if moment else ""
