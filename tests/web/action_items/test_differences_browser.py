"""Two texts that wait for a decision, in a browser, with and without script."""

import pytest

from app.clock import utcnow
from app.models import Phase
from app.models.difference import Difference, differences_of, keep_differences
from tests.support.acme import connect_and_choose, items, link, links_of
from tests.web.action_items.panel import CANARY


def two_texts(title: str = CANARY) -> None:
    """That item's description was changed in Jira, too."""
    connect_and_choose()
    item = next(item for item in items() if item.title == title)
    item.description = (
        "Fail over by hand first, then by Sentinel.\n\n" + "Done when it is done. " * 40
    )
    row = link(item, key="PLAT-145", snapshot={"source": {}})
    words = "Fail over by hand first.\nSee https://wiki.acme.test/" + "recording" * 30
    keep_differences(
        row, {"description": Difference("sha256:seen", words, by="Maya Lindqvist", at=utcnow())}
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_two_texts_are_in_sight_and_accessible(opened, scheme, width, screenshot):
    from axe_playwright_python.sync_playwright import Axe

    two_texts()
    page = opened(Phase.COMMIT, viewport={"width": width, "height": 900}, color_scheme=scheme)

    found = Axe().run(page).response["violations"]
    screenshot(page, f"differences-{width}-{scheme}")
    assert [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in found] == []
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert page.get_by_text("See https://wiki.acme.test/").is_visible()
    assert page.get_by_text("Done when it is done.").is_visible()

    page.get_by_role("link", name=CANARY, exact=True).click()
    page.get_by_role("heading", name="Description").wait_for()
    found = Axe().run(page).response["violations"]
    screenshot(page, f"differences-alone-{width}-{scheme}")
    assert [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in found] == []
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_person_keeps_what_is_in_jira(opened, javascript):
    two_texts()
    page = opened(Phase.COMMIT, java_script_enabled=javascript)

    page.get_by_role("button", name="Keep Jira’s").click()
    page.get_by_text("Changed in Jira too").wait_for(state="detached")

    item = next(item for item in items() if item.title == CANARY)
    assert links_of(item)[0].differences is None
    if javascript:
        page.get_by_text("Kept Jira’s description").wait_for(state="attached")
        focused = page.evaluate("document.activeElement.id")
        assert focused == f"m-{item.id}-button"


def test_a_person_replaces_what_is_in_jira(opened):
    two_texts()
    page = opened(Phase.COMMIT)

    page.get_by_role("button", name="Replace it in Jira").click()
    page.get_by_text("Waiting to sync").first.wait_for()

    item = next(item for item in items() if item.title == CANARY)
    assert differences_of(links_of(item)[0])["description"].replace
