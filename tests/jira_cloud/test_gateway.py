"""What is checked before Jira looks at a request (jira-platform.md §1.6, §3)."""

import pytest
import requests

from demo.jira_cloud.server import RunningJiraCloud
from tests.support import jira_cloud_bodies as bodies
from tests.support.jira_cloud_api import Api, Connect


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        ("read:jira-work", "GET", "/project/search"),
        ("write:jira-work", "POST", "/issue"),
        ("read:jira-user", "GET", "/myself"),
        ("manage:jira-webhook", "GET", "/webhook"),
    ],
)
def test_a_missing_scope_is_a_401_that_does_not_name_it(
    connect: Connect, scope: str, method: str, path: str
) -> None:
    every = ["read:jira-work", "write:jira-work", "read:jira-user", "manage:jira-webhook"]
    api = connect(scopes=[each for each in every if each != scope])

    answer = api.call(method, path, {})

    assert answer.status_code == 401
    assert answer.json() == {"code": 401, "message": "Unauthorized; scope does not match"}


def test_the_token_is_no_good_at_the_site_itself(cloud: RunningJiraCloud) -> None:
    token = cloud.control.issue_tokens()["access_token"]
    host = cloud.url.removeprefix("http://").replace("localhost", "acme-eng.localhost")

    answer = requests.get(
        f"{cloud.url}/rest/api/3/myself",
        headers={"Host": host, "Authorization": f"Bearer {token}"},
        timeout=10,
    )

    assert answer.status_code == 401


def test_an_unknown_site_is_an_html_page(cloud: RunningJiraCloud) -> None:
    answer = requests.get(
        f"{cloud.url}/rest/api/3/myself", headers={"Host": "nobody.localhost"}, timeout=10
    )

    assert answer.status_code == 404
    assert "html" in answer.headers["Content-Type"]


def test_an_unknown_path_is_a_problem_document(api: Api) -> None:
    answer = api.get("/issues/everything")

    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("application/problem+json")


def test_the_old_search_is_gone(api: Api) -> None:
    answer = api.get("/search", jql="project = PLAT")

    assert answer.status_code == 410
    assert "/rest/api/3/search/jql" in answer.json()["errorMessages"][0]


def test_an_unknown_query_parameter_is_refused(api: Api) -> None:
    assert api.get("/project/search", pageSize=10).status_code == 400


def test_a_body_that_is_no_json_has_no_errors_key(api: Api) -> None:
    answer = api.session.post(
        api.base + "/issue", data=b"{", headers={"Content-Type": "application/json"}, timeout=10
    )

    assert answer.status_code == 400
    assert set(answer.json()) == {"errorMessages"}


def test_a_body_of_another_type_is_unsupported(api: Api) -> None:
    answer = api.session.post(api.base + "/issue", data={"summary": "x"}, timeout=10)

    assert answer.status_code == 415


def test_every_answer_can_be_traced(api: Api) -> None:
    for answer in (api.get("/myself"), api.get("/nowhere"), api.post("/issue", {})):
        assert answer.headers["Atl-Traceid"]
        assert answer.headers["X-Arequestid"]


def test_errors_are_worded_in_the_accounts_language(cloud: RunningJiraCloud, api: Api) -> None:
    cloud.control.set(language="de")

    errors = api.post("/issue", bodies.issue("NOPE")).json()["errors"]

    assert errors["project"].startswith("Geben Sie eine gültige Projekt-ID")


def test_a_connection_stays_open_for_the_next_request(api: Api) -> None:
    api.get("/myself")
    with api.session.get(api.base + "/myself", stream=True, timeout=10) as answer:
        assert answer.headers.get("Connection", "keep-alive") != "close"
        assert answer.raw.version == 11
