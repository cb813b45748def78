"""The history as a table of text, for spreadsheets. Ids beside names, and never an address."""

from datetime import UTC

from app.extensions import db
from app.models import Organization, User
from app.services import audit
from app.services.history import change_pages
from app.services.history.change_pages import Wanted
from app.services.history.change_views import Line, lines_of
from app.services.history.subjects import SUBJECT_OF
from app.services.sync_log.csv_export import guarded

BATCH = 200
OPERATOR = "The operator"
HEADINGS = (
    "When (UTC)", "Change", "Who", "Who (id)", "About", "What", "From", "To", "Note", "Undone",
)  # fmt: skip


def record_download(organization: Organization, by: User) -> None:
    """Note who took the table with them."""
    audit.record(organization, by, "history-exported")


def lines_before(
    organization_id: int, wanted: Wanted, before: int | None
) -> tuple[list[list[str]], int | None]:
    """The next lines, newest first, as cells, and the id before which those after begin."""
    organization = db.session.get(Organization, organization_id)
    if organization is None:
        return [], None
    page = change_pages.page_of(organization, wanted, before=before, size=BATCH)
    lines = [
        [guarded(cell) for cell in cells(line)] for line in lines_of(organization, page.events)
    ]
    return lines, page.older


def cells(line: Line) -> list[str]:
    """One line of the table, in the order of `HEADINGS`."""
    event, words = line.event, line.words
    return [
        event.created_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
        str(event.id),
        event.user.name if event.user else OPERATOR,
        str(event.user_id or ""),
        SUBJECT_OF[event.action].label,
        words.what,
        words.before or "",
        words.after or "",
        words.note,
        "Undone" if line.undone else "",
    ]
