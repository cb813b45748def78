"""Trouble with the connection: the banner on the settings, and the demo's outbox."""

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import CheckState, ConnectionState, JiraConnection, JiraSettings, ProjectMapping
from config import ConfigurationError
from jobs import notify_admins
from tests.support import settings
from tests.support.acme import choose_project, connect, items, link, make_free, team
from tests.support.pages import text_of

PAGES = ["members", "teams", "plan", "integrations", "integrations/jira",
         "integrations/jira/sync-log", "integrations/jira/setup",
         "integrations/jira/people"]  # fmt: skip
BASE = "/organizations/acme/settings"


def banners(page) -> list[str]:
    found = [each for each in page.all("div") if "notice" in each.get("class", "").split()]
    words = [text_of(each) for each in found]
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
        assert banner.startswith(
            "Atlassian no longer accepts Unpack’s access to acme-eng.atlassian.net. Since "
        ), path
        assert "2 action items are waiting and go out when you reconnect." in banner
        assert banner.endswith("Settings are kept. Reconnect")


def test_trouble_found_by_a_check_is_said_at_the_top_of_the_open_page(signed_in):
    troubled()

    answer = signed_in("admin@acme.test").get(f"{BASE}/integrations/jira/checks", htmx=True)

    apart = {each.get("id"): each for each in answer.page.root.iter() if each.get("hx-swap-oob")}
    assert "Needs reconnect" in text_of(apart["jira-state"])
    assert "no longer accepts Unpack’s access" in text_of(apart["jira-banner"])


def test_a_site_that_is_gone_is_said_too(signed_in):
    troubled(ConnectionState.SITE_UNAVAILABLE)

    [banner] = banners(signed_in("admin@acme.test").get(f"{BASE}/members").page)

    assert banner.startswith("The Jira site acme-eng.atlassian.net is not available.")
    assert "2 action items are waiting and go out when it is back." in banner
    assert "We look again at least every 15 minutes" in banner


@pytest.mark.parametrize("state", [ConnectionState.CONNECTED, ConnectionState.DISCONNECTED])
def test_without_trouble_there_is_no_banner(signed_in, state):
    connect(state)

    assert banners(signed_in("admin@acme.test").get(f"{BASE}/members").page) == []


def test_on_free_there_is_nothing_to_reconnect(signed_in):
    troubled()
    make_free()

    assert banners(signed_in("admin@acme.test").get(f"{BASE}/members").page) == []


def blocked(**values) -> ProjectMapping:
    connect()
    mapping = choose_project()
    mapping.check_state, mapping.checked_at = CheckState.BLOCKED, utcnow()
    mapping.findings = [{"code": "type-gone", "fields": []}]
    for name, value in values.items():
        setattr(mapping, name, value)
    return mapping


def red_notices(page) -> list[str]:
    found = [each for each in page.all("div") if "notice" in each.get("class", "").split()]
    words = [text_of(each) for each in found]
    return [each for each in words if "cannot become issues" in each]


def test_a_project_that_takes_no_action_items_is_said_on_every_page_of_the_settings(signed_in):
    blocked()
    person = signed_in("admin@acme.test")
    for path in PAGES:
        page = person.get(f"{BASE}/{path}").page
        if path == "integrations/jira":  # says it beside the choice
            assert red_notices(page) == []
            assert "PLAT no longer has the issue type Task." in page.text
            continue

        [notice] = red_notices(page)
        assert notice == (
            "Action items cannot become issues in PLAT. PLAT no longer has the issue type Task. "
            "Choose another type. Until then, its action items wait. Open Jira settings"
        ), path
        there = [each.get("href") for each in page.all("a")]
        assert f"{BASE}/integrations/jira#where" in there


def test_a_team_whose_override_takes_none_is_named(signed_in):
    mapping = blocked(team_id=team("Platform").id)
    db.session.add(JiraSettings(organization_id=mapping.organization_id, per_team_overrides=True))

    [notice] = red_notices(signed_in("owner@acme.test").get(f"{BASE}/members").page)

    assert notice.startswith("Platform’s action items cannot become issues in PLAT.")


def test_an_override_that_is_switched_off_is_not_said(signed_in):
    blocked(team_id=team("Platform").id)

    assert red_notices(signed_in("admin@acme.test").get(f"{BASE}/members").page) == []


def test_while_the_connection_does_not_work_its_own_trouble_is_enough(signed_in):
    mapping = blocked()
    db.session.query(JiraConnection).one().state = ConnectionState.NEEDS_RECONNECT

    page = signed_in("admin@acme.test").get(f"{BASE}/members").page

    assert (len(banners(page)), red_notices(page)) == (1, [])
    assert mapping.check_state is CheckState.BLOCKED


@pytest.mark.usefixtures("sample")
def test_the_demo_shows_its_e_mails_and_leads_to_the_settings(client, work):
    connection = troubled()
    connection_id = connection.id
    db.session.commit()
    notify_admins.run(connection_id)
    work()

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
