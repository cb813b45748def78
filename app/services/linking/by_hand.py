"""Linking an action item to an issue that a person chose (design.md §3.7).

The new link is committed with its issue before anything is written in Jira, so that two people
cannot both have it. What the issue then says of whose it is, the drain writes (`unmarked`).
"""

from sqlalchemy.exc import IntegrityError

from app.clock import utcnow
from app.extensions import db
from app.jira.types import Issue
from app.models import ActionItem, IssueLink, JiraConnection, LinkState, User
from app.models.issue_status import NAME_LIMIT
from app.queue import ring_after_commit
from app.services import audit
from app.services.errors import UnpackError
from app.services.fields.sources import sources_of
from app.services.fields.table import SYNCED_FIELDS
from app.services.grants.asking import require_connection
from app.services.linking import belonging, choices, finishing, held
from app.services.linking.choices import Choice
from app.services.outbound import links
from app.services.outbound.seen_statuses import read_in, see


class NotFree(UnpackError):
    """The issue belongs to somebody else; the sentence says to whom."""


class ConnectedAnew(UnpackError):
    sentence = "Jira was connected anew meanwhile. Nothing was changed. Search again."


def link(item: ActionItem, chosen: Choice, cloud_id: str, by: User) -> IssueLink:
    """Make the issue the item's. Nothing of either is changed by it.

    chosen: as it was just read, from the site `cloud_id`. Raises `OutcomeUnknown`, `BeingSent`,
    `AlreadyLinked`, `NotFree`, `ConnectedAnew`, `ItemDeleted`, and what `require_connection` does.
    Holds connection, item and link, in this order (design.md §2.3): no drain claims meanwhile.
    """
    connection = require_connection(item.retrospective.team.organization, locked=True)
    if connection.cloud_id != cloud_id:
        raise ConnectedAnew
    before = held.hold_free(item)
    _require_free(connection, chosen.issue, item, by)
    former = before.issue_key if before is not None else None
    if before is not None:
        links.unlink(item)
        before.withdrawn = not before.created
        db.session.flush()
    row = _opened(item, connection, chosen.issue, by)
    finishing.end(item)
    audit.record_on(item, by, "jira.linked", before=former, after=row.issue_key)
    ring_after_commit(connection.id)
    return row


def _require_free(connection: JiraConnection, issue: Issue, item: ActionItem, by: User) -> None:
    """Once more, because all of it may have changed while Jira was asked."""
    belongs = belonging.of_issues(connection, [issue], item.id)[issue.id]
    if refusal := choices.refusal_of(issue.key, belongs, by):
        raise NotFree(refusal.words)


def _opened(item: ActionItem, connection: JiraConnection, issue: Issue, by: User) -> IssueLink:
    """The link, due: the status that is known of the issue completes nothing by itself."""
    now = utcnow()
    row = IssueLink(action_item=item, connection=connection)
    row.change_number, row.revision, row.tries = 1, 1, 0
    row.state, row.due_at, row.due_since = LinkState.WAITING, now, now
    row.cloud_id, row.site_url = connection.cloud_id, connection.site_url
    row.issue_id, row.issue_key = issue.id, issue.key
    row.issue_project_id, row.issue_type_id = issue.project_id, issue.issue_type_id
    row.status_category = issue.status_category
    row.status_name = (issue.status_name or "")[:NAME_LIMIT] or None
    row.jira_updated_at = issue.updated
    see(row, read_in(issue, now))
    sources = sources_of(item)
    row.unmarked = True
    row.chosen = {"sources": {each.id: each.stored(sources[each.id]) for each in SYNCED_FIELDS}}
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        # Somebody else has just linked it to another action item.
        db.session.expire_all()
        _require_free(connection, issue, item, by)
        raise NotFree(
            f"{issue.key} belongs to another action item already. Ask an admin."
        ) from None
    return row
