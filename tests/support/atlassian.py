"""A person at the test client who goes to the stand-in's consent page and comes back."""

from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models import JiraConnection, PendingGrant
from tests.support.people import Answer, Person

SETTINGS = "/organizations/acme/settings/integrations"
JIRA = f"{SETTINGS}/jira"
ENG = "acme-eng"
LABS = "acme-labs"


def set_out(person: Person) -> str:
    """Press Connect to Jira; returns the address of Atlassian's consent page."""
    answer = person.get(f"{JIRA}/authorization")
    assert answer.status_code == 303, answer.page.text
    return answer.location


def come_back(person: Person, url: str) -> Answer:
    """Follow Atlassian's redirect to the callback."""
    return person.get(url.removeprefix("http://localhost:5050"))


def connect(person: Person, jira: Any, sites: tuple[str, ...] = (ENG,), **consent: Any) -> Answer:
    """Connect to Jira as a person does; returns the callback's answer."""
    back = jira.control.consent(set_out(person), sites=list(sites), **consent)
    return come_back(person, back)


def connection() -> JiraConnection | None:
    db.session.expire_all()
    return db.session.scalars(select(JiraConnection)).one_or_none()


def pending() -> PendingGrant | None:
    db.session.expire_all()
    return db.session.scalars(select(PendingGrant)).one_or_none()


def cloud_id(jira: Any, slug: str) -> str:
    from demo.jira_cloud.catalog.sites import SITES

    return SITES[slug].cloud_id


def shown(admin: Person) -> str:
    """What the integrations page says next."""
    return admin.get(SETTINGS).page.text
