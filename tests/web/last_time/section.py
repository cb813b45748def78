"""The section *Last time* of a retrospective's page, as somebody sees it."""

from xml.etree.ElementTree import Element

from app.models import ActionItem, Retrospective
from tests.support.pages import Page, text_of
from tests.support.people import Person

FATIMA, MAYA = "facilitator@acme.test", "member1@acme.test"


def address(retrospective: Retrospective, item: ActionItem | None = None, rest: str = "") -> str:
    page = f"/retrospectives/{retrospective.id}/last-time"
    return f"{page}/{item.id}{rest}" if item else f"{page}{rest}"


def show(somebody: Person, retrospective: Retrospective) -> Page:
    return somebody.get(f"/retrospectives/{retrospective.id}").page


def head(page: Page) -> str:
    """What its head says."""
    section = page.by_id("last-time")
    [found] = [each for each in section.iter() if each.get("class") == "panel-head"]
    return text_of(found)


def rows(page: Page) -> dict[str, str]:
    """What each row says, by its title, in order."""
    items = [each for each in page.by_id("last-time").iter("li") if each.get("id")]
    return {_title(each): text_of(each) for each in items}


def is_there(page: Page) -> bool:
    return page.by_id("last-time").tag == "section"


def _title(row: Element) -> str:
    return next(text_of(each) for each in row.iter("a") if each.get("class") == "item-title")
