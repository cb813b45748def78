"""Connecting to Jira: consent, its answer, the choice of a site; every failure stores nothing."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import AuditEvent, ConnectionState, JiraSettings, Plan, Role
from app.services.connection import connect as connection_connect
from app.services.grants import tokens
from app.services.organizations import permissions
from demo.jira_cloud.catalog.sites import SITES
from tests.support.acme import acme, person
from tests.support.atlassian import (
    ENG,
    JIRA,
    LABS,
    SETTINGS,
    come_back,
    connect,
    connection,
    pending,
    set_out,
)


def shown(admin) -> str:
    """What the integrations page says next."""
    return admin.get(SETTINGS).page.text


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


def test_more_than_one_site_is_left_to_choose(admin, jira):
    answer = connect(admin, jira, (LABS, ENG))

    assert answer.location == f"{JIRA}/site"
    assert connection() is None
    page = admin.get(f"{JIRA}/site").page
    assert "Acme Engineering" in page.text
    assert "Acme Labs" in page.text
    assert "Signed in at Atlassian as Unpack Service" in page.text


@pytest.mark.both_databases
def test_choosing_a_site_connects_it(admin, jira):
    connect(admin, jira, (LABS, ENG))

    answer = admin.post(f"{JIRA}/site", {"site": SITES[ENG].cloud_id})

    assert answer.location == JIRA
    assert connection().site_name == "Acme Engineering"
    assert pending() is None


def test_a_site_that_was_not_offered_is_refused(admin, jira):
    connect(admin, jira, (LABS, ENG))

    answer = admin.post(f"{JIRA}/site", {"site": "another"})

    assert answer.status_code == 422
    assert "Choose one of these sites." in answer.page.text
    assert connection() is None


def test_the_waiting_grant_is_encrypted_and_short_lived(admin, jira):
    connect(admin, jira, (LABS, ENG))

    row = pending()
    assert tokens.decrypt(row.refresh_token) not in row.refresh_token
    assert timedelta(minutes=14) < row.expires_at - utcnow() <= timedelta(minutes=15)


def test_a_choice_that_takes_too_long_connects_nothing(admin, jira):
    connect(admin, jira, (LABS, ENG))
    pending().expires_at = utcnow() - timedelta(seconds=1)

    answer = admin.post(f"{JIRA}/site", {"site": SITES[ENG].cloud_id})

    assert answer.location == SETTINGS
    assert "expired" in shown(admin)
    assert connection() is None


def test_expired_grants_are_deleted(admin, jira):
    connect(admin, jira, (LABS, ENG))

    assert connection_connect.delete_expired_grants(utcnow()) == 0
    assert connection_connect.delete_expired_grants(utcnow() + timedelta(minutes=16)) == 1
    assert pending() is None


def test_cancelling_forgets_the_grant(admin, jira):
    connect(admin, jira, (LABS, ENG))

    admin.post(f"{JIRA}/pending-grant/removal")

    assert pending() is None
    assert "was cancelled" in shown(admin)


def test_only_the_person_who_signed_in_at_atlassian_chooses(admin, signed_in, jira):
    connect(admin, jira, (LABS, ENG))
    owner = signed_in("owner@acme.test")

    assert "Adam Novak signed in at Atlassian" in owner.get(SETTINGS).page.text
    assert owner.get(f"{JIRA}/site").status_code == 403
    assert owner.post(f"{JIRA}/site", {"site": SITES[ENG].cloud_id}).status_code == 403
    assert connection() is None


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


def test_a_plan_lost_before_the_choice_connects_nothing(admin, jira):
    connect(admin, jira, (LABS, ENG))
    acme().plan = Plan.FREE

    answer = admin.post(f"{JIRA}/site", {"site": SITES[ENG].cloud_id})

    assert answer.status_code == 403
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


def test_another_site_asks_before_it_takes_the_old_ones_place(admin, jira):
    connect(admin, jira)

    answer = connect(admin, jira, (LABS,))

    assert connection().site_name == "Acme Engineering"
    page = admin.get(admin.get(answer.location).location).page
    assert "The projects chosen on the old site are no longer used." in page.text
    assert "keep linking to the old site" in page.text


@pytest.mark.both_databases
def test_another_site_is_connected_once_it_is_confirmed(admin, jira):
    connect(admin, jira)
    connect(admin, jira, (LABS,))
    labs = SITES[LABS].cloud_id

    unconfirmed = admin.post(f"{JIRA}/site", {"site": labs})
    assert unconfirmed.location == f"{JIRA}/site/{labs}"
    assert connection().site_name == "Acme Engineering"

    admin.post(f"{JIRA}/site", {"site": labs, "confirmed": "yes"})
    assert connection().site_name == "Acme Labs"
    assert connection().generation == 2


def test_free_cannot_set_out(signed_in, jira):
    tiny = signed_in("owner@tiny.test")

    answer = tiny.get("/organizations/tiny/settings/integrations/jira/authorization")

    assert answer.status_code == 403
