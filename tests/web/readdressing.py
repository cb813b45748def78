"""Somebody who wants another e-mail address."""

from app.extensions import db
from app.models import Mail
from tests.support.acme import person
from tests.support.people import PASSWORD, Answer, Person

MAYA, NEW, TAKEN = "member1@acme.test", "maya@new.test", "member2@acme.test"
EMAIL, CONFIRMATION = "/account/email", "/account/email/confirmation"


def ask(browser: Person, address: str = NEW, password: str = PASSWORD) -> Answer:
    browser.get("/account")
    return browser.post(EMAIL, {"email": address, "own_password": password})


def confirm(browser: Person, link: str) -> Answer:
    answer = browser.get(link)
    assert (answer.location, answer.headers["Referrer-Policy"]) == (CONFIRMATION, "no-referrer")
    browser.get(CONFIRMATION)
    return browser.post(CONFIRMATION)


def mails_to(address: str) -> list[str]:
    db.session.expire_all()
    return [mail.text or "" for mail in db.session.query(Mail).filter_by(address=address)]


def address_of(name: str = "Maya") -> str:
    db.session.expire_all()
    return person(name).email
