"""What a person sees and presses, without a script."""

import re
from urllib.parse import urlencode

import html5lib
import pytest
import requests

from demo.jira_cloud.server import RunningJiraCloud
from tests.jira_cloud import bodies
from tests.jira_cloud.api import Api
from tests.jira_cloud.bodies import ASKED


def on_site(cloud: RunningJiraCloud, method: str, path: str, **form: str) -> requests.Response:
    host = cloud.url.removeprefix("http://").replace("localhost", "acme-eng.localhost")
    return requests.request(
        method,
        cloud.url + path,
        headers={"Host": host},
        data=form or None,
        timeout=10,
        allow_redirects=False,
    )


@pytest.fixture
def key(api: Api) -> str:
    body = bodies.issue(
        description=bodies.document("<b>Why</b>"), assignee=None, duedate="2026-12-01"
    ) | {"properties": [{"key": "unpack.action-item", "value": {"link": "l7"}}]}
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
    ]
    for page in pages:
        html5lib.HTMLParser(strict=True).parse(page.text)
        assert page.text.count("<h1") == 1, page.url
        names = re.findall(r'\bid="([^"]+)"', page.text)
        assert len(names) == len(set(names)), page.url
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "style=" not in page.text


def test_the_board_shows_an_issue_in_its_column(cloud: RunningJiraCloud, key: str) -> None:
    board = on_site(cloud, "GET", "/jira/projects/PLAT/board").text
    todo = board[board.index('data-name="To Do"') : board.index('data-name="In Progress"')]

    assert f'data-key="{key}"' in todo
    assert "Unassigned" in todo
    assert "Due 2026-12-01" in todo


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
    page = on_site(cloud, "GET", f"/browse/{key}").text

    assert "<p>&lt;b&gt;Why&lt;/b&gt;</p>" in page
    assert "unpack.action-item" in page
    assert "l7" in page
    assert 'value="2026-12-01"' in page


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
    page = requests.get(f"{cloud.url}/", timeout=10).text
    names = re.findall(r'data-switch="([^"]+)"', page)
    assert len(names) > 10
    calm = cloud.control.conditions()
    for name in names:
        url = f"{cloud.url}/switches/{name}"
        requests.post(url, data={"on": "1"}, timeout=10)
        shown = requests.get(f"{cloud.url}/", timeout=10).text
        assert f'data-switch="{name}" data-on="1"' in shown
        assert cloud.control.conditions() != calm
        requests.post(url, data={"on": "0"}, timeout=10)
        assert cloud.control.conditions() == calm


def test_access_is_revoked_with_a_button(cloud: RunningJiraCloud, api: Api) -> None:
    requests.post(f"{cloud.url}/grants/revoke", timeout=10)

    assert api.get("/myself").status_code == 401
    assert "Revoked" in requests.get(f"{cloud.url}/", timeout=10).text


def test_the_consent_page_lists_the_chosen_accounts_sites(cloud: RunningJiraCloud) -> None:
    nora = "5d7a1b3c5e9f2a4b6c8d0e13"

    both = requests.get(f"{cloud.url}/authorize?{urlencode(ASKED)}", timeout=10).text
    none = requests.get(f"{cloud.url}/authorize?{urlencode(ASKED)}&account={nora}", timeout=10).text

    assert re.findall(r'name="site" value="([^"]+)"', both) == ["acme-labs", "acme-eng"]
    assert "manage:jira-webhook" in both
    assert "This account has no Jira site." in none
