"""Changes of the Jira settings that have no undo say why."""

from app.services.history.entry_words import words_of
from app.services.history.names import Names

OFF = {"webhooks": False, "title": False, "assignee": False, "due_date": False}
SAVED = {"choices": {}, "overrides": False, "returning": OFF}


def test_of_a_switch_that_no_undo_is_for_it_is_said_where_it_is_switched() -> None:
    on = SAVED | {"overrides": True, "returning": OFF | {"webhooks": True}}

    overrides, webhooks = words_of(
        "jira.settings-saved", {"before": SAVED, "after": on}, Names({}, {}, {}, {}, {}, {})
    )

    assert (overrides.what, overrides.note) == ("Use Per-Team Overrides", "")
    assert webhooks.what == "Enable Jira Webhooks"
    assert webhooks.note == "No undo: it is switched under Webhooks in the Jira settings."
