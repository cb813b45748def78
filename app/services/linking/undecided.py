"""What stands otherwise in an issue that somebody chose, until a person decides about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.clock import utcnow
from app.jira import adf
from app.models import ActionItem, IssueLink, User
from app.models.difference import Difference, differences_of, keep_differences
from app.services import audit
from app.services.errors import UnpackError
from app.services.fields.synced_field import Kind, SyncedField
from app.services.fields.table import BY_ID
from app.services.linking.chosen_snapshot import Theirs, as_changed_here
from app.services.outbound.links import locked_link
from app.services.outbound.snapshots import SENT, SOURCE
from app.services.outbound.wanted import require_wanted
from app.services.owed.pushes import arm, mark_due
from app.services.retrospectives import action_items


class NothingUndecided(UnpackError):
    sentence = "There is nothing to decide any more: it was decided, or edited since."


@dataclass(frozen=True)
class TwoSides:
    """A field on both sides, in words; of a day, as a day where it is one."""

    label: str
    here: str
    in_jira: str
    here_on: date | None = None
    in_jira_on: date | None = None


def sides_of(item: ActionItem, link: IssueLink | None) -> list[TwoSides]:
    """What is undecided; nothing for most, and for what was dropped: nothing is sent of it."""
    if link is None or item.dropped:
        return []
    return [_sides(item, BY_ID[name], each) for name, each in _undecided(item, link).items()]


def send_ours(item: ActionItem, by: User) -> None:
    """Send what stands here over what was shown of Jira. Raises `NothingUndecided`,
    `ItemDropped`.

    A text that was changed there since is not replaced: the drain compares it once more.
    """
    link, undecided = _held(item)
    link.snapshot = as_changed_here(link.snapshot, undecided)
    replaceable = {
        name: Difference(each.seen, each.text, replace=True)
        for name, each in undecided.items()
        if BY_ID[name].guarded
    }
    keep_differences(link, differences_of(link) | replaceable)
    link.chosen = None
    arm(link)
    mark_due(link, utcnow())
    audit.record_on(item, by, "jira.ours-sent", before=link.issue_key, fields=sorted(undecided))


def leave_theirs(item: ActionItem, by: User) -> None:
    """Leave Jira as it is; a later edit goes out as ever. Raises `NothingUndecided`,
    `ItemDropped`."""
    link, undecided = _held(item)
    link.chosen = None
    link.revision += 1
    audit.record_on(item, by, "jira.theirs-left", before=link.issue_key, fields=sorted(undecided))


def _held(item: ActionItem) -> tuple[IssueLink, dict[str, Theirs]]:
    action_items.lock(item)
    require_wanted([item])
    link = locked_link(item)
    undecided = _undecided(item, link) if link is not None else {}
    if link is None or not undecided:
        raise NothingUndecided
    return link, undecided


def _undecided(item: ActionItem, link: IssueLink) -> dict[str, Theirs]:
    """What was edited since goes out by itself, and what both sides came to since is settled."""
    kept: Mapping[str, Mapping[str, Any]] = (link.chosen or {}).get("differences", {})
    snapshot = link.snapshot or {}
    sources, sent = snapshot.get(SOURCE, {}), snapshot.get(SENT, {})
    return {
        name: Theirs(**each)
        for name, each in kept.items()
        if name in BY_ID
        and name not in sent
        and sources.get(name) == BY_ID[name].stored(BY_ID[name].source(item))
    }


def _sides(item: ActionItem, field: SyncedField, theirs: Theirs) -> TwoSides:
    value = field.source(item)
    if field.kind is Kind.DAY:
        there = field.accept(theirs.text or None)
        return TwoSides(field.label, "", "", value, there)
    if field.kind is Kind.PERSON:
        return TwoSides(field.label, item.assignee.name if item.assignee else "", theirs.text)
    here = adf.words(adf.document(value)) if field.guarded else value
    return TwoSides(field.label, here, theirs.text)
