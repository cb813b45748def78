"""Another e-mail address of one's own: asked for with the password, confirmed by a link to it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import (
    AuditEvent,
    EmailChange,
    Mail,
    MailKind,
    User,
)
from app.services.mail import link_letters
from app.services.organizations import accounts, passwords
from app.services.sign_in import hashing
from tests.support import factories
from tests.support.acme import person
from tests.support.invited import link_for, links_for
from tests.support.people import PASSWORD, Person
from tests.web.readdressing import (
    CONFIRMATION,
    EMAIL,
    MAYA,
    NEW,
    TAKEN,
    address_of,
    ask,
    confirm,
    mails_to,
)

SignedIn = Callable[..., Person]
Work = Callable[[], object]


@pytest.mark.both_databases
def test_the_link_to_the_new_address_changes_it_and_both_are_told(
    signed_in: SignedIn, client: Person, work: Work
) -> None:
    browser = signed_in(MAYA)
    assert ask(browser, "  Maya@NEW.test ").location == "/account#address"
    work()
    assert address_of() == MAYA
    assert NEW in mails_to(MAYA)[0]
    assert "Not confirmed yet" in browser.get("/account").page.text

    answer = confirm(browser, link_for(NEW))
    work()

    assert answer.location == "/account#address"
    assert "Your address is maya@new.test now." in browser.get("/account").page.text
    assert "maya@new.test instead of member1@acme.test" in mails_to(MAYA)[1]
    assert client.sign_in(MAYA).status_code == 422
    assert client.sign_in(NEW).status_code == 303


def test_it_asks_for_the_password(signed_in: SignedIn) -> None:
    answer = ask(signed_in(MAYA), password="wrong")

    assert answer.status_code == 422
    assert "This is not your current password." in answer.page.text
    assert db.session.query(Mail).count() == 0


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "Enter the new address."),
        ("maya", "This is not an e-mail address."),
        (f"{'x' * 250}@a.test", "at most 254"),
        (" Member1@ACME.test ", "This is your address already."),
    ],
)
def test_what_cannot_be_the_new_address_is_said(
    signed_in: SignedIn, address: str, words: str
) -> None:
    answer = ask(signed_in(MAYA), address)

    assert answer.status_code == 422
    assert words in answer.page.text


def test_an_address_with_an_account_reads_the_same_and_gets_no_link(
    signed_in: SignedIn, work: Work
) -> None:
    browser, pages = signed_in(MAYA), []
    for address in (NEW, TAKEN):
        answer = ask(browser, address)
        assert answer.location == "/account#address"
        pages.append(browser.get("/account").page.text.replace(address, "ADDRESS"))
    work()

    assert pages[0] == pages[1]
    assert links_for(TAKEN) == []
    assert "It has an account of its own already" in mails_to(TAKEN)[0]


def test_asking_looks_for_no_account(signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not looked for takes no time that tells."""
    browser = signed_in(MAYA)
    browser.get("/account")
    find, asked = accounts.find_by_email, []

    def noted(email: str) -> User | None:
        asked.append(email)
        return find(email)

    monkeypatch.setattr("app.services.organizations.accounts.find_by_email", noted)
    assert browser.post(EMAIL, {"email": TAKEN, "own_password": PASSWORD}).status_code == 303

    assert set(asked) == {MAYA}


def test_only_the_account_that_asked_can_confirm(
    signed_in: SignedIn, client: Person, work: Work
) -> None:
    """A mistyped address is somebody's: they must not get the account with it."""
    ask(signed_in(MAYA))
    work()
    link = link_for(NEW)

    assert client.get(link, follow_redirects=True).request.path == "/sign-in"
    tom = signed_in(TAKEN)
    assert "Another account" in tom.get(link, follow_redirects=True).page.text
    assert tom.post(CONFIRMATION).status_code == 410
    assert (address_of(), address_of("Tom")) == (MAYA, TAKEN)


def test_the_link_waits_for_who_has_to_sign_in_first(
    signed_in: SignedIn, client: Person, work: Work
) -> None:
    ask(signed_in(MAYA))
    work()
    client.get(link_for(NEW), follow_redirects=True)
    form = {"email": MAYA, "password": PASSWORD, "next": CONFIRMATION}

    assert client.post("/sign-in", form).location == CONFIRMATION
    client.get(CONFIRMATION)
    client.post(CONFIRMATION)

    assert address_of() == NEW


def test_what_was_asked_for_last_counts(signed_in: SignedIn, work: Work) -> None:
    browser = signed_in(MAYA)
    ask(browser, "first@new.test")
    work()
    ask(browser, "second@new.test")
    work()

    assert confirm(browser, link_for("first@new.test")).status_code == 410
    assert confirm(browser, link_for("second@new.test")).status_code == 303
    assert address_of() == "second@new.test"


def test_it_is_taken_back(signed_in: SignedIn, work: Work) -> None:
    browser = signed_in(MAYA)
    ask(browser)
    work()
    browser.post(f"{EMAIL}/removal")

    assert confirm(browser, link_for(NEW)).status_code == 410
    assert "Not confirmed yet" not in browser.get("/account").page.text


def test_a_link_ends_after_a_day(signed_in: SignedIn, work: Work) -> None:
    browser = signed_in(MAYA)
    ask(browser)
    work()
    with time_machine.travel(utcnow() + timedelta(days=1, seconds=1)):
        assert confirm(browser, link_for(NEW)).status_code == 410

    assert address_of() == MAYA


def test_a_new_password_ends_what_somebody_else_asked_for(signed_in: SignedIn, work: Work) -> None:
    thief = signed_in(MAYA)
    ask(thief)
    work()
    passwords.keep(person("Maya"), hashing.make("my very own sentence", factories.FAST_HASH))

    thief.sign_in(MAYA, "my very own sentence")
    assert confirm(thief, link_for(NEW)).status_code == 410


def test_it_is_recorded_without_the_addresses(signed_in: SignedIn, work: Work) -> None:
    browser = signed_in(MAYA)
    ask(browser)
    work()
    confirm(browser, link_for(NEW))

    [event] = db.session.query(AuditEvent).all()
    assert (event.action, event.user_id) == ("email-changed", person("Maya").id)
    assert event.details == {"member": person("Maya").id}


def test_an_e_mail_that_is_late_tells_nothing_that_is_over(signed_in: SignedIn, work: Work) -> None:
    browser = signed_in(MAYA)
    ask(browser)
    browser.post(f"{EMAIL}/removal")
    work()

    assert mails_to(NEW) == mails_to(MAYA) == []


@pytest.mark.environment(UNPACK_DEMO="0")
def test_without_a_mail_server_nothing_can_be_asked_for(signed_in: SignedIn) -> None:
    browser = signed_in(MAYA)

    assert "sends no e-mail" in browser.get("/account").page.text
    assert ask(browser).status_code == 403
    assert db.session.query(EmailChange).count() == 0


def test_the_fourth_of_an_hour_still_goes_and_the_sixth_does_not(signed_in: SignedIn) -> None:
    browser = signed_in(MAYA)
    codes = [ask(browser, f"maya{number}@new.test").status_code for number in range(6)]

    assert codes == [303] * 5 + [429]


def test_a_slip_of_the_pen_sends_nothing_and_counts_for_nothing(signed_in: SignedIn) -> None:
    browser = signed_in(MAYA)
    codes = [ask(browser, "maya").status_code for _ in range(6)]

    assert codes == [422] * 6
    assert ask(browser).status_code == 303


def test_each_kind_of_it_goes_to_the_address_alone() -> None:
    for kind in (MailKind.EMAIL_CHANGE, MailKind.EMAIL_CHANGE_ASKED, MailKind.EMAIL_CHANGED):
        assert link_letters.recipients(Mail(kind=kind, address=NEW)) == [NEW]
