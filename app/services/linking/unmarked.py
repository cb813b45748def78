"""Links whose issue a person chose, and does not say yet whose it is: what the drain does of them.

Until it does, nothing else of such a link is sent. Whoever is killed in between is followed by
another drain, which finds the link due and reads the issue first (design.md §3.7).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.jira.errors import JiraError, JiraRefused
from app.jira.types import Call, CreatedIssue, Issue
from app.models import FailureCode, IssueLink, LinkState, Operation, Outcome
from app.services.fields.sources import backlink_of, sources_of
from app.services.fields.values import FieldValue, values_of
from app.services.linking import chosen_snapshot
from app.services.mapping.mappings import Place
from app.services.outbound import record
from app.services.outbound.outcomes import Decision
from app.services.outbound.plan import Findings, link_of
from app.services.outbound.record import Success
from app.services.outbound.recording import Recording, recording
from app.services.owed.pushes import mark_due
from app.services.people import matches
from app.services.work import due_links, leases
from app.services.work.leases import Lease


@dataclass(frozen=True, eq=False)
class Unmarked:
    """Such a link as it was when it was claimed. Nothing in it changes any more.

    sources: what stood here when the issue was chosen. values: what stands here now.
    account_id: whom the owner is matched with.
    """

    link_id: int
    link_public_id: str
    item_public_id: str
    issue_id: str
    project_id: str | None
    change_number: int
    tries: int
    sources: Mapping[str, Any]
    values: tuple[FieldValue, ...]
    account_id: str | None

    @property
    def mark(self) -> dict[str, str]:
        """What our property holds in an issue that is this link's."""
        return {"id": self.item_public_id, "link": self.link_public_id}

    @property
    def edited(self) -> bool:
        """Whether something was written here since the issue was chosen."""
        return any(self.sources[value.field.id] != value.source for value in self.values)

    def is_marked(self, issue: Issue) -> bool:
        """Whether the issue, read with our property, says that it is this link's."""
        return link_of(issue.properties) == self.link_public_id


def claim(lease: Lease) -> list[Unmarked]:
    """Claim those that are due; none without the right to it. The caller commits."""
    links = due_links.of_unmarked(lease)
    if not links or not leases.renew(lease):
        return []
    owners = {link.action_item.assignee_id for link in links}
    accounts = matches.known(lease.connection_id, owners)
    claimed = []
    for link in links:
        match = accounts.get(link.action_item.assignee_id or 0)
        claimed.append(_as_value(link, match.account_id if match else None))
    for link in links:
        link.claim(lease.id)
    db.session.flush()
    return claimed


def _as_value(link: IssueLink, account_id: str | None) -> Unmarked:
    item = link.action_item
    assert link.issue_id is not None
    return Unmarked(
        link_id=link.id,
        link_public_id=link.public_id,
        item_public_id=item.public_id,
        issue_id=link.issue_id,
        project_id=link.issue_project_id,
        change_number=link.change_number,
        tries=link.tries,
        sources=(link.chosen or {})["sources"],
        values=values_of(sources_of(item), backlink_of(item)),
        account_id=account_id,
    )


def may_be_marked(lease: Lease, unmarked: Unmarked, issue: Issue) -> bool:
    """Whether the issue is nobody else's: it names no link, this one, or a closed one of ours."""
    name = link_of(issue.properties)
    if name in {None, unmarked.link_public_id}:
        return True
    named = db.session.scalar(select(IssueLink).where(IssueLink.public_id == name))
    return named is not None and named.connection_id == lease.connection_id and not named.active


def marked(lease: Lease, unmarked: Unmarked, issue: Issue, call: Call | None) -> None:
    """The issue says that it is this link's: what both sides hold is known from now on.

    issue: as read after that. Nothing is written when the link is not this drain's any more, nor
    once it was unlinked meanwhile. The caller commits.
    """
    with recording(lease, {unmarked.link_id}) as held:
        if link := held.links.get(unmarked.link_id):
            _marked(held, link, unmarked, issue, call)


def _marked(
    held: Recording, link: IssueLink, unmarked: Unmarked, issue: Issue, call: Call | None
) -> None:
    success = Success(
        operation=Operation.LINK,
        snapshot=chosen_snapshot.first_snapshot(unmarked.sources, unmarked.values, issue),
        assignee_note=None,
        change_number=unmarked.change_number,
        issue=CreatedIssue(issue.id, issue.key),
        findings=Findings(place=_place(issue)),
    )
    record.succeeded(held, link, success, call)
    differing = chosen_snapshot.differences(
        unmarked.sources, unmarked.values, issue, unmarked.account_id
    )
    link.unmarked = False
    link.chosen = {"differences": {name: each.dump() for name, each in differing.items()}}
    if not differing:
        link.chosen = None
    if unmarked.edited:
        mark_due(link, utcnow())


def belongs_elsewhere(lease: Lease, unmarked: Unmarked) -> None:
    """The issue says by now that it is somebody else's: for a person to settle."""
    decision = Decision(
        LinkState.ERROR, Outcome.REFUSED, FailureCode.BELONGS_ELSEWHERE, still_due=False
    )
    failed(lease, unmarked, JiraRefused("bulk_fetch"), decision, None)


def failed(
    lease: Lease, unmarked: Unmarked, error: JiraError, decision: Decision, call: Call | None
) -> None:
    """Write what went wrong, as decided. The caller commits."""
    with recording(lease, {unmarked.link_id}) as held:
        if link := held.links.get(unmarked.link_id):
            record.failed(held, link, Operation.LINK, error, decision, call)


def _place(issue: Issue) -> Place | None:
    if issue.project_id is None or issue.issue_type_id is None:
        return None
    return Place(issue.project_id, issue.issue_type_id)
