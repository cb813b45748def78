"""The pages as a browser shows them: dragging, widths, colour schemes, accessibility."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from demo.jira_cloud.pages.create_page import PATH
from demo.jira_cloud.server import RunningJiraCloud
from tests.support import jira_cloud_bodies as bodies
from tests.support.jira_cloud_api import Api
from tests.support.jira_cloud_bodies import ASKED

if TYPE_CHECKING:
    from playwright.sync_api import Page

NewPage = Callable[..., "Page"]
BOARD = "/jira/projects/PLAT/board"


@pytest.fixture
def site(cloud: RunningJiraCloud, api: Api) -> str:
    """The address of a site with an issue on its board."""
    api.post("/issue", bodies.issue(description=bodies.document("Why"), duedate="2026-12-01"))
    return cloud.url.replace("localhost", "acme-eng.localhost")


def test_a_card_is_dragged_to_done_and_back(
    cloud: RunningJiraCloud, site: str, new_page: NewPage
) -> None:
    page = new_page()
    page.goto(site + BOARD)

    page.drag_and_drop("[data-key='PLAT-1']", "[data-name='Done']")
    page.wait_for_selector("[data-name='Done'] [data-key='PLAT-1']")
    assert cloud.control.issue("PLAT-1")["status"] == "Done"
    assert page.inner_text("#said") == "PLAT-1 is in Done."

    page.drag_and_drop("[data-key='PLAT-1']", "[data-name='To Do']")
    page.wait_for_selector("[data-name='To Do'] [data-key='PLAT-1']")
    assert cloud.control.issue("PLAT-1")["status"] == "To Do"


def test_the_board_shows_what_others_did_by_itself(
    cloud: RunningJiraCloud, site: str, new_page: NewPage
) -> None:
    page = new_page()
    page.goto(site + BOARD)

    cloud.control.create_issue("PLAT", "From elsewhere")

    page.wait_for_selector("text=From elsewhere")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_and_is_accessible(
    cloud: RunningJiraCloud, site: str, new_page: NewPage, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    cloud.control.set(language="de")
    create = f"{PATH}?pid=10068&issuetype={bodies.TASK}&summary=From+the+retro"
    full = cloud.control.create_issue("KIND", "Every field")["key"]
    paths = [site + path for path in ("/", BOARD, "/browse/PLAT-1", f"/browse/{full}", create)]
    for address in (cloud.url, f"{cloud.url}/authorize?{urlencode(ASKED)}", *paths):
        page.goto(address)

        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address}\n{found.generate_report()}"
