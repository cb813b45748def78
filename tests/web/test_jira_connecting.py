"""Connecting to Jira: consent, what comes back from Atlassian, and connecting again."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import AuditEvent, ConnectionState, JiraSettings, Plan, Role
from app.services.grants import tokens
from app.services.organizations import permissions
from tests.support.acme import acme, person
from tests.support.atlassian import (
    ENG,
    JIRA,
    SETTINGS,
    come_back,
    connect,
    connection,
    set_out,
    shown,
)

AUTHORIZATION = f"{JIRA}/authorization"


def test_connecting_asks_for_five_scopes_and_consent(admin, jira):
    asked = {name: values[0] for name, values in parse_qs(urlsplit(set_out(admin)).query).items()}

    assert asked["audience"] == "api.atlassian.com"
    assert asked["prompt"] == "consent"
    assert asked["redirect_uri"] == "http://localhost:5050/integrations/jira/callback"
    assert set(asked["scope"].split()) == {
        "read:jira-work", "write:jira-work", "read:jira-user", "manage:jira-webhook",
        "offline_access",
    }  # fmt: skip


def test_one_site_is_connected_at_once(admin, jira):
    answer = connect(admin, jira)

    assert answer.location == JIRA
    row = connection()
    assert row.state is ConnectionState.CONNECTED
    assert row.site_url.endswith("acme-eng") or "acme-eng" in row.site_url
    assert row.account_name == "Unpack Service"
    assert row.connected_by.name == "Adam Novak"
    assert "Connected to" in admin.get(JIRA).page.text


def test_tokens_are_encrypted_in_the_database(admin, jira):
    connect(admin, jira)

    row = connection()
    assert tokens.decrypt(row.access_token) not in row.access_token
    assert tokens.decrypt(row.refresh_token) not in row.refresh_token


def test_connecting_is_on_record(admin, jira):
    connect(admin, jira)

    event = db.session.query(AuditEvent).one()
    assert (event.action, event.user.name) == ("jira.connected", "Adam Novak")
    assert db.session.query(JiraSettings).one().version == 0


def test_declined_consent_is_said_and_stores_nothing(admin, jira):
    answer = connect(admin, jira, accept=False)

    assert answer.location == SETTINGS
    assert "declined at Atlassian" in shown(admin)
    assert connection() is None


@pytest.mark.parametrize("state", ["", "guessed", "ü"])
def test_a_foreign_state_is_refused(admin, jira, state):
    set_out(admin)

    answer = admin.get("/integrations/jira/callback", query_string={"code": "x", "state": state})

    assert answer.location == SETTINGS
    assert "belongs to no sign-in" in shown(admin)
    assert connection() is None


def test_a_callback_that_nobody_asked_for_leads_home(admin, jira):
    answer = admin.get("/integrations/jira/callback?code=x&state=y")

    assert answer.location == "/"
    assert connection() is None


def test_a_state_works_once(admin, jira):
    back = jira.control.consent(set_out(admin), sites=[ENG])
    come_back(admin, back)
    generation = connection().generation

    answer = come_back(admin, back)

    assert answer.location == "/"
    assert connection().generation == generation


def test_of_two_sign_ins_in_two_tabs_the_newer_one_works(admin, jira):
    """Whichever comes back first."""
    older, newer = (jira.control.consent(set_out(admin), sites=[ENG]) for _ in range(2))

    assert come_back(admin, older).location == SETTINGS
    assert "A newer sign-in at Atlassian was started" in shown(admin)
    assert connection() is None
    assert come_back(admin, newer).location == JIRA
    assert connection().state is ConnectionState.CONNECTED


def test_the_older_sign_in_changes_nothing_when_it_comes_back_last(admin, jira):
    older, newer = (jira.control.consent(set_out(admin), sites=[ENG]) for _ in range(2))
    come_back(admin, newer)
    generation = connection().generation

    come_back(admin, older)

    assert "A newer sign-in at Atlassian was started" in shown(admin)
    assert connection().generation == generation


def test_an_answer_that_was_not_awaited_leaves_the_one_that_is(admin, jira):
    back = jira.control.consent(set_out(admin), sites=[ENG])

    admin.get("/integrations/jira/callback?code=x&state=guessed")

    assert come_back(admin, back).location == JIRA


@pytest.mark.environment(PUBLIC_URL="http://127.0.0.1:5050", TRUSTED_HOSTS="localhost")
def test_who_would_come_back_to_another_host_is_told_before(admin, jira):
    page = admin.get(AUTHORIZATION).page

    assert "You are at localhost. Atlassian sends everybody back to" in page.text
    links = {e.get("href") for e in page.root.iter("a") if "Go on at" in "".join(e.itertext())}
    assert links == {f"http://127.0.0.1:5050{SETTINGS}"}


@pytest.mark.environment(PUBLIC_URL="http://127.0.0.1:5050", TRUSTED_HOSTS="localhost")
def test_a_proxy_that_hides_the_host_keeps_nobody_out(admin, jira):
    headers = {"Referer": f"http://127.0.0.1:5050{SETTINGS}"}

    answer = admin.get(AUTHORIZATION, headers=headers)

    assert answer.location.startswith(jira.url)


def test_a_state_belongs_to_the_person_who_asked(signed_in, jira):
    admin, owner = signed_in("admin@acme.test"), signed_in("owner@acme.test")
    back = jira.control.consent(set_out(admin), sites=[ENG])

    come_back(owner, back)

    assert connection() is None


def test_a_state_ends_after_ten_minutes(admin, jira, monkeypatch):
    back = jira.control.consent(set_out(admin), sites=[ENG])
    later = utcnow() + timedelta(minutes=11)
    monkeypatch.setattr("app.web.jira_authorization.utcnow", lambda: later)

    come_back(admin, back)

    assert connection() is None


def test_a_code_that_atlassian_refuses_is_said(admin, jira):
    back = jira.control.consent(set_out(admin), sites=[ENG])
    code = parse_qs(urlsplit(back).query)["code"][0]

    come_back(admin, back.replace(code, "wrong"))

    assert "did not accept this sign-in" in shown(admin)
    assert connection() is None


def test_an_account_without_a_jira_site_is_said(admin, jira):
    nobody = "nosite@acme.test"
    connect(admin, jira, (), account=nobody)

    assert "reaches no Jira Cloud site" in shown(admin)
    assert connection() is None


def test_a_role_lost_at_atlassian_connects_nothing(admin, jira):
    back = jira.control.consent(set_out(admin), sites=[ENG])
    permissions.membership_in(person("Adam"), acme().id).role = Role.MEMBER

    answer = come_back(admin, back)

    assert answer.location == "/"
    assert connection() is None
    assert "your role has changed" in admin.get("/organizations/acme").page.text


def test_a_plan_lost_at_atlassian_connects_nothing(admin, jira):
    back = jira.control.consent(set_out(admin), sites=[ENG])
    acme().plan = Plan.FREE

    come_back(admin, back)

    assert "went to Free meanwhile" in shown(admin)
    assert connection() is None


def test_reconnecting_the_same_site_keeps_the_row_and_grows_its_generation(admin, jira):
    connect(admin, jira)
    first = connection()
    first.state, first.generation = ConnectionState.NEEDS_RECONNECT, 5
    kept = first.id

    connect(admin, jira)

    again = connection()
    assert (again.id, again.generation, again.state) == (kept, 6, ConnectionState.CONNECTED)


def test_reconnecting_ends_a_refresh_that_is_under_way(admin, jira):
    connect(admin, jira)
    row = connection()
    row.refresh_lease_id, row.refresh_lease_until = "other", utcnow() + timedelta(seconds=30)

    connect(admin, jira)

    assert connection().refresh_lease_id is None


def test_free_cannot_set_out(signed_in, jira):
    tiny = signed_in("owner@tiny.test")

    answer = tiny.get("/organizations/tiny/settings/integrations/jira/authorization")

    assert answer.status_code == 403
