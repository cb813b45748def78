"""The Jira card in each of its states."""

from datetime import timedelta

import pytest

from app.clock import utcnow
from app.models import ConnectionState, LinkState
from tests.support.acme import connect, items, link, make_free, person
from tests.support.atlassian import JIRA, SETTINGS
from tests.support.pages import text_of


def controls(answer) -> list[str]:
    """What can be pressed in the card."""
    card = next(each for each in answer.page.all("article"))
    found = [each for each in card.iter() if each.tag in {"a", "button"}]
    return [text_of(each) for each in found if "disabled" not in each.attrib]


def test_members_do_not_find_the_page(signed_in):
    assert signed_in("member1@acme.test").get(SETTINGS).status_code == 404


def test_people_of_another_organization_do_not_find_the_page(signed_in):
    assert signed_in("owner@tiny.test").get(SETTINGS).status_code == 404


def test_not_connected_offers_to_connect(admin):
    answer = admin.get(SETTINGS)

    assert "Jira Cloud only" in answer.page.text
    assert controls(answer) == ["Connect to Jira"]


@pytest.mark.environment(JIRA_CLIENT_ID="")
class TestWithoutAnAtlassianApp:
    def test_the_card_says_how_to_set_it_up(self, admin):
        answer = admin.get(SETTINGS)

        assert "has no Atlassian app yet" in answer.page.text
        assert controls(answer) == ["Read how to set it up"]

    def test_nobody_can_set_out(self, admin):
        assert admin.get(f"{JIRA}/authorization").status_code == 403

    def test_the_help_names_callback_and_scopes(self, admin):
        text = admin.get(f"{JIRA}/setup").page.text

        assert "http://localhost:5050/integrations/jira/callback" in text
        assert "manage:jira-webhook" in text


def test_free_shows_the_control_disabled_with_the_reason(signed_in):
    answer = signed_in("owner@tiny.test").get("/organizations/tiny/settings/integrations")

    assert "is on Free. The Jira integration comes with Pro and Enterprise." in answer.page.text
    assert controls(answer) == ["See plans"]


def test_free_keeps_a_connection_and_can_end_it(admin):
    connect()
    make_free()

    answer = admin.get(SETTINGS)

    assert "its settings are kept; nothing is synced on Free" in answer.page.text
    assert "Disconnect Jira" in controls(answer)
    assert admin.get(JIRA).location == SETTINGS


def test_connected_shows_site_account_and_settings(admin):
    connect()
    link(items()[0], synced_at=utcnow() - timedelta(days=1))
    link(items()[1], synced_at=utcnow() - timedelta(days=8))

    answer = admin.get(SETTINGS)

    assert "acme-eng.atlassian.net" in answer.page.text
    assert "Unpack Service" in answer.page.text
    assert "Synced this week1 action item" in answer.page.text.replace("week 1", "week1")
    assert controls(answer)[-1] == "Settings"


def test_needs_reconnect_counts_what_waits(admin):
    connect(ConnectionState.NEEDS_RECONNECT)
    for item in items()[:2]:
        link(item, LinkState.WAITING, due_at=utcnow(), key=None)

    answer = admin.get(SETTINGS)

    assert "2 action items are waiting and go out when you reconnect." in answer.page.text
    assert controls(answer) == ["Reconnect", "Settings"]


def test_a_pause_says_until_when(admin):
    connect().paused_until = utcnow() + timedelta(minutes=5)

    assert "Paused by Jira until" in admin.get(SETTINGS).page.text


def test_disconnected_says_who_and_that_keys_stay(admin):
    row = connect(ConnectionState.DISCONNECTED)
    row.disconnected_at, row.disconnected_by = utcnow(), person("Adam")
    link(items()[0])

    answer = admin.get(SETTINGS)

    assert "Adam Novak disconnected" in answer.page.text
    assert "1 key still links to its issue" in answer.page.text
    assert controls(answer) == ["Connected apps", "Connect to Jira"]
