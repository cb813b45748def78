"""What a person decides about a field that was changed here and in Jira (design.md §11.1)."""

from dataclasses import replace

from app.clock import utcnow
from app.models import ActionItem, IssueLink
from app.models.difference import differences_of, keep_differences
from app.services.errors import UnpackError
from app.services.fields.synced_field import SyncedField
from app.services.outbound import snapshots
from app.services.outbound.links import locked_link
from app.services.owed.pushes import arm, mark_due


class NoOpenDifference(UnpackError):
    sentence = "There is nothing to decide any more: it was decided, or both texts are the same."


class ChangedMeanwhile(UnpackError):
    sentence = "It was changed in Jira once more, so nothing was replaced. See what it says now."


def keep_theirs(item: ActionItem, field: SyncedField) -> None:
    """Leave the field in Jira as it is; ours stays here and counts as settled.

    A later edit of it asks again. Raises `NoOpenDifference`.
    """
    link = _differing(item, field)
    source = {field.id: field.stored(field.source(item))}
    link.snapshot = snapshots.with_sources(link.snapshot, source)
    left = differences_of(link)
    del left[field.id]
    keep_differences(link, left)
    link.revision += 1


def replace_theirs(item: ActionItem, field: SyncedField, seen: str) -> None:
    """Send ours over what stands in Jira, if that still is what the person has read.

    seen: names what was shown. It is compared once more, with Jira itself, before anything leaves.
    Raises `NoOpenDifference`, `ChangedMeanwhile`.
    """
    link = _differing(item, field)
    waiting = differences_of(link)
    if waiting[field.id].seen != seen:
        raise ChangedMeanwhile
    allowed = replace(waiting[field.id], replace=True)
    keep_differences(link, waiting | {field.id: allowed})
    arm(link)
    mark_due(link, utcnow())


def _differing(item: ActionItem, field: SyncedField) -> IssueLink:
    link = locked_link(item)
    if link is None or field.id not in differences_of(link):
        raise NoOpenDifference
    return link
