"""How Jira is doing, in one line of an organization's home."""

from typing import Any

import pytest

from app.models import ConnectionState
from app.services.panel.home_jira import line_of
from app.services.panel.recent_retrospectives import RetrospectiveRow

BECOMING = "Action items become Jira issues when a retrospective enters Commit."
WELL: dict[str, Any] = {
    "plan_includes_jira": True,
    "state": ConnectionState.CONNECTED,
    "synced_this_week": 3,
    "failed": 0,
}


@pytest.mark.parametrize(
    ("facts", "chip", "words", "link"),
    [
        ({}, "Connected", "3 action items synced this week.", "Open Integrations"),
        (
            {"synced_this_week": 1, "failed": 2},
            "Connected",
            "1 action item synced this week, 2 failed.",
            "Review 2 failed",
        ),
        (
            {"on_hold": True},
            "Waiting after a restore",
            "Unpack was restored from a backup. Action items wait; nothing is lost.",
            "Open Integrations",
        ),
        ({"state": None}, "Not connected", BECOMING, "Connect to Jira"),
        ({"state": ConnectionState.DISCONNECTED}, "Disconnected", BECOMING, "Connect again"),
        (
            {"state": ConnectionState.NEEDS_RECONNECT},
            "Needs reconnect",
            "Action items wait until somebody reconnects. Nothing is lost.",
            "Open Integrations",
        ),
        (
            {"state": ConnectionState.SITE_UNAVAILABLE},
            "Site unavailable",
            "Action items wait until somebody reconnects. Nothing is lost.",
            "Open Integrations",
        ),
        (
            {"plan_includes_jira": False},
            "Pro and Enterprise",
            "Everything is on hold while Acme is on Free.",
            "See plans",
        ),
        (
            {"plan_includes_jira": False, "state": ConnectionState.DISCONNECTED},
            "Pro and Enterprise",
            BECOMING,
            "See plans",
        ),
        (
            {"plan_includes_jira": False, "state": None},
            "Pro and Enterprise",
            BECOMING,
            "See plans",
        ),
    ],
)
def test_the_line_says_how_jira_is_doing(facts, chip, words, link):
    line = line_of("Acme", **WELL | facts)

    assert (line.chip.words, line.words, line.link) == (chip, words, link)


def test_what_failed_is_one_press_away():
    line = line_of("Acme", **WELL | {"failed": 2})

    assert (line.endpoint, line.arguments) == ("sync_log.index", {"shown": "failed"})


@pytest.mark.parametrize(
    ("still_open", "complete", "words"),
    [
        (0, 0, "None yet"),
        (2, 0, "2 open"),
        (0, 1, "1 complete"),
        (0, 3, "All 3 complete"),
        (2, 1, "2 open, 1 complete"),
    ],
)
def test_a_retrospective_counts_its_action_items(still_open, complete, words):
    assert RetrospectiveRow(None, still_open, complete, None).counts == words
