"""Trouble with the connection: the banner on the settings, and the demo's outbox."""

import pytest

from app.extensions import db
from app.models import ConnectionState, utcnow
from config import ConfigurationError
from jobs import notify_admins
from tests.support import settings
from tests.web.acme import connect, items, link, make_free

PAGES = ["members", "teams", "plan", "integrations", "integrations/jira",
         "integrations/jira/sync-log", "integrations/jira/setup",
         "integrations/jira/people"]  # fmt: skip
BASE = "/organizations/acme/settings"


def banners(page) -> list[str]:
    found = [each for each in page.all("div") if "notice" in each.get("class", "").split()]
    words = [" ".join("".join(each.itertext()).split()) for each in found]
    return [each for each in words if "nothing is synced" in each]


def troubled(state=ConnectionState.NEEDS_RECONNECT):
    connection = connect(state)
    for item in items()[:2]:
        link(item, due_at=utcnow(), key=None)
    return connection


@pytest.mark.parametrize("email", ["admin@acme.test", "owner@acme.test"])
def test_every_page_of_the_settings_says_it_once_with_a_way_out(signed_in, email):
    troubled()
    person = signed_in(email)
    for path in PAGES:
        page = person.get(f"{BASE}/{path}").page

        [banner] = banners(page)
        assert banner.startswith("Atlassian no longer accepts our access. Since "), path
        assert "2 action items are waiting and go out when you reconnect." in banner
        assert banner.endswith("Settings are kept.Reconnect")


def test_a_site_that_is_gone_is_said_too(signed_in):
    troubled(ConnectionState.SITE_UNAVAILABLE)

    [banner] = banners(signed_in("admin@acme.test").get(f"{BASE}/members").page)

    assert banner.startswith("The Jira site is not available.")
    assert "2 action items are waiting" in banner


@pytest.mark.parametrize("state", [ConnectionState.CONNECTED, ConnectionState.DISCONNECTED])
def test_without_trouble_there_is_no_banner(signed_in, state):
    connect(state)

    assert banners(signed_in("admin@acme.test").get(f"{BASE}/members").page) == []


def test_on_free_there_is_nothing_to_reconnect(signed_in):
    troubled()
    make_free()

    assert banners(signed_in("admin@acme.test").get(f"{BASE}/members").page) == []


@pytest.mark.usefixtures("sample")
def test_the_demo_shows_its_e_mails_and_leads_to_the_settings(client):
    connection = troubled()
    connection_id = connection.id
    db.session.commit()
    notify_admins.run(connection_id)

    sign_in = client.get("/sign-in").page
    outbox = client.get("/demo/outbox").page

    assert any(each.get("href") == "/demo/outbox" for each in sign_in.all("a"))
    assert outbox.texts("h2") == ["Acme: Jira needs to be reconnected"]
    assert "To owner@acme.test, admin@acme.test" in " ".join(outbox.text.split())
    there = f"http://localhost:5050{BASE}/integrations/jira"
    assert any(each.get("href") == there for each in outbox.all("a"))


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    "changes", [{"DEMO": False}, {"SMTP_URL": "smtp://localhost"}], ids=["no demo", "mail server"]
)
def test_elsewhere_there_is_no_outbox(app, client, changes):
    app.config.update(changes)

    assert client.get("/demo/outbox").status_code == 404
    assert "outbox" not in client.get("/sign-in").page.text


@pytest.mark.parametrize(
    "given",
    [
        {"SMTP_URL": "mail.example:25"},
        {"SMTP_URL": "http://mail.example"},
        {"SMTP_URL": "smtp://"},
        {"SMTP_URL": "smtp://a:secret@mail.example:nine"},
        {"MAIL_FROM": "Unpack"},
    ],
)
def test_a_mail_setting_that_cannot_work_is_told_at_the_start(given):
    with pytest.raises(ConfigurationError) as told:
        settings.build(database_url="sqlite://", **given)

    assert "secret" not in str(told.value)
