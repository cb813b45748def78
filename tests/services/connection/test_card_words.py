"""What the Jira card and the banner say in each state, and what they offer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.models import ConnectionState, JiraConnection, PendingGrant
from app.services.connection.card_words import (
    Action,
    banner_of,
    chip_of,
    connected,
    log_banner_of,
    words_of,
)
from app.services.connection.cards import Card, CardState, Counts
from app.services.grants.troubles import TROUBLES
from app.services.labels import Chip, Sentence

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)
ADMIN, SOMEBODY_ELSE = 7, 8
NOTHING = Counts(waiting=0, linked=0, failed=0, synced_this_week=0)


def card(state: CardState, waiting: int = 0, linked: int = 0) -> Card:
    """A card of a connection that is in the state that the card's state comes from."""
    connected = {CardState.PAUSED, CardState.ON_HOLD, CardState.CONNECTING, CardState.FREE}
    never = {CardState.NOT_SET_UP, CardState.NOT_CONNECTED}
    connection = None
    if state not in never:
        own = ConnectionState.CONNECTED if state in connected else ConnectionState(state.value)
        connection = JiraConnection(state=own, state_changed_at=NOW, site_url="https://acme.test")
    pending = PendingGrant(user_id=ADMIN, expires_at=LATER)
    return Card(
        state=state,
        connection=connection,
        pending=pending if state is CardState.CONNECTING else None,
        paused_until=LATER if state is CardState.PAUSED else None,
        counts=replace(NOTHING, waiting=waiting, linked=linked),
    )


@pytest.mark.parametrize(
    ("state", "chip"),
    [
        (CardState.NOT_SET_UP, Chip("off", "plug", "Not set up")),
        (CardState.FREE, Chip("off", "lock", "Pro and Enterprise")),
        (CardState.NOT_CONNECTED, Chip("off", "plug", "Not connected")),
        (CardState.CONNECTING, Chip("syncing", "refresh", "Connecting", spin=True)),
        (CardState.CONNECTED, Chip("connected", "plug-connected", "Connected")),
        (CardState.NEEDS_RECONNECT, Chip("reconnect", "plug-connected-x", "Needs reconnect")),
        (CardState.SITE_UNAVAILABLE, Chip("reconnect", "plug-connected-x", "Site unavailable")),
        (CardState.MISCONFIGURED, Chip("reconnect", "plug-connected-x", "Set up wrongly")),
        (CardState.PAUSED, Chip("paused", "player-pause", "Paused by Jira until", at=LATER)),
        (CardState.ON_HOLD, Chip("paused", "player-pause", "Waiting after a restore")),
        (CardState.DISCONNECTED, Chip("off", "plug", "Disconnected")),
    ],
)
def test_each_state_has_its_chip(state, chip):
    assert chip_of(card(state)) == chip


@pytest.mark.parametrize(
    ("state", "labels"),
    [
        (CardState.NOT_SET_UP, ["Read how to set it up"]),
        (CardState.FREE, ["Connect to Jira", "See plans", "Disconnect Jira"]),
        (CardState.NOT_CONNECTED, ["Connect to Jira"]),
        (CardState.CONNECTING, ["Choose a site", "Cancel", "Settings"]),
        (CardState.CONNECTED, ["Settings"]),
        (CardState.NEEDS_RECONNECT, ["Reconnect", "Settings"]),
        (CardState.SITE_UNAVAILABLE, ["Reconnect", "Settings"]),
        (CardState.MISCONFIGURED, ["Settings"]),
        (CardState.PAUSED, ["Settings"]),
        (CardState.ON_HOLD, ["Settings"]),
        (CardState.DISCONNECTED, ["Connect to Jira"]),
    ],
)
def test_each_state_offers_what_helps(state, labels):
    assert [each.label for each in words_of(card(state), "Acme", ADMIN).actions] == labels


def test_on_free_nothing_can_be_connected():
    never = replace(card(CardState.FREE), connection=None)
    said = words_of(never, "Acme", ADMIN)

    assert [each.label for each in said.actions if each.enabled] == ["See plans"]
    assert said.hint == "Acme is on Free. The Jira integration comes with Pro and Enterprise."


def test_only_who_signed_in_at_atlassian_chooses_the_site():
    mine = words_of(card(CardState.CONNECTING), "Acme", ADMIN)
    others = words_of(card(CardState.CONNECTING), "Acme", SOMEBODY_ELSE)

    assert mine.outlook == Sentence("Choose a site by", LATER, " to finish.")
    assert others.outlook == Sentence("A site is to be chosen by", LATER, ".")
    assert [each.label for each in others.actions] == ["Cancel", "Settings"]


@pytest.mark.parametrize(
    ("state", "hinted"),
    [
        (CardState.NOT_CONNECTED, True),
        (CardState.DISCONNECTED, True),
        (CardState.CONNECTED, False),
        (CardState.NEEDS_RECONNECT, False),
    ],
)
def test_who_connects_is_advised_of_a_service_account(state, hinted):
    assert ("service account" in words_of(card(state), "Acme", ADMIN).hint) is hinted


@pytest.mark.parametrize(
    ("state", "waiting", "linked", "outlook"),
    [
        (CardState.NEEDS_RECONNECT, 0, 0, Sentence("Nothing is waiting.")),
        (
            CardState.NEEDS_RECONNECT,
            2,
            0,
            Sentence("2 action items are waiting and go out when you reconnect."),
        ),
        (CardState.SITE_UNAVAILABLE, 0, 0, Sentence("")),
        (
            CardState.SITE_UNAVAILABLE,
            1,
            0,
            Sentence("1 action item is waiting and goes out when it is back."),
        ),
        (CardState.PAUSED, 0, 0, Sentence("Nothing is waiting.")),
        (CardState.PAUSED, 1, 0, Sentence("1 action item goes out at", LATER, " by itself.")),
        (CardState.PAUSED, 2, 0, Sentence("2 action items go out at", LATER, " by themselves.")),
        (CardState.DISCONNECTED, 0, 0, Sentence("No action item has an issue there.")),
        (
            CardState.DISCONNECTED,
            0,
            1,
            Sentence("1 key still links to its issue; nothing is updated."),
        ),
        (
            CardState.DISCONNECTED,
            0,
            2,
            Sentence("2 keys still link to their issues; nothing is updated."),
        ),
        (CardState.CONNECTED, 3, 3, Sentence("")),
    ],
)
def test_what_comes_next_is_said(state, waiting, linked, outlook):
    assert words_of(card(state, waiting, linked), "Acme", ADMIN).outlook == outlook


@pytest.mark.parametrize(
    ("state", "waiting", "heading", "sentence"),
    [
        (
            CardState.NEEDS_RECONNECT,
            1,
            Sentence("Atlassian no longer accepts Unpack’s access to acme.test."),
            Sentence(
                "Since",
                NOW,
                " nothing is synced. 1 action item is waiting and goes out when you reconnect. "
                "Settings are kept.",
            ),
        ),
        (
            CardState.SITE_UNAVAILABLE,
            0,
            Sentence("The Jira site acme.test is not available."),
            Sentence(
                "It was suspended or deleted, or our account lost its place there. Since",
                NOW,
                " nothing is synced. We look again at least every 15 minutes, and nobody need do "
                "anything if it comes back. Settings are kept.",
            ),
        ),
        (
            CardState.PAUSED,
            2,
            Sentence("Jira asked us to slow down until", LATER, "."),
            Sentence("2 action items go out then, by themselves. No try is used up."),
        ),
        (
            CardState.PAUSED,
            0,
            Sentence("Jira asked us to slow down until", LATER, "."),
            Sentence("Nothing is waiting."),
        ),
        (
            CardState.CONNECTING,
            0,
            Sentence("A new sign-in at Atlassian waits for a site to be chosen."),
            Sentence("Until then, everything stays as it is."),
        ),
    ],
)
def test_the_banner_says_what_is_wrong(state, waiting, heading, sentence):
    banner = banner_of(card(state, waiting))

    assert (banner.heading, banner.sentence) == (heading, sentence)


@pytest.mark.parametrize(
    ("state", "tone", "action"),
    [
        (CardState.NEEDS_RECONNECT, "bad", "Reconnect"),
        (CardState.SITE_UNAVAILABLE, "bad", "Reconnect"),
        (CardState.CONNECTING, "warn", "Open Integrations"),
    ],
)
def test_the_banner_leads_to_what_helps(state, tone, action):
    banner = banner_of(card(state))

    assert (banner.tone, banner.action.label) == (tone, action)


def test_nobody_can_do_anything_about_a_pause():
    assert banner_of(card(CardState.PAUSED)).action is None


@pytest.mark.parametrize(
    "state",
    [CardState.FREE, CardState.NOT_CONNECTED, CardState.CONNECTED, CardState.DISCONNECTED],
)
def test_there_is_no_banner_while_all_is_well(state):
    assert banner_of(card(state)) is None


@pytest.mark.parametrize(
    ("state", "heading", "begins", "action"),
    [
        (CardState.FREE, "Free does not include Jira.", "Nothing is synced or retried. The log "
         "stays, and syncing goes on when Acme is back", "See plans"),
        (CardState.DISCONNECTED, "Jira is disconnected.",
         "Nothing is synced or retried. The log stays.", "Open Integrations"),
        (CardState.NOT_CONNECTED, "Jira is not connected.", "Nothing is synced or retried.",
         "Open Integrations"),
    ],
)  # fmt: skip
def test_the_sync_log_says_why_it_stands_still(state, heading, begins, action):
    banner = log_banner_of(card(state), "Acme")

    assert (banner.heading.before, banner.action.label) == (heading, action)
    assert banner.sentence.before.startswith(begins)


@pytest.mark.parametrize(
    "state", [CardState.CONNECTED, CardState.PAUSED, CardState.NEEDS_RECONNECT]
)
def test_the_sync_log_goes_on_while_a_grant_is_held(state):
    assert log_banner_of(card(state), "Acme") is None


def test_an_e_mail_says_nothing_of_what_does_not_wait():
    assert TROUBLES[ConnectionState.NEEDS_RECONNECT].outlook(0) == ""


def test_connecting_is_cancelled_by_a_form():
    said = words_of(card(CardState.CONNECTING), "Acme", ADMIN)

    assert Action("Cancel", "jira_site.destroy", posts=True) in said.actions


KEPT = "Connected to acme.test. Settings are kept, and what was waiting goes out now."


@pytest.mark.parametrize(
    ("chosen", "without_issue", "words"),
    [
        (False, 3, "Connected to acme.test. Choose where action items go, then save."),
        (True, 0, KEPT),
        (True, 1, f"{KEPT} 1 action item was committed without Jira: see Sync past action items."),
        (
            True,
            2,
            f"{KEPT} 2 action items were committed without Jira: see Sync past action items.",
        ),
    ],
)
def test_connecting_promises_only_what_goes_out(chosen, without_issue, words):
    assert connected("acme.test", chosen=chosen, without_issue=without_issue) == words


def test_connecting_on_hold_does_not_promise_that_anything_goes_out():
    said = connected("acme.test", chosen=True, without_issue=1, on_hold=True)
    assert "what a backup forgot is looked for now" in said
    assert "goes out" not in said


def test_what_failed_is_the_one_next_thing():
    connected = card(CardState.CONNECTED)
    said = words_of(replace(connected, counts=replace(connected.counts, failed=7)), "Acme", ADMIN)

    review, settings = said.actions
    assert (review.label, review.look) == ("Review 7 failed", "primary")
    assert (review.endpoint, review.arguments) == ("sync_log.index", {"shown": "failed"})
    assert (settings.label, settings.look) == ("Settings", "")
