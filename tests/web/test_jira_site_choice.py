"""Choosing one of several sites, and another one than before."""

from datetime import timedelta

import pytest

from app.clock import utcnow
from app.models import Plan
from app.services.connection import connect as connection_connect
from app.services.grants import tokens
from demo.jira_cloud.catalog.sites import SITES
from tests.support.acme import acme
from tests.support.atlassian import (
    ENG,
    JIRA,
    LABS,
    SETTINGS,
    connect,
    connection,
    pending,
    shown,
)


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


def test_a_plan_lost_before_the_choice_connects_nothing(admin, jira):
    connect(admin, jira, (LABS, ENG))
    acme().plan = Plan.FREE

    answer = admin.post(f"{JIRA}/site", {"site": SITES[ENG].cloud_id})

    assert answer.status_code == 403
    assert connection() is None


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
