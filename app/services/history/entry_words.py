"""A change in words: what it was about, from what to what. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.services.fields.table import words_of as words_of_fields
from app.services.history.changed_fields import (
    OVERRIDES,
    SWITCH_LABELS,
    Change,
    Chosen,
    StatusChosen,
    Value,
    Valued,
    changes_of,
    value_changes_of,
    why_no_undo,
)
from app.services.history.names import Names
from app.services.labels import plural
from app.services.settings import save_values
from app.services.settings.drafts import DEFAULT, Choice
from app.services.settings.status_choices import LABELS

Details = Mapping[str, Any]


@dataclass(frozen=True)
class Words:
    """One line. `before` and `after` are None where nothing of the kind was recorded.

    change: the field of the Jira settings that the line is about, if it is about one.
    """

    what: str
    before: str | None = None
    after: str | None = None
    note: str = ""
    change: Change | None = None


def words_of(action: str, details: Details, names: Names) -> list[Words]:
    """The lines of one recorded change: one for each field of the settings, else a single one."""
    if action == "jira.settings-saved":
        changed = [words_of_change(each, names) for each in changes_of(details)]
        return changed or [Words("Jira settings", note="Saved as they were")]
    if action == "jira.field-values-saved":
        return _saved_values(details, names)
    return [_WORDS[action](details, names)]


def _saved_values(details: Details, names: Names) -> list[Words]:
    found = [words_of_change(each, names) for each in value_changes_of(details)]
    before, after = details["before"]["as_default"], details["after"]["as_default"]
    if before != after and details["slot"] != DEFAULT:
        whose = ("Own values", "As the default")
        what = f"Field values of {names.team(details['slot'])}"
        found.insert(0, Words(what, whose[before], whose[after]))
    return found or [Words("Field values", note="Saved as they were")]


def words_of_change(change: Change, names: Names) -> Words:
    """Word a field of the Jira settings."""
    before, after = (value_of(change, value, names) for value in (change.before, change.after))
    return Words(label_of(change, names), before, after, why_no_undo(change), change)


def label_of(change: Change, names: Names) -> str:
    """What the field is called."""
    if isinstance(change, Chosen | Valued):
        whose = "the default" if change.slot == DEFAULT else names.team(change.slot)
        what = "Project and issue type" if isinstance(change, Chosen) else f"Field {change.name}"
        return f"{what} of {whose}"
    if isinstance(change, StatusChosen):
        whose = "the default" if change.slot == DEFAULT else names.team(change.slot)
        return f"{LABELS[change.when]}, of {whose}"
    if change.switch == OVERRIDES:
        return "Use Per-Team Overrides"
    return SWITCH_LABELS[change.switch]


def value_of(change: Change, value: Value, names: Names) -> str:
    """What a value of the field is called."""
    if isinstance(change, Valued):
        return save_values.words_of(value) if isinstance(value, Mapping) else "Not sent"
    if isinstance(value, str):
        of_resolution = isinstance(change, StatusChosen) and change.is_resolution
        return names.resolution(value) if of_resolution else names.status(value)
    if isinstance(value, Choice):
        none = "None" if isinstance(change, Chosen) and change.slot == DEFAULT else "The default’s"
        return names.choice(value, none)
    return "On" if value else "Off"


def _word(stored: str) -> str:
    return stored.capitalize()


def _former_role(details: Details) -> str:
    """Recorded only lately; before that, there were two that could be changed into each other."""
    other = {"admin": "member", "member": "admin"}
    return _word(details.get("before") or other[details["role"]])


def _invited(details: Details, _: Names) -> Words:
    return Words(f"Invitation {details['invitation']}", "None", _word(details["role"]))


def _owner(details: Details, names: Names) -> Words:
    former = details.get("before")
    return Words("Owner", names.person(former) if former else None, names.person(details["member"]))


def _handed_over(details: Details, names: Names) -> Words:
    what = f"Owner of {plural(len(details['items']), 'open action item')}"
    return Words(what, names.person(details["member"]), names.person(details["to"]))


def _in_team(details: Details, names: Names) -> Words:
    after = "Facilitator" if details["facilitator"] else "Member"
    return Words(_member_of(details, names), _part_before(details), after)


def _left_team(details: Details, names: Names) -> Words:
    return Words(_member_of(details, names), _part_before(details), "Not in the team")


def _member_of(details: Details, names: Names) -> str:
    return f"{names.person(details['member'])} in {names.team(details['team'])}"


def _part_before(details: Details) -> str | None:
    """What the person was in the team; None before that was recorded."""
    if "before" not in details:
        return None
    return details["before"].capitalize() if details["before"] else "Not in the team"


def _connected(verb: str) -> Callable[[Details, Names], Words]:
    def words(details: Details, _: Names) -> Words:
        account = details.get("account_id")
        note = f"As account {account}" if account else ""
        return Words(f"{verb} {details['site_url'].partition('://')[2]}", note=note)

    return words


def _put_on_hold(details: Details, _: Names) -> Words:
    moment = datetime.fromisoformat(details["restored_until"])
    note = f"Restored from a backup of {moment:%-d %B %Y, %H:%M} UTC"
    return Words("Sending to Jira", "On", "On hold", note)


def _account(details: Details, names: Names) -> Words:
    before, after = names.account(details["before"]), names.account(details["after"])
    return Words(f"Jira account of {names.person(details['member'])}", before, after)


def _substitute(details: Details, names: Names) -> Words:
    before, after = names.account(details["before"]), names.account(details["after"])
    return Words("Unmatched owners", before, after)


def _started(details: Details, _: Names) -> Words:
    count = plural(details["action_items"], "action item")
    return Words("Sync past action items", "Not running", "Running", f"{count} to sync")


def _stopped(details: Details, _: Names) -> Words:
    note = f"{plural(details['created'], 'issue')} created until then"
    return Words("Sync past action items", "Running", "Stopped", note)


def _retried(details: Details, names: Names) -> Words:
    what = f"Retry of {names.item(details['action_item'])}"
    return Words(what, "Sync error", "Tried again")


def _retried_all(details: Details, _: Names) -> Words:
    what = f"Retry of {plural(details['action_items'], 'action item')}"
    return Words(what, "Sync error", "Tried again")


def _linked(after: str) -> Callable[[Details, Names], Words]:
    def words(details: Details, names: Names) -> Words:
        before = details.get("before") or "No issue"
        return Words(f"Issue of {names.item(details['action_item'])}", before, after)

    return words


def _chosen(details: Details, names: Names) -> Words:
    before = details.get("before") or "No issue"
    what = f"Issue of {names.item(details['action_item'])}"
    return Words(what, before, details["after"], "Linked to an issue that existed")


def _decided(decision: str) -> Callable[[Details, Names], Words]:
    def words(details: Details, names: Names) -> Words:
        what = f"{details['before']} of {names.item(details['action_item'])}"
        return Words(what, "Differs", decision, words_of_fields(details["fields"]).capitalize())

    return words


def _of_member(what: str, note: str = "") -> Callable[[Details, Names], Words]:
    def words(details: Details, names: Names) -> Words:
        return Words(f"{what} {names.person(details['member'])}", note=note)

    return words


def _ended_sessions(details: Details, names: Names) -> Words:
    before = plural(details["sessions"], "session")
    return Words(f"Sessions of {names.person(details['member'])}", before, "Ended")


def _deleted(details: Details, _: Names) -> Words:
    items = plural(details["action_items"], "action item")
    note = f"With {items}; {plural(details['issues'], 'issue')} stayed in Jira"
    return Words(f"Retrospective {details['title']}", _word(details["before"]), "Deleted", note)


def _plain(what: str) -> Callable[[Details, Names], Words]:
    return lambda _details, _names: Words(what)


def _invitation(what: str, after: str) -> Callable[[Details, Names], Words]:
    return lambda details, _: Words(f"Invitation {details['invitation']}", what, after)


_WORDS: dict[str, Callable[[Details, Names], Words]] = {
    "plan-changed": lambda it, _: Words("Plan", _word(it["before"]), _word(it["after"])),
    "history-exported": _plain("Downloaded the history"),
    "invited": _invited,
    "invited-again": _invitation("Waiting", "Sent again, for 7 days"),
    "invitation-removed": _invitation("Waiting", "Taken back"),
    "invitation-link-printed": _invitation("Waiting", "Its link was printed by the operator"),
    "member-added": lambda it, names: Words(
        f"Role of {names.person(it['member'])}", "Not a member", _word(it["role"])
    ),
    "role-changed": lambda it, names: Words(
        f"Role of {names.person(it['member'])}", _former_role(it), _word(it["role"])
    ),
    "ownership-transferred": _owner,
    "member-removed": lambda it, names: Words(
        f"Role of {names.person(it['member'])}",
        _word(it["before"]) if "before" in it else None,
        "Not a member",
    ),
    "email-changed": lambda it, names: Words(
        f"E-mail of {names.person(it['member'])}", note="Changed by themselves"
    ),
    "items-handed-over": _handed_over,
    "account-deleted": _of_member("Account deleted:"),
    "personal-data-exported": _of_member("Exported what is stored of"),
    "password-link-printed": _of_member("Printed a link for the password of"),
    "sessions-ended": _ended_sessions,
    "identity-untied": _of_member("Forgot the account at the identity provider of"),
    "team-created": lambda it, _: Words(f"Team {it['name']}", "None", "Created"),
    "team-renamed": lambda it, _: Words("Name of a team", it["before"], it["after"]),
    "team-archived": lambda it, names: Words(names.team(it["team"]), "Active", "Archived"),
    "team-brought-back": lambda it, names: Words(names.team(it["team"]), "Archived", "Active"),
    "retrospective-renamed": lambda it, _: Words(
        "Title of a retrospective", it["before"], it["after"]
    ),
    "retrospective-deleted": _deleted,
    "organization-renamed": lambda it, _: Words(
        "Name of the organization", it["before"], it["after"]
    ),
    "digest-time-changed": lambda it, _: Words("Weekly digest", it["before"], it["after"]),
    "time-zone-changed": lambda it, _: Words("Time zone", it["before"], it["after"]),
    "team-member": _in_team,
    "team-member-removed": _left_team,
    "jira.connected": _connected("Connected"),
    "jira.reconnected": _connected("Reconnected"),
    "jira.disconnected": _connected("Disconnected"),
    "jira.held": _put_on_hold,
    "jira.paused": lambda it, _: Words("Syncing", "On", "Paused", f"“{it['reason']}”"),
    "jira.resumed": lambda _, __: Words("Syncing", "Paused", "On"),
    "jira.released": lambda _, __: Words("Sending to Jira", "On hold", "On"),
    "jira.unmatched-owners-changed": _substitute,
    "jira.account-changed": _account,
    "jira.backfill-started": _started,
    "jira.backfill-stopped": _stopped,
    "jira.retried": _retried,
    "jira.retried-all": _retried_all,
    "jira.sync-requested": _linked("Synced to Jira"),
    "jira.unlinked": _linked("Unlinked"),
    "jira.created-again": _linked("Created again"),
    "jira.linked": _chosen,
    "jira.ours-sent": _decided("Ours sent"),
    "jira.theirs-left": _decided("Jira’s left as it was"),
    "jira.finishing-begun": _linked("Being created by hand in Jira"),
    "jira.finishing-stopped": _linked("Not waited for any more"),
    "follow-through-exported": _plain("Downloaded the figures of Follow-through"),
    "jira.sync-log-exported": _plain("Downloaded the Sync Log"),
}
