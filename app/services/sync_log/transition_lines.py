"""What an entry says of a status that was owed: in its own words, as it stands now."""

from app.models import EntryState, FailureCode, Outcome, SyncEntry
from app.services.panel.advice import Place, advice_for
from app.services.panel.item_messages import Message, same_for_all
from app.services.panel.item_states import ItemState
from app.services.panel.shown_issues import key_of


def tried_words(entry: SyncEntry) -> str:
    """ "status: Done"."""
    return f"status: {entry.fields[0]}" if entry.fields else "status"


def is_open(entry: SyncEntry) -> bool:
    """Whether the status is still owed, so that the item says how far it is."""
    if entry.state is EntryState.SYNCED or not entry.link.active:
        return False
    row = entry.link.owed_status
    return row is not None and row.owed is not None and not entry.action_item.let_go


def may_be_retried(entry: SyncEntry) -> bool:
    """Whether it waits for somebody."""
    row = entry.link.owed_status
    return is_open(entry) and row is not None and row.due_at is None


def settled(entry: SyncEntry) -> ItemState:
    """How it ended."""
    key = key_of(entry.link) if entry.issue_key else None
    if entry.failure_code is FailureCode.DECIDED_IN_JIRA:
        return ItemState("idle", "circle-dashed", "Decided in Jira", key=key)
    if any(attempt.outcome is Outcome.SUCCEEDED for attempt in entry.attempts):
        return ItemState("synced", "circle-check", "Moved", key=key)
    return ItemState("idle", "circle-dashed", "Nothing to move", key=key)


def message_of(entry: SyncEntry) -> Message | None:
    """Why an issue stays where it is."""
    if entry.failure_code is not FailureCode.DECIDED_IN_JIRA:
        return None
    return same_for_all("none", advice_for(FailureCode.DECIDED_IN_JIRA, Place()).admin)
