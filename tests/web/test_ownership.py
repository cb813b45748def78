"""Another Owner: an Admin, by the Owner with the password. Both are told."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.extensions import db
from app.models import Mail, Membership, Role
from app.services.organizations import ownership, passwords
from app.services.sign_in import hashing
from tests.support import factories
from tests.support.acme import acme, membership, person
from tests.support.at_once import at_once
from tests.support.people import PASSWORD, Answer, Person

SignedIn = Callable[..., Person]
Work = Callable[[], object]
OWNER, ADMIN = "owner@acme.test", "admin@acme.test"
MEMBERS = "/organizations/acme/settings/members"


def hand_to(name: str, browser: Person, password: str = PASSWORD) -> Answer:
    address = f"{MEMBERS}/{membership(name).id}/ownership"
    browser.get(MEMBERS)
    return browser.post(address, {"own_password": password})


def roles() -> dict[str, Role]:
    db.session.expire_all()
    return {each.user.name.split()[0]: each.role for each in acme().memberships}


def told() -> dict[str, str]:
    db.session.expire_all()
    return {mail.user.email: mail.text or "" for mail in db.session.query(Mail) if mail.user}


@pytest.mark.both_databases
def test_both_are_told_who_owns_it_now(signed_in: SignedIn, work: Work) -> None:
    assert hand_to("Adam", signed_in(OWNER)).location == MEMBERS
    work()

    assert (roles()["Adam"], roles()["Olga"]) == (Role.OWNER, Role.ADMIN)
    assert "You are the Owner of Acme in Unpack now. Olga Brandt handed it over." in told()[ADMIN]
    assert "Adam Novak (admin@acme.test) is the Owner of Acme" in told()[OWNER]


def test_it_asks_for_the_password(signed_in: SignedIn) -> None:
    owner = signed_in(OWNER)
    wrong, none = hand_to("Adam", owner, "wrong"), hand_to("Adam", owner, "")

    assert (wrong.status_code, none.status_code) == (422, 422)
    assert "This is not your current password." in wrong.page.text
    assert roles()["Olga"] is Role.OWNER
    assert db.session.query(Mail).count() == 0


def test_guesses_at_it_are_counted(signed_in: SignedIn) -> None:
    owner = signed_in(OWNER)
    codes = [hand_to("Adam", owner, "wrong").status_code for _ in range(8)]

    assert codes == [422] * 6 + [429] * 2
    assert hand_to("Adam", owner).status_code == 429


def test_a_member_becomes_an_admin_first(signed_in: SignedIn) -> None:
    owner = signed_in(OWNER)
    page = owner.get(MEMBERS).page

    assert page.text.count("Make Owner…") == 1
    answer = hand_to("Maya", owner)
    assert answer.status_code == 403
    assert "Make this person an Admin first." in answer.page.text
    assert roles()["Maya"] is Role.MEMBER


def test_an_admin_does_not_make_themselves_the_owner(signed_in: SignedIn) -> None:
    assert hand_to("Adam", signed_in(ADMIN)).status_code == 403
    assert roles()["Olga"] is Role.OWNER


def test_a_password_that_was_changed_meanwhile_is_none(app: Flask, sample: None) -> None:
    olga = person("Olga")
    before = olga.password_hash
    passwords.keep(olga, hashing.make("my very own sentence", factories.FAST_HASH))

    with pytest.raises(passwords.PasswordWrong):
        ownership.hand_over(membership("Adam"), olga, before)


@pytest.mark.both_databases
def test_of_two_presses_at_once_one_counts(app: Flask, sample: None) -> None:
    adam, olga = membership("Adam").id, person("Olga")
    olga_id, matched = olga.id, olga.password_hash
    db.session.commit()

    def press() -> str:
        with app.app_context():
            try:
                by = db.session.get_one(type(olga), olga_id)
                ownership.hand_over(db.session.get_one(Membership, adam), by, matched)
                db.session.commit()
            except ownership.NotAdmin:
                db.session.rollback()
                return "refused"
            return "done"

    assert sorted(at_once(press, press)) == ["done", "refused"]
    assert sorted(roles().values()).count(Role.OWNER) == 1
    assert db.session.query(Mail).count() == 2
