"""What nobody sends by accident: odd ids, unprintable text, two changes at the same moment."""

import threading
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from urllib.parse import quote

import pytest
from flask import Flask

from app.clock import utcnow
from app.extensions import db
from app.models import Membership, PendingGrant, Role, Team
from app.services.connection import connect
from app.services.connection.consent import ConnectingFailed, Site
from app.services.organizations import memberships
from tests.support.acme import acme, connect_and_choose, person, sprint_14
from tests.support.people import Person

pytestmark = pytest.mark.both_databases

SETTINGS = "/organizations/acme/settings"
JIRA = f"{SETTINGS}/integrations/jira"
SignedIn = Callable[[str], Person]


def test_an_id_that_no_row_can_have_is_not_found(signed_in: SignedIn) -> None:
    owner = signed_in("owner@acme.test")

    for number, place in product(
        (2**31, 2**63),
        ("/action-items", "/retrospectives", "/organizations/acme/teams", f"{SETTINGS}/teams"),
    ):
        assert owner.get(f"{place}/{number}").status_code == 404
    assert owner.get(f"{SETTINGS}/members/{2**31}/removal").status_code == 404
    assert owner.post(f"/action-items/{2**63}/completion").status_code == 404


@pytest.mark.parametrize(
    "odd",
    [
        f"{SETTINGS}/history?who={{}}",
        f"{SETTINGS}/history?before={{}}",
        f"{SETTINGS}/history?after={{}}",
        f"{SETTINGS}/history/changes.csv?who={{}}",
        f"{JIRA}/sync-log?team={{}}",
        f"{JIRA}/sync-log?before=1-{{}}",
        f"{JIRA}/sync-log?after=1-{{}}",
        "/organizations/acme/action-items?owner={}",
        "/organizations/acme/action-items?after=later.{}",
        "/organizations/acme/action-items?before=2026-11-30.{}",
        "/organizations/acme/retrospectives/new?team={}",
    ],
)
def test_an_address_that_names_an_id_that_no_row_can_have(signed_in: SignedIn, odd: str) -> None:
    owner = signed_in("owner@acme.test")

    for number in (2**31, 9999999999, 2**63):
        assert owner.get(odd.format(number)).status_code == 200, number


def test_a_form_that_names_an_id_that_no_row_can_have(signed_in: SignedIn) -> None:
    connect_and_choose()
    owner = signed_in("owner@acme.test")
    named = {"entry": "9999999999", "item": "9999999999"}

    assert owner.post(f"{JIRA}/sync-log/retries", named).status_code == 303
    assert owner.post(f"/retrospectives/{sprint_14().id}/syncs", named).status_code == 303


def test_a_nul_in_an_address_finds_nothing(signed_in: SignedIn) -> None:
    connect_and_choose()
    owner = signed_in("owner@acme.test")

    assert owner.get("/organizations/ac%00me").status_code == 404
    assert owner.get(f"{JIRA}?version=0&project=%00").status_code == 200
    assert owner.get(f"{JIRA}/projects?query=a%00").status_code == 200


def test_a_nul_in_a_form_is_left_out(signed_in: SignedIn) -> None:
    owner = signed_in("owner@acme.test")

    assert owner.post(f"{SETTINGS}/teams", {"name": "We\x00b"}).status_code == 303
    assert owner.post(f"{SETTINGS}/teams", {"name": "\x00"}).status_code == 422
    assert owner.post(f"{SETTINGS}/teams", {"na\x00me": "Core"}).status_code == 303

    names = {team.name for team in db.session.query(Team)}
    assert {"Web", "Core"} <= names


def test_a_version_in_another_script_is_an_old_version(signed_in: SignedIn) -> None:
    connect_and_choose()
    owner = signed_in("owner@acme.test")

    assert owner.get(f"{JIRA}?version={quote('²')}").status_code == 200


@pytest.mark.parametrize("what", ["role", "removal"])
def test_whoever_becomes_the_owner_meanwhile_stays_it(signed_in: SignedIn, what: str) -> None:
    owner, heir = person("Olga"), _membership("Adam")
    address = f"{SETTINGS}/members/{heir.id}/{what}"
    admin = signed_in("admin@acme.test")
    admin.get(f"{SETTINGS}/members")
    answers: list[int] = []

    memberships.transfer_ownership(heir, owner)
    post = threading.Thread(
        target=lambda: answers.append(admin.post(address, {"role": "member"}).status_code)
    )
    post.start()
    post.join(timeout=0.5)
    assert post.is_alive()
    db.session.commit()
    post.join()

    db.session.expire_all()
    assert [row.user.name for row in acme().memberships if row.role is Role.OWNER] == ["Adam Novak"]
    assert answers[0] in {403, 409}


def test_two_transfers_at_once_leave_one_owner(signed_in: SignedIn) -> None:
    owner, first, second = person("Olga"), _membership("Adam"), _membership("Maya")
    address = f"{SETTINGS}/members/{second.id}/ownership"
    olga = signed_in("owner@acme.test")
    olga.get(f"{SETTINGS}/members")
    answers: list[int] = []

    memberships.transfer_ownership(first, owner)
    post = threading.Thread(target=lambda: answers.append(olga.post(address).status_code))
    post.start()
    post.join(timeout=0.5)
    db.session.commit()
    post.join()

    db.session.expire_all()
    assert [row.user.name for row in acme().memberships if row.role is Role.OWNER] == ["Adam Novak"]
    assert answers[0] in {403, 409}


def test_whoever_is_removed_is_out_at_once(signed_in: SignedIn) -> None:
    member = signed_in("member1@acme.test")
    retrospective = f"/retrospectives/{sprint_14().id}"
    assert member.get(f"{retrospective}/panel", htmx=True).status_code == 200

    memberships.remove_member(_membership("Maya"), person("Olga"))

    for address in ("/organizations/acme", retrospective, f"{retrospective}/panel"):
        assert member.get(address, htmx=True).status_code == 404
    assert member.post(f"{retrospective}/action-items", {"title": "Mine"}).status_code == 404


def test_a_grant_that_took_ones_own_place_is_not_used(sample: None, app: Flask) -> None:
    site = Site("cloud-1", "acme-eng", "https://acme-eng.atlassian.net")
    grant = PendingGrant(
        organization_id=acme().id,
        user_id=person("Adam").id,
        access_token="access",
        refresh_token="refresh",
        access_expires_at=utcnow() + timedelta(hours=1),
        account_id="adam",
        account_name="Adam",
        sites=[site.as_json()],
        expires_at=utcnow() + timedelta(minutes=9),
    )
    db.session.add(grant)
    db.session.flush()

    with pytest.raises(ConnectingFailed):
        connect.choose_site(acme(), person("Olga"), site)


def _membership(name: str) -> Membership:
    return next(row for row in acme().memberships if row.user.name.startswith(name))
