"""What to send for a claimed link: a pure decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.jira import adf
from app.jira.types import IssueDraft
from app.models import AssigneeNote, MatchState
from app.services.sync.claims import Claim

PROPERTY = "unpack.action-item"
SINGLE_CREATES = 8
BULK_REQUESTS = 8

_NOTES = {
    MatchState.NONE: AssigneeNote.NOT_FOUND,
    MatchState.SEVERAL: AssigneeNote.SEVERAL,
    MatchState.DIFFERENT: AssigneeNote.DIFFERENT,
}


@dataclass(frozen=True)
class Match:
    """What is known of an assignee in Jira."""

    state: MatchState
    account_id: str | None
    account_name: str = ""


@dataclass(frozen=True)
class Plan:
    """What is sent for a claim, and the snapshot that success stores.

    `fields` empty and no draft: Jira already holds everything, nothing is sent.
    """

    claim: Claim
    snapshot: dict[str, Any]
    assignee_note: AssigneeNote | None
    draft: IssueDraft | None = None
    fields: dict[str, Any] | None = None

    @property
    def creates(self) -> bool:
        return self.draft is not None

    @property
    def nothing(self) -> bool:
        return self.draft is None and not self.fields

    @property
    def field_names(self) -> tuple[str, ...]:
        """The fields that a person would name, of those that are sent."""
        return tuple(name for name in self._sent if name not in {"project", "issuetype"})

    @property
    def sends_account(self) -> bool:
        """Whether somebody is assigned by what is sent."""
        return bool(self._sent.get("assignee"))

    @property
    def _sent(self) -> Mapping[str, Any]:
        return self.draft.fields if self.draft else (self.fields or {})


def link_of(properties: Mapping[str, Any]) -> str | None:
    """The link that an issue says it belongs to; None for what a person may have written there."""
    value = properties.get(PROPERTY)
    link = value.get("link") if isinstance(value, Mapping) else None
    return link if isinstance(link, str) else None


def plan(claim: Claim, screen: frozenset[str], match: Match | None) -> Plan:
    """Decide between create, update of the fields that differ, and nothing.

    screen: the field ids of the project's create screen; others are never sent.
    match: the assignee in Jira, None for an action item that nobody is assigned to.
    """
    wanted = _wanted(claim, screen, match)
    note = _note(claim, screen, match)
    if claim.issue_id is None:
        return Plan(claim, wanted.snapshot, note, draft=_draft(claim, wanted))
    differing = _differing(wanted, claim.snapshot or {})
    return Plan(claim, wanted.snapshot, note, fields=differing)


def batches(plans: Sequence[Plan]) -> list[list[Plan]]:
    """Split into requests: creates one by one up to 8, else spread over 8 bulks; updates singly."""
    creates = [each for each in plans if each.creates]
    updates = [[each] for each in plans if not each.creates]
    if len(creates) <= SINGLE_CREATES:
        return [[each] for each in creates] + updates
    return [creates[start::BULK_REQUESTS] for start in range(BULK_REQUESTS)] + updates


@dataclass(frozen=True)
class _Wanted:
    fields: dict[str, Any]
    snapshot: dict[str, Any]


def _wanted(claim: Claim, screen: frozenset[str], match: Match | None) -> _Wanted:
    """Jira's fields as they should be, and the same as we remember them.

    The snapshot keeps a digest of the description instead of its text, and beside the account
    our own assignee: an update sends the assignee only when that one changed (DESIGN §4).
    """
    desired = claim.desired
    backlink = adf.Backlink(desired.backlink_text, desired.backlink_url)
    document = adf.document(desired.description, backlink)
    due = desired.due_on.isoformat() if desired.due_on else None
    summary = adf.summary(desired.title)
    fields: dict[str, Any] = {"summary": summary, "description": document, "duedate": due}
    snapshot: dict[str, Any] = {
        "summary": summary,
        "description": adf.digest(document),
        "duedate": due,
    }
    account_id = _account_id(claim, match)
    if claim.assignee_note is not AssigneeNote.NOT_ON_SCREEN:
        fields["assignee"] = {"accountId": account_id} if account_id else None
    snapshot |= {"assignee": account_id, "assignee_id": desired.assignee_id}
    sent = {name: value for name, value in fields.items() if name in screen or name == "summary"}
    return _Wanted(sent, {k: v for k, v in snapshot.items() if k in sent or k == "assignee_id"})


def _account_id(claim: Claim, match: Match | None) -> str | None:
    if match is None or claim.assignee_note is AssigneeNote.NOT_ASSIGNABLE:
        return None
    return match.account_id


def _note(claim: Claim, screen: frozenset[str], match: Match | None) -> AssigneeNote | None:
    if match is None:
        return None
    if "assignee" not in screen:
        return AssigneeNote.NOT_ON_SCREEN
    if claim.assignee_note in {AssigneeNote.NOT_ASSIGNABLE, AssigneeNote.NOT_ON_SCREEN}:
        return claim.assignee_note
    return _NOTES.get(match.state)


def _draft(claim: Claim, wanted: _Wanted) -> IssueDraft:
    assert claim.target is not None
    fields = {name: value for name, value in wanted.fields.items() if _needed(name, value)}
    fields["project"] = {"id": claim.target.project_id}
    fields["issuetype"] = {"id": claim.target.issue_type_id}
    return IssueDraft(
        fields=fields,
        properties={PROPERTY: {"id": claim.item_public_id, "link": claim.link_public_id}},
    )


def _needed(name: str, value: Any) -> bool:
    """A create leaves empty fields out, except the assignee: null keeps Jira's default away."""
    return value is not None or name == "assignee"


def _differing(wanted: _Wanted, known: dict[str, Any]) -> dict[str, Any]:
    differing = {
        name: value
        for name, value in wanted.fields.items()
        if name != "assignee" and wanted.snapshot[name] != known.get(name)
    }
    if "assignee" in wanted.fields and wanted.snapshot["assignee_id"] != known.get("assignee_id"):
        differing["assignee"] = wanted.fields["assignee"]
    return differing
