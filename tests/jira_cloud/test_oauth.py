"""Consent, tokens and what they reach (jira-platform.md §1)."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from demo.jira_cloud.server import RunningJiraCloud
from demo.jira_cloud.state.world import REDIRECT_URI
from tests.support.jira_cloud_api import ENG, LABS, Clock, Connect
from tests.support.jira_cloud_bodies import ASKED

CLIENT = {"client_id": "unpack-demo", "client_secret": "unpack-demo-secret"}


def authorize(cloud: RunningJiraCloud, **changes: str) -> str:
    return f"{cloud.url}/authorize?{urlencode(ASKED | changes)}"


def code_from(url: str) -> str:
    return parse_qs(urlsplit(url).query)["code"][0]


def exchange(cloud: RunningJiraCloud, code: str, **changes: str) -> requests.Response:
    body = CLIENT | {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI}
    return requests.post(f"{cloud.url}/oauth/token", json=body | changes, timeout=10)


def refresh(cloud: RunningJiraCloud, token: str, **changes: str) -> requests.Response:
    body = CLIENT | {"grant_type": "refresh_token", "refresh_token": token}
    return requests.post(f"{cloud.url}/oauth/token", json=body | changes, timeout=10)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "other"}, "unauthorized_client"),
        ({"redirect_uri": REDIRECT_URI + "/"}, "unauthorized_client"),
        ({"audience": ""}, "access_denied"),
        ({"response_type": "token"}, "invalid_request"),
        ({"prompt": "none"}, "invalid_request"),
        ({"state": ""}, "invalid_request"),
        ({"scope": "read:jira-work admin:everything"}, "invalid_scope"),
    ],
)
def test_a_wrong_consent_request_ends_on_atlassians_page(
    cloud: RunningJiraCloud, changes: dict[str, str], error: str
) -> None:
    page = requests.get(authorize(cloud, **changes), timeout=10, allow_redirects=False)

    assert page.status_code == 400
    assert error in page.text


def test_accepting_in_the_page_sends_the_code_and_state_back(cloud: RunningJiraCloud) -> None:
    account = cloud.control.issue_tokens() and "712020:0c8f6d1e-5a3b-4d0e-9f27-4b1d5f0a7e11"
    form = ASKED | {"account": account, "site": "acme-eng", "decision": "accept"}

    answer = requests.post(f"{cloud.url}/authorize", data=form, timeout=10, allow_redirects=False)

    assert answer.status_code == 302
    back = answer.headers["Location"]
    assert back.startswith(REDIRECT_URI)
    assert parse_qs(urlsplit(back).query)["state"] == ["opaque"]
    assert exchange(cloud, code_from(back)).status_code == 200


def test_declining_says_so_and_gives_no_code(cloud: RunningJiraCloud) -> None:
    back = cloud.control.consent(authorize(cloud), accept=False)

    assert parse_qs(urlsplit(back).query)["error"] == ["access_denied"]
    assert "code" not in parse_qs(urlsplit(back).query)


def test_a_code_works_once(cloud: RunningJiraCloud) -> None:
    code = code_from(cloud.control.consent(authorize(cloud)))
    assert exchange(cloud, code).status_code == 200

    again = exchange(cloud, code)

    assert again.status_code == 400
    assert again.json()["error_description"] == "authorization_code is invalid"


def test_a_code_dies_within_minutes(cloud: RunningJiraCloud, clock: Clock) -> None:
    code = code_from(cloud.control.consent(authorize(cloud)))
    clock.forward(minutes=5)

    assert exchange(cloud, code).json()["error"] == "invalid_request"


def test_the_wrong_secret_is_not_a_dead_grant(cloud: RunningJiraCloud) -> None:
    pair = cloud.control.issue_tokens()

    answer = refresh(cloud, pair["refresh_token"], client_secret="old")

    assert answer.status_code == 401
    assert answer.json() == {"error": "access_denied", "error_description": "Unauthorized"}
    assert refresh(cloud, pair["refresh_token"]).status_code == 200


def test_the_token_endpoint_takes_forms_too_but_no_basic_authorization(
    cloud: RunningJiraCloud,
) -> None:
    token = cloud.control.issue_tokens()["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": token}
    url = f"{cloud.url}/oauth/token"

    basic = requests.post(url, data=form, auth=tuple(CLIENT.values()), timeout=10)
    posted = requests.post(url, data=form | CLIENT, timeout=10)

    assert basic.status_code == 401
    assert posted.status_code == 200


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"not json", "Incorrect request parameters"),
        (b'{"grant_type": "password"}', "grant_type must be one of"),
    ],
)
def test_an_unreadable_token_request_is_invalid(
    cloud: RunningJiraCloud, body: bytes, words: str
) -> None:
    answer = requests.post(f"{cloud.url}/oauth/token", data=body, timeout=10)

    assert answer.status_code == 400
    assert words in answer.json()["error_description"]


def test_refreshing_rotates_and_the_old_token_lives_for_ten_minutes(
    cloud: RunningJiraCloud, clock: Clock
) -> None:
    first = cloud.control.issue_tokens()["refresh_token"]
    second = refresh(cloud, first).json()["refresh_token"]
    assert second != first

    clock.forward(minutes=9)
    assert refresh(cloud, first).status_code == 200
    clock.forward(minutes=2)
    late = refresh(cloud, first)

    assert late.status_code == 403
    assert late.json() == {
        "error": "unauthorized_client",
        "error_description": "refresh_token is invalid",
    }


def test_the_old_token_is_dead_once_the_new_one_was_used(cloud: RunningJiraCloud) -> None:
    first = cloud.control.issue_tokens()["refresh_token"]
    second = refresh(cloud, first).json()["refresh_token"]
    assert refresh(cloud, second).status_code == 200

    assert refresh(cloud, first).status_code == 403


def test_a_refresh_token_dies_after_90_idle_days(cloud: RunningJiraCloud, clock: Clock) -> None:
    token = cloud.control.issue_tokens()["refresh_token"]
    clock.forward(days=91)

    assert refresh(cloud, token).status_code == 403


def test_without_offline_access_no_refresh_token_comes(cloud: RunningJiraCloud) -> None:
    assert "refresh_token" not in cloud.control.issue_tokens(scopes=["read:jira-work"])


def test_an_access_token_lasts_an_hour(connect: Connect, clock: Clock) -> None:
    api = connect()
    clock.forward(minutes=59)
    assert api.get("/myself").status_code == 200
    clock.forward(minutes=2)

    assert api.get("/myself").status_code == 401
    assert api.get("/myself").json() == {"code": 401, "message": "Unauthorized"}


def test_revoking_ends_access_and_refresh(cloud: RunningJiraCloud, connect: Connect) -> None:
    api, pair = connect(), cloud.control.issue_tokens()

    assert cloud.control.revoke("unpack@acme.test") == 1

    assert api.get("/myself").status_code == 401
    assert refresh(cloud, pair["refresh_token"]).status_code == 403


def test_a_newer_consent_replaces_the_scopes(cloud: RunningJiraCloud, connect: Connect) -> None:
    api = connect()

    cloud.control.issue_tokens(scopes=["read:jira-work"])

    assert api.get("/statuscategory").status_code == 200
    assert api.get("/myself").status_code == 401


def resources(cloud: RunningJiraCloud, **consent: object) -> list[dict[str, object]]:
    token = cloud.control.issue_tokens(**consent)["access_token"]
    answer = requests.get(
        f"{cloud.url}/oauth/token/accessible-resources",
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    )
    listed: list[dict[str, object]] = answer.json()
    return listed


def test_resources_list_labs_first_and_engineering_for_two_products(
    cloud: RunningJiraCloud,
) -> None:
    listed = resources(cloud)

    assert [each["id"] for each in listed] == [LABS, ENG, ENG]
    with_jira = [each for each in listed if "read:jira-work" in str(each["scopes"])]
    assert [each["id"] for each in with_jira] == [LABS, ENG]


def test_resources_hold_only_the_sites_that_were_picked(cloud: RunningJiraCloud) -> None:
    assert [each["id"] for each in resources(cloud, sites=["acme-labs"])] == [LABS]
    assert resources(cloud, account="nosite@acme.test") == []
    assert len(resources(cloud, account="single@acme.test")) == 1


def test_a_site_that_was_not_picked_is_unknown_to_the_token(
    cloud: RunningJiraCloud, connect: Connect
) -> None:
    api = connect("single@acme.test", ENG)

    answer = api.get("/myself")

    assert answer.status_code == 404
    assert answer.json()["message"] == "No message available"
    assert "errorMessages" not in answer.json()
