"""What a person sees and presses, without a script."""

from urllib.parse import urlencode

import pytest
import requests

from demo.jira_cloud.pages.create_page import PATH
from demo.jira_cloud.server import RunningJiraCloud
from tests.jira_cloud.visits import on_site
from tests.support import jira_cloud_bodies as bodies
from tests.support.jira_cloud_api import Api
from tests.support.jira_cloud_bodies import ASKED
from tests.support.pages import Page, text_of

TYPED = "<b>Why</b>"


def start_page(cloud: RunningJiraCloud) -> Page:
    return Page(requests.get(f"{cloud.url}/", timeout=10).text)


@pytest.fixture
def key(api: Api) -> str:
    body = bodies.issue(description=bodies.document(TYPED), assignee=None, duedate="2026-12-01") | {
        "properties": [{"key": "unpack.action-item", "value": {"link": "l7"}}]
    }
    name: str = api.post("/issue", body).json()["key"]
    return name


def test_every_page_is_valid_html_with_one_heading(cloud: RunningJiraCloud, key: str) -> None:
    pages = [
        requests.get(f"{cloud.url}/", timeout=10),
        requests.get(f"{cloud.url}/authorize?{urlencode(ASKED)}", timeout=10),
        requests.get(f"{cloud.url}/authorize", timeout=10),
        on_site(cloud, "GET", "/"),
        on_site(cloud, "GET", "/jira/projects/PLAT/board"),
        on_site(cloud, "GET", f"/browse/{key}"),
        on_site(cloud, "GET", f"{PATH}?pid=10068&issuetype={bodies.TASK}"),
    ]
    for page in pages:
        shown = Page(page.text)  # parsed strictly
        assert len(shown.all("h1")) == 1, page.url
        names = shown.values("id")
        assert len(names) == len(set(names)), page.url
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "style=" not in page.text


def test_the_board_shows_an_issue_in_its_column(cloud: RunningJiraCloud, key: str) -> None:
    board = Page(on_site(cloud, "GET", "/jira/projects/PLAT/board").text)
    [todo] = [column for column in board.all("section") if column.get("data-name") == "To Do"]

    assert key in [card.get("data-key") for card in todo.iter("article")]
    assert "Unassigned" in text_of(todo)
    assert "Due 2026-12-01" in text_of(todo)


def test_a_button_moves_the_card(cloud: RunningJiraCloud, key: str) -> None:
    board = "/jira/projects/PLAT/board"

    answer = on_site(cloud, "POST", f"/browse/{key}/transition", status="10002", back=board)

    assert (answer.status_code, answer.headers["Location"]) == (303, board)
    assert cloud.control.issue(key)["status"] == "Done"


def test_nobody_is_sent_off_the_site(cloud: RunningJiraCloud, key: str) -> None:
    path = f"/browse/{key}/transition"

    answer = on_site(cloud, "POST", path, status="10002", back="//evil.test/")

    assert answer.headers["Location"] == f"/browse/{key}"


def test_the_issue_page_shows_fields_and_properties(cloud: RunningJiraCloud, key: str) -> None:
    page = Page(on_site(cloud, "GET", f"/browse/{key}").text)

    assert TYPED in page.texts("p")
    assert "unpack.action-item" in page.text
    assert "l7" in page.text
    assert "2026-12-01" in page.values("value")


def test_editing_and_its_mistakes(cloud: RunningJiraCloud, key: str) -> None:
    maya = "5c2e4f1a9d3b7a0e6c8d1f25"
    path = f"/browse/{key}/edit"

    wrong = on_site(cloud, "POST", path, summary=" ", assignee="", duedate="")
    right = on_site(cloud, "POST", path, summary="Edited", assignee=maya, duedate="")

    assert wrong.status_code == 422
    assert "Summary is required" in wrong.text
    assert right.status_code == 303
    fields = cloud.control.issue(key)["fields"]
    assert (fields["summary"], fields["assignee"], fields["duedate"]) == ("Edited", maya, None)


def test_moving_and_deleting(cloud: RunningJiraCloud, key: str) -> None:
    moved = on_site(cloud, "POST", f"/browse/{key}/move", project="MOB").headers["Location"]
    assert moved == "/browse/MOB-1"
    assert on_site(cloud, "GET", f"/browse/{key}").headers["Location"] == moved

    on_site(cloud, "POST", f"{moved}/delete")

    assert on_site(cloud, "GET", moved).status_code == 404


def test_every_switch_goes_on_and_off(cloud: RunningJiraCloud) -> None:
    names = start_page(cloud).values("data-switch")
    assert len(names) > 10
    calm = cloud.control.conditions()
    for name in names:
        url = f"{cloud.url}/switches/{name}"
        requests.post(url, data={"on": "1"}, timeout=10)
        [shown] = [line for line in start_page(cloud).all("li") if line.get("data-switch") == name]
        assert shown.get("data-on") == "1"
        assert cloud.control.conditions() != calm
        requests.post(url, data={"on": "0"}, timeout=10)
        assert cloud.control.conditions() == calm


def test_a_switch_is_on_for_its_own_trouble_alone(cloud: RunningJiraCloud) -> None:
    cloud.control.use_workflow("three_done", "PLAT")

    shown = {line.get("data-switch"): line.get("data-on") for line in start_page(cloud).all("li")}

    assert shown["resolution"] == "0"


def test_the_board_has_a_column_for_every_status(cloud: RunningJiraCloud) -> None:
    cloud.control.use_workflow("three_done", "PLAT", type="Task")

    board = Page(on_site(cloud, "GET", "/jira/projects/PLAT/board").text)

    columns = [column.get("data-name") for column in board.all("section")]
    assert columns == ["To Do", "In Progress", "Done", "Won't do", "Cancelled"]


def test_access_is_revoked_with_a_button(cloud: RunningJiraCloud, api: Api) -> None:
    requests.post(f"{cloud.url}/grants/revoke", timeout=10)

    assert api.get("/myself").status_code == 401
    assert "Revoked" in requests.get(f"{cloud.url}/", timeout=10).text


def test_the_consent_page_lists_the_chosen_accounts_sites(cloud: RunningJiraCloud) -> None:
    nora = "5d7a1b3c5e9f2a4b6c8d0e13"

    both = Page(requests.get(f"{cloud.url}/authorize?{urlencode(ASKED)}", timeout=10).text)
    none = requests.get(f"{cloud.url}/authorize?{urlencode(ASKED)}&account={nora}", timeout=10).text

    sites = [field.get("value") for field in both.all("input") if field.get("name") == "site"]
    assert sites == ["acme-labs", "acme-eng"]
    assert "manage:jira-webhook" in both.text
    assert "This account has no Jira site." in none
