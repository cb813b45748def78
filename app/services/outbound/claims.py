"""What a drain holds of the links that it has claimed, as frozen values, and how it lets go."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from app.jira.adf import Backlink
from app.models import AssigneeNote, IssueLink, LinkState, Operation, Outcome
from app.models.difference import Difference
from app.models.field_note import Note
from app.models.writing import write
from app.services.field_values.value_tokens import ItemFacts
from app.services.fields.table import ASSIGNEE
from app.services.mapping.mappings import Place, Target
from app.services.mapping.sent_values import SentWith
from app.services.outbound import second_looks
from app.services.outbound.entries import Pushes
from app.services.timeouts import longest_request


@dataclass(frozen=True)
class Desired:
    """What Jira should hold, as Unpack says it.

    sources: what a person wrote, by Jira's field ids (`fields/sources`).
    """

    sources: Mapping[str, Any]
    assignee_email: str | None
    backlink: Backlink

    @property
    def assignee_id(self) -> int | None:
        """The owner; None for an item without one."""
        owner: int | None = self.sources[ASSIGNEE.id]
        return owner


@dataclass(frozen=True)
class Stamp:
    """A create that left, and whose outcome is not known."""

    at: datetime
    cloud_id: str
    account_id: str
    project_id: str
    empty_probes: int


@dataclass(frozen=True)
class Claim:
    """A due link as it was when it was claimed. Nothing in it changes any more.

    project_id: where the issue was created. place: where it was when it was last read.
    differences, notes: what waits for a decision, and was left out, by Jira's ids of fields.
    backfill: nobody waits for its create.
    sent_with, facts: of a create, what its mapping sends beside, and what its tokens become.
    """

    link_id: int
    link_public_id: str
    item_public_id: str
    change_number: int
    issue_id: str | None
    project_id: str | None
    snapshot: dict[str, Any] | None
    assignee_note: AssigneeNote | None
    tries: int
    target: Target | None
    desired: Desired
    stamp: Stamp | None
    deleted: bool
    place: Place | None = None
    differences: Mapping[str, Difference] = field(default_factory=dict)
    notes: Mapping[str, Note] = field(default_factory=dict)
    backfill: bool = False
    sent_with: SentWith | None = None
    facts: ItemFacts | None = None


def by_link(claims: Iterable[Claim]) -> list[Claim]:
    """In the order in which their links are locked where one transaction writes several."""
    return sorted(claims, key=lambda claim: claim.link_id)


def give_back(links: Sequence[IssueLink]) -> None:
    """Let go of links that a drain has claimed; what is stamped and not settled is unknown.

    The caller holds them.
    """
    unknown = [link for link in links if link.stamped and link.unknown_since is None]
    if unknown:
        _presume_unknown(unknown)
    for link in links:
        link.give_back()
    write(links)


def _presume_unknown(links: Sequence[IssueLink]) -> None:
    """A request of a dead process has ended by its own timeout at the latest."""
    pushes = Pushes(links)
    for link in links:
        assert link.stamped_at is not None
        ended = link.stamped_at + longest_request()
        first_probe = current_app.config["SYNC_PROBE_DELAYS"][0]
        link.unknown_since, link.recheck_at = ended, ended + second_looks.AFTER
        link.not_before = ended + timedelta(seconds=first_probe)
        link.state = LinkState.UNKNOWN
        link.tries += 1
        # Not made by this process.
        entry = pushes.open(link, Operation.CREATE)
        pushes.add_try(entry, entry.operation, Outcome.INTERRUPTED, None, left_at=link.stamped_at)
    pushes.write()
