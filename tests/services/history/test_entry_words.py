"""Each recorded action in words, and that none is recorded that has no words."""

import re

import pytest

from app.services.history.entry_words import words_of
from app.services.history.names import Names
from app.services.history.subjects import SUBJECT_OF, UNDONE
from app.services.settings.drafts import Choice
from tests.support.source_files import ROOT

NAMES = Names(
    people={7: "Adam Novak"},
    teams={3: "Mobile"},
    items={5: "Buy cake"},
    projects={"10000": "PLAT · Platform Engineering"},
    types={("10000", "1"): "Task"},
    accounts={"abc": "Sam Rivera"},
)
NO_UNDO = "No undo: it is switched under Webhooks in the Jira settings."
SITE = {"cloud_id": "c", "site_url": "https://acme.atlassian.net"}
OFF = {"webhooks": False, "title": False, "assignee": False, "due_date": False}


def settings(
    choices: dict[str, list[str]], overrides: bool = False, **on: bool
) -> dict[str, object]:
    return {"choices": choices, "overrides": overrides, "returning": OFF | on}


ITEM, MEMBER = {"action_item": 5}, {"member": 7}
# By action: its details, then each line as what, from, to, note.
EXAMPLES: dict[str, tuple[dict[str, object], list[tuple[str, str | None, str | None, str]]]] = {
    "plan-changed": ({"before": "free", "after": "pro"}, [("Plan", "Free", "Pro", "")]),
    "history-exported": ({}, [("Downloaded the history", None, None, "")]),
    "invited": (
        {"invitation": 12, "role": "admin"},
        [("Invitation 12", "None", "Admin", "")],
    ),
    "invited-again": (
        {"invitation": 12},
        [("Invitation 12", "Waiting", "Sent again, for 7 days", "")],
    ),
    "invitation-removed": ({"invitation": 12}, [("Invitation 12", "Waiting", "Taken back", "")]),
    "invitation-link-printed": (
        {"invitation": 12},
        [("Invitation 12", "Waiting", "Its link was printed by the operator", "")],
    ),
    "member-added": (
        MEMBER | {"role": "member"},
        [("Role of Adam Novak", "Not a member", "Member", "")],
    ),
    "role-changed": (MEMBER | {"role": "admin"}, [("Role of Adam Novak", "Member", "Admin", "")]),
    "ownership-transferred": (
        MEMBER | {"before": 9},
        [("Owner", "person 9", "Adam Novak", "")],
    ),
    "member-removed": (
        MEMBER | {"before": "admin"},
        [("Role of Adam Novak", "Admin", "Not a member", "")],
    ),
    "email-changed": (MEMBER, [("E-mail of Adam Novak", None, None, "Changed by themselves")]),
    "items-handed-over": (
        MEMBER | {"to": 9, "items": [5, 6]},
        [("Owner of 2 open action items", "Adam Novak", "person 9", "")],
    ),
    "identity-untied": (
        MEMBER,
        [("Forgot the account at the identity provider of Adam Novak", None, None, "")],
    ),
    "account-deleted": (MEMBER, [("Account deleted: Adam Novak", None, None, "")]),
    "personal-data-exported": (
        MEMBER,
        [("Exported what is stored of Adam Novak", None, None, "")],
    ),
    "password-link-printed": (
        MEMBER,
        [("Printed a link for the password of Adam Novak", None, None, "")],
    ),
    "sessions-ended": (
        MEMBER | {"sessions": 2},
        [("Sessions of Adam Novak", "2 sessions", "Ended", "")],
    ),
    "team-created": ({"team": 3, "name": "Mobile"}, [("Team Mobile", "None", "Created", "")]),
    "team-renamed": (
        {"team": 3, "before": "App", "after": "Mobile"},
        [("Name of a team", "App", "Mobile", "")],
    ),
    "team-archived": ({"team": 3}, [("Mobile", "Active", "Archived", "")]),
    "team-brought-back": ({"team": 3}, [("Mobile", "Archived", "Active", "")]),
    "retrospective-renamed": (
        {"retrospective": 1, "before": "Sprint 1", "after": "Sprint 2"},
        [("Title of a retrospective", "Sprint 1", "Sprint 2", "")],
    ),
    "retrospective-deleted": (
        {"title": "Sprint 1", "before": "commit", "action_items": 5, "issues": 1},
        [
            (
                "Retrospective Sprint 1",
                "Commit",
                "Deleted",
                "With 5 action items; 1 issue stayed in Jira",
            )
        ],
    ),
    "organization-renamed": (
        {"before": "Acme", "after": "Acme Inc"},
        [("Name of the organization", "Acme", "Acme Inc", "")],
    ),
    "digest-time-changed": (
        {"before": "Monday, 8:00", "after": "Friday, 15:00"},
        [("Weekly digest", "Monday, 8:00", "Friday, 15:00", "")],
    ),
    "time-zone-changed": (
        {"before": "UTC", "after": "Europe/Prague"},
        [("Time zone", "UTC", "Europe/Prague", "")],
    ),
    "follow-through-exported": (
        {},
        [("Downloaded the figures of Follow-through", None, None, "")],
    ),
    "team-member": (
        MEMBER | {"team": 3, "facilitator": True, "before": None},
        [("Adam Novak in Mobile", "Not in the team", "Facilitator", "")],
    ),
    "team-member-removed": (
        MEMBER | {"team": 3, "before": "facilitator"},
        [("Adam Novak in Mobile", "Facilitator", "Not in the team", "")],
    ),
    "jira.connected": (
        SITE | {"account_id": "abc"},
        [("Connected acme.atlassian.net", None, None, "As account abc")],
    ),
    "jira.reconnected": (
        SITE | {"account_id": "abc"},
        [("Reconnected acme.atlassian.net", None, None, "As account abc")],
    ),
    "jira.disconnected": (SITE, [("Disconnected acme.atlassian.net", None, None, "")]),
    "jira.field-values-saved": (
        {
            "slot": 0,
            "before": {"as_default": True, "values": {}},
            "after": {
                "as_default": True,
                "values": {
                    "labels": {
                        "name": "Labels",
                        "kind": "labels",
                        "fingerprint": "labels/array/string",
                        "value": ["retro"],
                    }
                },
            },
        },
        [("Field Labels of the default", "Not sent", "retro", "")],
    ),
    "jira.paused": ({"reason": "PLAT moves"}, [("Syncing", "On", "Paused", "“PLAT moves”")]),
    "jira.resumed": ({"since": "2026-03-02T09:30:00+00:00"}, [("Syncing", "Paused", "On", "")]),
    "jira.held": (
        {"restored_until": "2026-03-02T09:30:00+00:00"},
        [
            (
                "Sending to Jira",
                "On",
                "On hold",
                "Restored from a backup of 2 March 2026, 09:30 UTC",
            )
        ],
    ),
    "jira.released": ({}, [("Sending to Jira", "On hold", "On", "")]),
    "jira.settings-saved": (
        {
            "before": settings({"0": ["10000", "1"]}, title=True),
            "after": settings({"0": ["10002", "8"], "3": ["10000", "1"]}, overrides=True),
        },
        [
            (
                "Project and issue type of the default",
                "PLAT · Platform Engineering, Task",
                "project 10002, issue type 8",
                "",
            ),
            (
                "Project and issue type of Mobile",
                "The default’s",
                "PLAT · Platform Engineering, Task",
                "",
            ),
            ("Use Per-Team Overrides", "Off", "On", ""),
            ("Take over the title", "On", "Off", NO_UNDO),
        ],
    ),
    "jira.unmatched-owners-changed": (
        {"before": None, "after": "abc"},
        [("Unmatched owners", "None", "Sam Rivera", "")],
    ),
    "jira.account-changed": (
        MEMBER | {"before": "xyz", "after": None},
        [("Jira account of Adam Novak", "account xyz", "None", "")],
    ),
    "jira.backfill-started": (
        {"action_items": 14},
        [("Sync past action items", "Not running", "Running", "14 action items to sync")],
    ),
    "jira.backfill-stopped": (
        {"reason": "person", "created": 1},
        [("Sync past action items", "Running", "Stopped", "1 issue created until then")],
    ),
    "jira.retried": (ITEM, [("Retry of “Buy cake”", "Sync error", "Tried again", "")]),
    "jira.retried-all": (
        {"action_items": 2},
        [("Retry of 2 action items", "Sync error", "Tried again", "")],
    ),
    "jira.sync-requested": (
        ITEM | {"before": None},
        [("Issue of “Buy cake”", "No issue", "Synced to Jira", "")],
    ),
    "jira.unlinked": (
        ITEM | {"before": "PLAT-1"},
        [("Issue of “Buy cake”", "PLAT-1", "Unlinked", "")],
    ),
    "jira.created-again": (
        ITEM | {"before": "PLAT-1"},
        [("Issue of “Buy cake”", "PLAT-1", "Created again", "")],
    ),
    "jira.linked": (
        ITEM | {"before": None, "after": "PLAT-1"},
        [("Issue of “Buy cake”", "No issue", "PLAT-1", "Linked to an issue that existed")],
    ),
    "jira.ours-sent": (
        ITEM | {"before": "PLAT-1", "fields": ["duedate", "summary"]},
        [("PLAT-1 of “Buy cake”", "Differs", "Ours sent", "Due date, title")],
    ),
    "jira.theirs-left": (
        ITEM | {"before": "PLAT-1", "fields": ["summary"]},
        [("PLAT-1 of “Buy cake”", "Differs", "Jira’s left as it was", "Title")],
    ),
    "jira.finishing-begun": (
        ITEM,
        [("Issue of “Buy cake”", "No issue", "Being created by hand in Jira", "")],
    ),
    "jira.finishing-stopped": (
        ITEM,
        [("Issue of “Buy cake”", "No issue", "Not waited for any more", "")],
    ),
    "jira.sync-log-exported": ({}, [("Downloaded the Sync Log", None, None, "")]),
}
RECORDED = re.compile(
    r'\b(?:audit\.record|record_on|record_for|record_several)\(([^"]*?)"([a-z.-]+)"', re.DOTALL
)
NOT_WRITTEN_THERE = {"jira.connected", "jira.reconnected"}  # one of the two, in a name


def test_whatever_is_recorded_has_a_subject() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "app").rglob("*.py"))
    recorded = {found[1] for found in RECORDED.findall(code)}

    assert recorded | NOT_WRITTEN_THERE == set(SUBJECT_OF)
    assert UNDONE not in SUBJECT_OF


@pytest.mark.parametrize("action", SUBJECT_OF)
def test_each_action_has_its_words(action: str) -> None:
    details, lines = EXAMPLES[action]

    said = words_of(action, details, NAMES)

    assert [(each.what, each.before, each.after, each.note) for each in said] == lines


def test_settings_that_were_saved_as_they_were_say_so() -> None:
    same = settings({"0": ["10000", "1"]})

    [said] = words_of("jira.settings-saved", {"before": same, "after": same}, NAMES)

    assert (said.what, said.note) == ("Jira settings", "Saved as they were")


def test_of_an_old_change_of_teams_only_what_was_recorded_is_said() -> None:
    [said] = words_of("team-member", {"member": 7, "team": 3, "facilitator": False}, NAMES)

    assert (said.before, said.after) == (None, "Member")


def test_a_change_of_the_default_can_be_told_from_one_of_a_team() -> None:
    details, _ = EXAMPLES["jira.settings-saved"]

    said = words_of("jira.settings-saved", details, NAMES)

    assert [each.change.part for each in said if each.change] == ["0", "3", "overrides", "title"]
    assert said[1].change is not None
    assert said[1].change.before == Choice()
