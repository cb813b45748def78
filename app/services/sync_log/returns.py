"""What an entry says of something that came back from Jira instead of going there."""

from app.models import EntryState, FailureCode, IssueLink, Operation, SyncEntry
from app.services.fields.table import BY_ID, words_of
from app.services.panel import item_messages
from app.services.panel.item_messages import Message, same_for_all
from app.services.panel.item_states import ItemState
from app.services.panel.shown_issues import IssueKey, key_of

_COMPARED = {Operation.TAKE_OVER, Operation.KEEP, Operation.LEAVE}
_WHAT = {
    Operation.COMPLETE: "status",
    Operation.REOPEN: "status",
    Operation.MOVE: "key",
}
_CHIPS = {
    Operation.COMPLETE: ("done", "circle-check", "Completed"),
    Operation.REOPEN: ("idle", "circle-dashed", "Opened again"),
    Operation.TAKE_OVER: ("synced", "arrow-left", "Taken over"),
    Operation.KEEP: ("idle", "circle-dashed", "Kept"),
    Operation.LEAVE: ("limited", "user-question", "Not taken over"),
    Operation.MOVE: ("synced", "arrow-left", "Moved in Jira"),
    Operation.DISAPPEAR: ("deleted", "trash-x", "Deleted in Jira"),
    Operation.REAPPEAR: ("synced", "circle-check", "Seen again"),
    Operation.SECOND_LOOK: ("error", "alert-circle", "Two issues"),
}
_ONE_LEFT = ("synced", "circle-check", "One issue left")
_UNSEEN = ("limited", "eye-off", "Cannot be seen")
_KEPT = "It was changed here and in Jira. Ours goes out and replaces Jira’s."
_WAITING = (
    "It was changed here and in Jira. Ours was not sent; somebody who may edit the action item "
    "chooses which stays."
)
_LEFT = (
    "Jira’s new assignee is nobody of the team as far as we know, so the action item keeps its own."
)


def what_returned(entry: SyncEntry) -> str:
    """ "from Jira: status", "from Jira: title, due date"."""
    if entry.operation is Operation.SECOND_LOOK:
        return "second look after a create without an answer"
    if entry.operation in _COMPARED:
        return f"from Jira: {words_of(entry.fields)}"
    what = _WHAT.get(entry.operation)
    return f"from Jira: {what}" if what else "from Jira"


def state_of(entry: SyncEntry) -> ItemState:
    """The chip and the key as it was then; it stays what it was, whatever came afterwards."""
    unseen = entry.failure_code is FailureCode.MAY_NOT_BROWSE
    one_left = entry.operation is Operation.SECOND_LOOK and entry.state is EntryState.SYNCED
    chip = _UNSEEN if unseen else _ONE_LEFT if one_left else _CHIPS[entry.operation]
    return ItemState(*chip, key=_key(entry))


def message_of(entry: SyncEntry) -> Message | None:
    """What an admin should know about it; usually there is nothing to do."""
    if entry.operation is Operation.KEEP:
        guarded = any(name in BY_ID and BY_ID[name].guarded for name in entry.fields)
        return same_for_all("none", _WAITING if guarded else _KEPT)
    if entry.operation is Operation.LEAVE:
        return Message("none", _LEFT, _LEFT, endpoint="people.index", link="Match them in People")
    if entry.operation is Operation.SECOND_LOOK and entry.state is EntryState.ERROR:
        return item_messages.two_issues(entry.failure_fields or [])
    return None


def _key(entry: SyncEntry) -> IssueKey | None:
    link: IssueLink = entry.link
    return key_of(link) if entry.issue_key else None
