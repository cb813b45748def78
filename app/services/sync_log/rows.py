"""What an entry of the sync log says: its outcome, what to do about it, and each of its tries."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.models import (
    ActionItem,
    EntryState,
    IssueLink,
    LinkState,
    Operation,
    Organization,
    Outcome,
    SyncEntry,
)
from app.services.fields.synced_field import Kind
from app.services.fields.table import ASSIGNEE, BY_ID, words_of
from app.services.panel import panels
from app.services.panel.item_messages import Message, same_for_all
from app.services.panel.item_states import ItemState
from app.services.panel.shown_issues import IssueKey, key_of
from app.services.sync_log import pages, returns, transition_lines
from app.services.sync_log.tries import TryLine, lines_of

_STEADY, _CALM = 2, 5
_STEADY_FOR = timedelta(minutes=1)


@dataclass(frozen=True)
class LogRow:
    """A line of the log. `entry` is None while nothing was answered yet.

    `retry`: whether trying again leads anywhere; `next_try_at` is aware UTC.
    """

    item: ActionItem
    link: IssueLink
    entry: SyncEntry | None
    state: ItemState
    tried: str
    at: datetime
    message: Message | None = None
    tries: Sequence[TryLine] = ()
    next_try_at: datetime | None = None
    retry: bool = False

    @property
    def id(self) -> str:
        return f"entry-{self.entry.id}" if self.entry else f"link-{self.link.id}"

    @property
    def title(self) -> str:
        """What the action item was called then."""
        return (self.entry.title if self.entry else None) or self.item.title

    @property
    def key(self) -> IssueKey | None:
        return self.state.key

    @property
    def version(self) -> str:
        """Changes with whatever the line shows."""
        shown = (self.state, self.tried, self.at, self.message, self.tries, self.next_try_at)
        names = (self.title, self.item.retrospective.team.name, self.item.deleted_at)
        return digest(shown, names, self.retry)


def rows_of(
    organization: Organization, entries: Sequence[SyncEntry], *, may_retry: bool
) -> list[LogRow]:
    """The lines of `entries`. `may_retry`: something can be sent at all."""
    latest = pages.latest_ids(entries)
    shown = [entry.action_item for entry in entries if _shows_item(entry, latest)]
    states = panels.states_of(organization, shown, again="Retry")
    return [
        _row(entry, states.get(entry.action_item_id), _is_noted(entry, latest), may_retry)
        for entry in entries
    ]


def rows_under_way(organization: Organization, links: Sequence[IssueLink]) -> list[LogRow]:
    """The lines of links that nothing was answered for yet; those that are held are left out."""
    states = panels.states_of(organization, [link.action_item for link in links], again="Retry")
    rows = []
    for link in links:
        state = states[link.action_item_id]
        if state.moving:
            tried = "link" if link.unmarked else "update" if link.created else "create"
            since = link.due_since or link.created_at
            rows.append(LogRow(link.action_item, link, None, state, tried, since))
    return rows


def seconds_until_next_look(rows: Iterable[LogRow], now: datetime) -> int | None:
    """2 while something happens, 5 after a minute without, None when nothing moves."""
    moving = [row for row in rows if row.state.moving]
    if not moving:
        return None
    happened = [row.at for row in moving]
    happened += [row.next_try_at for row in moving if row.next_try_at]
    happened += [row.link.due_at for row in moving if row.link.due_at]
    latest = max((moment for moment in happened if moment <= now), default=now)
    return _STEADY if now - latest < _STEADY_FOR else _CALM


def digest(*values: object) -> str:
    """A short name for `values`, the same as long as they are."""
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def tried_words(entry: SyncEntry, *, noted: bool = False) -> str:
    """ "create", "create, without assignee", "update: title, due date".

    `noted`: the issue is not assigned to the owner.
    """
    words = entry.operation.value
    if entry.operation is Operation.TRANSITION:
        return transition_lines.tried_words(entry)
    if entry.operation is Operation.UPDATE and entry.fields:
        return f"{words}: {words_of(entry.fields)}"
    if not noted:
        return words
    assigned = (entry.link.snapshot or {}).get(ASSIGNEE.id)
    return f"{words}, with another assignee" if assigned else f"{words}, without assignee"


def _row(entry: SyncEntry, of_item: ItemState | None, noted: bool, may_retry: bool) -> LogRow:
    if entry.operation is Operation.TRANSITION:
        return _transition(entry, of_item, may_retry)
    if entry.operation.returns:
        return _returned(entry)
    retry = may_retry and _failed(entry) and not entry.link.is_elsewhere
    state = of_item if of_item and _is_open(entry) else _settled(entry)
    next_try = state.at if state.chip == "retrying" else None
    if next_try:  # said beside what was tried, not in the chip
        state = state.without_time
    return LogRow(
        item=entry.action_item,
        link=entry.link,
        entry=entry,
        state=state,
        tried=tried_words(entry, noted=noted),
        at=entry.updated_at,
        message=of_item.message if noted and of_item else _message(entry, state),
        tries=lines_of(entry, waits_for_person=retry, next_try_at=next_try),
        next_try_at=next_try,
        retry=retry,
    )


def _shows_item(entry: SyncEntry, latest: set[int]) -> bool:
    if entry.operation is Operation.TRANSITION:
        return entry.state is not EntryState.SYNCED
    return _is_open(entry) or _is_noted(entry, latest)


def _transition(entry: SyncEntry, of_item: ItemState | None, may_retry: bool) -> LogRow:
    state, waits = transition_lines.settled(entry), False
    message = transition_lines.message_of(entry)
    if of_item is not None and transition_lines.is_open(entry):
        state, message = of_item, of_item.message
        waits = may_retry and transition_lines.may_be_retried(entry)
    next_try = state.at if state.chip == "retrying" else None
    return LogRow(
        item=entry.action_item,
        link=entry.link,
        entry=entry,
        state=state.without_time if next_try else state,
        tried=transition_lines.tried_words(entry),
        at=entry.updated_at,
        message=message,
        tries=lines_of(entry, waits_for_person=waits, next_try_at=next_try),
        next_try_at=next_try,
        retry=waits,
    )


def _returned(entry: SyncEntry) -> LogRow:
    """Nothing of it was tried, and nothing is tried again."""
    return LogRow(
        item=entry.action_item,
        link=entry.link,
        entry=entry,
        state=returns.state_of(entry),
        tried=returns.what_returned(entry),
        at=entry.updated_at,
        message=returns.message_of(entry),
    )


def _is_open(entry: SyncEntry) -> bool:
    """Whether the link, and not the entry, says how far it is."""
    link, item = entry.link, entry.action_item
    settled = entry.state is EntryState.SYNCED or link.state is LinkState.SYNCED
    return not settled and link.active and not item.let_go


def _is_noted(entry: SyncEntry, latest: set[int]) -> bool:
    """Whether it is the last word on an issue that is not assigned to the item's owner."""
    noted = entry.link.assignee_note is not None and entry.link.active
    alive = not entry.action_item.let_go
    return noted and alive and entry.id in latest and entry.state is EntryState.SYNCED


def _failed(entry: SyncEntry) -> bool:
    return _is_open(entry) and entry.link.state is LinkState.ERROR


def _settled(entry: SyncEntry) -> ItemState:
    link = entry.link
    key = key_of(link) if entry.issue_key or link.active else None
    if entry.state is EntryState.SYNCED or (link.active and link.state is LinkState.SYNCED):
        return ItemState("synced", "circle-check", "Synced", key=key)
    if link.state is LinkState.DELETED:
        return ItemState("deleted", "trash-x", "Deleted in Jira", key=key)
    if link.active:
        return ItemState("idle", "trash", "Item deleted", key=key)
    if link.withdrawn:
        return ItemState("idle", "ban", "Stopped", key=key)
    return ItemState("idle", "unlink", "Unlinked", key=key)


def _message(entry: SyncEntry, state: ItemState) -> Message | None:
    if _is_open(entry):
        return state.message
    if entry.state is EntryState.SYNCED:
        adopted = any(attempt.outcome is Outcome.ADOPTED for attempt in entry.attempts)
        if adopted:
            return same_for_all("none", _ADOPTED)
        return same_for_all("none", _replaced(entry.replaced)) if entry.replaced else None
    if entry.link.active and entry.link.state is LinkState.SYNCED:
        return same_for_all("none", _NOTHING_LEFT)
    return None


def _replaced(replaced: Mapping[str, Any]) -> str:
    """ "Changed in Jira, too: ours replaced the title “Halve CI time” and the assignee there." """
    parts = [_replaced_field(name, value) for name, value in replaced.items()]
    listed = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
    return f"Changed in Jira, too: ours replaced {listed} there."


def _replaced_field(name: str, value: Any) -> str:
    field = BY_ID[name]
    if field.kind is Kind.PERSON or not value:
        return f"the {field.name}"
    words = " ".join(str(value).split())
    shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN].rstrip()}…"
    return f"the {field.name} “{shown}”"


_SHOWN = 200
_ADOPTED = (
    "Jira gave no answer at first. We looked before trying again, found the issue already there "
    "and linked it."
)
_NOTHING_LEFT = "The action item was changed back meanwhile, so nothing was left to send."
