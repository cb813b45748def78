"""What a new address changes, and who gets one when several want it."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.clock import utcnow
from app.extensions import db
from app.models import (
    JiraPerson,
    MatchState,
    OneTimeLink,
    User,
    WorkKind,
)
from app.services.organizations import accounts, email_changes, one_time_links
from tests.support import factories
from tests.support.acme import acme, connect_and_choose, person
from tests.support.at_once import at_once
from tests.support.invited import LINK, link_for
from tests.support.people import Person
from tests.web.readdressing import (
    MAYA,
    NEW,
    TAKEN,
    address_of,
    ask,
    confirm,
)

SignedIn = Callable[..., Person]
Work = Callable[[], object]


def test_links_of_before_open_nothing(signed_in: SignedIn, client: Person, work: Work) -> None:
    found = LINK.search(one_time_links.for_password(person("Maya")))
    assert found
    browser = signed_in(MAYA)
    ask(browser)
    work()
    confirm(browser, link_for(NEW))

    assert client.get(found[0], follow_redirects=True).status_code == 410
    assert db.session.query(OneTimeLink).count() == 0


def test_an_invitation_that_was_accepted_keeps_no_address_of_before(
    signed_in: SignedIn, work: Work
) -> None:
    accepted = factories.invitation(acme(), person("Adam"), "old@acme.test")
    accepted.email, accepted.accepted_at = MAYA, utcnow()
    browser = signed_in(MAYA)
    ask(browser)
    work()
    confirm(browser, link_for(NEW))

    db.session.expire_all()
    assert accepted.email == NEW


def test_who_they_were_in_jira_is_looked_up_anew_unless_an_admin_picked_it(
    signed_in: SignedIn, work: Work
) -> None:
    connection = connect_and_choose()
    for name, picked in (("Maya", False), ("Tom", True)):
        db.session.add(
            JiraPerson(
                connection_id=connection.id,
                user_id=person(name).id,
                state=MatchState.MATCHED,
                account_id=name,
                picked=picked,
            )
        )
    link = {}
    for email, new in ((MAYA, NEW), (TAKEN, "tom@new.test")):
        change = email_changes.ask(_user(email), new, _user(email).password_hash)
        found = LINK.search(one_time_links.for_email_change(change))
        assert found
        link[email] = found[0]
    for email in (MAYA, TAKEN):
        assert confirm(signed_in(email), link[email]).status_code == 303

    db.session.expire_all()
    assert [row.account_id for row in db.session.query(JiraPerson)] == ["Tom"]
    assert connection.works[WorkKind.PEOPLE].due_at is not None


@pytest.mark.both_databases
def test_of_two_links_that_are_used_at_once_one_does_it(app: Flask, sample: None) -> None:
    change = email_changes.ask(person("Maya"), NEW, person("Maya").password_hash)
    tokens = [one_time_links.for_email_change(change).rpartition("/")[2] for _ in range(2)]
    maya_id = person("Maya").id
    db.session.commit()

    def use(token: str) -> str:
        with app.app_context():
            try:
                email_changes.confirm(token, db.session.get_one(User, maya_id))
                db.session.commit()
            except email_changes.ChangeEnded:
                db.session.rollback()
                return "ended"
            return "changed"

    assert sorted(at_once(*[lambda token=token: use(token) for token in tokens])) == [
        "changed",
        "ended",
    ]
    assert address_of() == NEW


@pytest.mark.both_databases
def test_of_two_people_who_want_one_address_one_gets_it(app: Flask, sample: None) -> None:
    tokens = {}
    for name in ("Maya", "Tom"):
        change = email_changes.ask(person(name), NEW, person(name).password_hash)
        tokens[person(name).id] = one_time_links.for_email_change(change).rpartition("/")[2]
    db.session.commit()
    for user_id, token in tokens.items():
        try:
            email_changes.confirm(token, db.session.get_one(User, user_id))
            db.session.commit()
        except accounts.EmailTaken:
            db.session.rollback()

    assert (address_of(), address_of("Tom")) == (NEW, TAKEN)


def _user(email: str) -> User:
    return db.session.query(User).filter_by(email=email).one()
