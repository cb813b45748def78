"""What the page of Follow-through says, as somebody reads it."""

from xml.etree.ElementTree import Element

from tests.support.pages import Page, text_of

PAGE = "/organizations/acme/follow-through"


def named(page: Page) -> dict[str, Element]:
    """What stands under each name; the definitions, which have the same names, come after."""
    found: dict[str, Element] = {}
    for name, value in zip(page.all("dt"), page.all("dd"), strict=True):
        found.setdefault(text_of(name), value)
    return found


def figures(page: Page) -> dict[str, str]:
    """The same as words."""
    return {name: text_of(value) for name, value in named(page).items()}


def cells(page: Page, caption: str) -> dict[str, list[str]]:
    """The rows of a table by their first cell."""
    [table] = [each for each in page.all("table") if caption in text_of(each.find(".//caption"))]
    rows = [[text_of(cell) for cell in row.iter("td")] for row in table.iter("tr")]
    return {row[0]: row[1:] for row in rows if row}
