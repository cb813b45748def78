"""What lines of the Sync Log say of one action item. Pure: rows in, lines out."""

from collections.abc import Mapping

from app.models import EntryState, IssueLink, Operation, Outcome, SyncEntry
from app.services.activity.activity_lines import ActivityLine
from app.services.fields.table import words_of
from app.services.labels import plural
from app.services.panel.shown_issues import key_of

_RETURNED: Mapping[Operation, tuple[str, str]] = {
    Operation.COMPLETE: ("circle-check", "Completed in Jira by"),
    Operation.REOPEN: ("rotate-clockwise", "Opened again in Jira by"),
    Operation.TAKE_OVER: ("arrow-left", "Taken over from"),
    Operation.KEEP: ("arrows-diff", "Changed here and in Jira, so Unpack’s stayed, at"),
    Operation.LEAVE: ("user-question", "Changed in Jira, and left as it is here, at"),
    Operation.MOVE: ("arrow-up-right", "Moved in Jira, where it is now"),
    Operation.DISAPPEAR: ("eye-off", "Gone from sight in Jira:"),
    Operation.REAPPEAR: ("circle-check", "Seen again in Jira:"),
    Operation.SECOND_LOOK: ("search", "Looked in Jira for a second issue beside"),
}
_SENT: Mapping[Operation, tuple[str, str]] = {
    Operation.CREATE: ("brand-jira", "Created in Jira as"),
    Operation.PROBE: ("brand-jira", "Created in Jira as"),
    Operation.UPDATE: ("refresh", "Sent to"),
    Operation.LINK: ("link", "Linked by hand to"),
}
_FAILED: Mapping[Operation, str] = {
    Operation.UPDATE: "Could not be sent to",
    Operation.LINK: "Could not be linked to",
}


def line_of(entry: SyncEntry) -> ActivityLine | None:
    """One line of the log; None for what is under way, which the item's state tells."""
    if entry.state in {EntryState.RUNNING, EntryState.RETRYING}:
        return None
    if entry.operation is Operation.TRANSITION:
        return _moved(entry)
    if entry.operation.returns:
        return _returned(entry)
    return _failed(entry) if entry.state is EntryState.ERROR else _sent(entry)


def unlinked(link: IssueLink) -> ActivityLine | None:
    """That the item has had another issue, which it is not linked to any more."""
    if link.active or link.withdrawn or link.closed_at is None or link.issue_key is None:
        return None
    issue = key_of(link)
    return ActivityLine(link.closed_at, "unlink", "No longer linked to", issue=issue, in_jira=True)


def _returned(entry: SyncEntry) -> ActivityLine:
    icon, words = _RETURNED[entry.operation]
    named = entry.operation in {Operation.TAKE_OVER, Operation.KEEP, Operation.LEAVE}
    return ActivityLine(
        entry.updated_at,
        icon,
        words,
        issue=key_of(entry.link),
        note=f": {words_of(entry.fields)}" if named and entry.fields else "",
        in_jira=True,
    )


def _moved(entry: SyncEntry) -> ActivityLine | None:
    """Of the status that was owed; None where there was nothing to move."""
    name = f" to {entry.fields[0]}" if entry.fields else ""
    issue, at = key_of(entry.link), entry.updated_at
    if entry.state is EntryState.ERROR:
        words = "Could not be moved in Jira:"
        return ActivityLine(at, "alert-circle", words, issue=issue, in_jira=True, tries=True)
    if not any(attempt.outcome is Outcome.SUCCEEDED for attempt in entry.attempts):
        return None
    return ActivityLine(at, "arrow-right", "Moved from here:", issue=issue, note=name, in_jira=True)


def _sent(entry: SyncEntry) -> ActivityLine:
    icon, words = _SENT[entry.operation]
    updated = entry.operation is Operation.UPDATE
    retries = f", after {plural(entry.tries - 1, 'retry', 'retries')}" if entry.tries > 1 else ""
    fields = f": {words_of(entry.fields)}" if updated and entry.fields else ""
    return ActivityLine(
        entry.updated_at,
        icon,
        words,
        issue=key_of(entry.link),
        note=retries + fields + ("." if retries else ""),
        in_jira=True,
        tries=bool(retries),
    )


def _failed(entry: SyncEntry) -> ActivityLine:
    words = _FAILED.get(entry.operation)
    said = f" Jira said: “{entry.failure_message}”" if entry.failure_message else ""
    return ActivityLine(
        entry.updated_at,
        "alert-circle",
        words or "Could not be created in Jira",
        issue=key_of(entry.link) if words else None,
        note=f", after {plural(entry.tries, 'try', 'tries')}.{said}",
        in_jira=True,
        tries=True,
    )
