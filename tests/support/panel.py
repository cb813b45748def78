"""The panel of a retrospective as its page shows it, and as it is polled."""

from xml.etree.ElementTree import Element

from app.models import Phase
from tests.support.acme import sprint_14
from tests.support.pages import Page
from tests.support.people import Answer, Person


def show(somebody: Person, phase: Phase = Phase.COMMIT) -> Page:
    return somebody.get(f"/retrospectives/{sprint_14(phase).id}").page


def head(page: Page) -> Element:
    return next(e for e in page.root.iter() if e.get("id") == "panel-head")


def poll(somebody: Person, page: Page) -> Answer:
    """Ask as the page would."""
    return somebody.get(head(page).get("hx-get"), htmx=True)


def announced(answer: Answer) -> str:
    """What the page reads out."""
    found = [e for e in answer.page.root.iter() if e.get("id") == "announcer"]
    return found[0].text or "" if found else ""
