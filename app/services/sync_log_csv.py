"""The sync log as a table of text, for spreadsheets."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from app.models import Organization
from app.services import sync_log
from app.services.sync_log import Cursor, Filters
from app.services.sync_log_rows import LogRow, rows_of

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
# What makes a spreadsheet take text for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def batches(organization: Organization, filters: Filters) -> Iterator[list[list[str]]]:
    """The filtered log, newest first, as lists of cells; each batch is one short look.

    The caller may end the transaction between batches.
    """
    cursor: Cursor | None = None
    while entries := sync_log.older_entries(organization.id, filters, cursor, BATCH):
        cursor = sync_log.cursor_after(entries)
        rows = rows_of(organization, entries, may_retry=False)
        yield [[guarded(cell) for cell in cells(row)] for row in rows]


def guarded(text: str) -> str:
    """`text` so that no spreadsheet runs it: what looks like a formula gets an apostrophe."""
    return f"'{text}" if text.startswith(_FORMULA) else text


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
        item.title,
        row.tried,
        row.state.words.removesuffix(" until"),
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
