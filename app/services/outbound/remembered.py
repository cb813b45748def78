"""What a link remembers of its issue's fields after a request, or after planning alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.jira.types import Issue
from app.models import IssueLink, Operation
from app.models.difference import Difference, differences_of, keep_differences
from app.models.field_note import Note, NoteReason, keep_notes, notes_of
from app.models.writing import write
from app.services.fields.table import BY_ID
from app.services.outbound import entries
from app.services.outbound.claims import Claim
from app.services.outbound.plan import Findings
from app.services.outbound.seen_statuses import read_in, see
from app.services.outbound.snapshots import SENT, Snapshot, with_decisions, with_seen
from app.services.work import leases
from app.services.work.leases import Lease

Kept = TypeVar("Kept", Difference, Note)


@dataclass(frozen=True)
class SeenIssue:
    """A new issue as it was read, what was seen of its fields, and what its create stored."""

    snapshot: Snapshot
    seen: Snapshot
    issue: Issue


def store(
    link: IssueLink, snapshot: dict[str, Any], findings: Findings, claimed: Claim | None
) -> None:
    """Store what is known now; what a person has decided since it was planned stays as decided.

    What was edited or asked for meanwhile is due again, and what Jira refused of it is tried again.
    """
    planned = claimed.snapshot if claimed else link.snapshot
    link.snapshot = dict(with_decisions(snapshot, planned, link.snapshot))
    waiting = dict(claimed.differences) if claimed else differences_of(link)
    noted = dict(claimed.notes) if claimed else notes_of(link)
    for name, each in findings.differences.items():
        if waiting.get(name) != each:
            entries.log_return(link, Operation.KEEP, [name])
    keep_differences(link, _decided(findings.differences, waiting, differences_of(link)))
    asked_again = claimed is not None and claimed.change_number != link.change_number
    notes = _before(findings.notes, noted) if asked_again else findings.notes
    keep_notes(link, _decided(notes, noted, notes_of(link)))
    if findings.place is not None:
        link.issue_project_id = findings.place.project_id
        link.issue_type_id = findings.place.issue_type_id
    if findings.issue is not None:
        see(link, read_in(findings.issue, utcnow()))


def _before(found: Mapping[str, Note], planned: Mapping[str, Note]) -> dict[str, Note]:
    """Without the synced fields that are left out only since it was planned. What an update does
    not send again stays noted."""
    return {
        name: note
        for name, note in found.items()
        if name in planned or name not in BY_ID or note.reason is NoteReason.PLAIN
    }


def _decided(
    found: Mapping[str, Kept], planned: Mapping[str, Kept], now: Mapping[str, Kept]
) -> dict[str, Kept]:
    """What was found, but for names of which the row says something else than when planned."""
    decided = {name for name in planned.keys() | now.keys() if planned.get(name) != now.get(name)}
    kept = {name: each for name, each in found.items() if name not in decided}
    return kept | {name: now[name] for name in decided & now.keys()}


def seen(lease: Lease, found: Mapping[int, SeenIssue]) -> None:
    """Store what was seen of issues right after they were created, by link id, unless more is
    known by now. Nothing is written without the right to it.
    """
    if not leases.hold_grant(lease):
        return
    links = db.session.scalars(
        select(IssueLink)
        .where(IssueLink.id.in_(found))
        .order_by(IssueLink.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    for link in links:
        created = found[link.id]
        if link.snapshot is not None and link.snapshot.get(SENT) == created.snapshot.get(SENT):
            link.snapshot = with_seen(link.snapshot, created.seen)
        see(link, read_in(created.issue, utcnow()))
    write(links)
