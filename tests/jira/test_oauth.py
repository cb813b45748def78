"""Consent, tokens and sites (jira-platform.md §1)."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from responses import matchers

from app.jira.errors import (
    GrantRefused,
    JiraRateLimited,
    JiraRefused,
    JiraUnauthorized,
    JiraUnavailable,
)
from app.jira.oauth import SCOPES, AtlassianOAuth
from app.jira.types import Grant
from tests.jira.addresses import API_URL, AUTH_URL

TOKEN = f"{AUTH_URL}/oauth/token"
RESOURCES = f"{API_URL}/oauth/token/accessible-resources"
PAIR = {"access_token": "new-access", "refresh_token": "new-refresh", "expires_in": 3600}
PAIR |= {"scope": " ".join(SCOPES), "token_type": "Bearer"}
DEAD_GRANT = [
    (403, "invalid_grant", "Unknown or invalid refresh token."),
    (403, "unauthorized_client", "refresh_token is invalid"),
    (403, "unauthorized_client", "refresh_token ist ungültig"),
    (400, "invalid_grant", "The grant was revoked globally."),
    (401, "invalid_grant", ""),
]
OUR_FAULT = [
    (401, "access_denied", "Unauthorized"),
    (401, "invalid_client", ""),
    (400, "invalid_request", "Incorrect request parameters"),
]


def refused(status: int, error: str, description: str) -> dict[str, object]:
    return {"status": status, "json": {"error": error, "error_description": description}}


def test_consent_is_asked_for_with_every_parameter(oauth):
    address = urlsplit(oauth.authorization_url("opaque state"))

    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{AUTH_URL}/authorize"
    assert parse_qs(address.query, strict_parsing=True) == {
        "audience": ["api.atlassian.com"],
        "client_id": ["our-id"],
        "scope": [
            "read:jira-work write:jira-work read:jira-user manage:jira-webhook offline_access"
        ],
        "redirect_uri": ["https://unpack.test/integrations/jira/callback"],
        "state": ["opaque state"],
        "response_type": ["code"],
        "prompt": ["consent"],
    }
    assert "+" not in address.query


def test_a_code_is_exchanged_for_tokens(atlassian, oauth):
    wanted = {
        "grant_type": "authorization_code",
        "client_id": "our-id",
        "client_secret": "our-secret",
        "code": "the-code",
        "redirect_uri": "https://unpack.test/integrations/jira/callback",
    }
    atlassian.post(TOKEN, json=PAIR, match=[matchers.json_params_matcher(wanted)])

    grant = oauth.exchange("the-code")

    assert grant == Grant("new-access", "new-refresh", 3600, frozenset(SCOPES))


def test_tokens_may_come_without_a_refresh_token_and_with_fewer_scopes(atlassian, oauth):
    body = {"access_token": "a", "expires_in": "1800", "scope": "read:jira-work read:me"}
    atlassian.post(TOKEN, json=body)

    grant = oauth.exchange("the-code")

    assert grant == Grant("a", None, 1800, frozenset({"read:jira-work", "read:me"}))


@pytest.mark.parametrize(
    ("status", "error", "description"),
    [
        (403, "invalid_request", "authorization_code is invalid"),
        (403, "invalid_grant", "Ungültiger Code"),
        (403, "unauthorized_client", "Callback URL mismatch"),
    ],
)
def test_a_bad_code_is_refused(atlassian, oauth, status, error, description):
    atlassian.post(TOKEN, **refused(status, error, description))

    with pytest.raises(JiraRefused) as caught:
        oauth.exchange("used-code")

    assert caught.value.sentence == description


def test_a_refresh_brings_a_new_pair(atlassian, oauth):
    wanted = {
        "grant_type": "refresh_token",
        "client_id": "our-id",
        "client_secret": "our-secret",
        "refresh_token": "old-refresh",
    }
    atlassian.post(TOKEN, json=PAIR, match=[matchers.json_params_matcher(wanted)])

    assert oauth.refresh("old-refresh").refresh_token == "new-refresh"


@pytest.mark.parametrize("missing", [{}, {"refresh_token": None, "expires_in": None, "scope": ""}])
def test_a_refresh_keeps_what_did_not_come_anew(atlassian, oauth, missing):
    atlassian.post(TOKEN, json={"access_token": "new-access", **missing})

    grant = oauth.refresh("old-refresh")

    assert grant == Grant("new-access", "old-refresh", 3600, frozenset(SCOPES))


@pytest.mark.parametrize(("status", "error", "description"), DEAD_GRANT)
def test_a_dead_grant_needs_a_new_consent(atlassian, oauth, status, error, description):
    atlassian.post(TOKEN, **refused(status, error, description))

    with pytest.raises(GrantRefused) as caught:
        oauth.refresh("old-refresh")

    assert isinstance(caught.value, JiraUnauthorized)
    assert not caught.value.outcome_unknown


@pytest.mark.parametrize(("status", "error", "description"), OUR_FAULT)
def test_our_own_mistake_never_throws_a_grant_away(atlassian, oauth, status, error, description):
    atlassian.post(TOKEN, **refused(status, error, description))

    with pytest.raises(JiraUnavailable) as caught:
        oauth.refresh("old-refresh")

    assert caught.value.misconfigured
    assert not caught.value.outcome_unknown


def test_a_wrong_client_secret_is_told_from_a_bad_code(atlassian, oauth):
    atlassian.post(TOKEN, **refused(*OUR_FAULT[0]))

    with pytest.raises(JiraUnavailable) as caught:
        oauth.exchange("the-code")

    assert caught.value.misconfigured


@pytest.mark.parametrize(
    ("answer", "unknown"),
    [
        ({"status": 500, "json": {"error": "invalid_grant"}}, True),
        ({"status": 503, "body": "<html>Down</html>"}, True),
        ({"status": 302, "headers": {"Location": "https://elsewhere.test"}}, True),
        ({"status": 200, "body": "<html>Log in</html>"}, True),
        ({"status": 200, "json": {"refresh_token": "new-refresh"}}, True),
        ({"status": 200, "body": ""}, True),
        ({"status": 403, "body": "<html>invalid_grant</html>"}, False),
        ({"status": 403, "json": {"message": "Forbidden"}}, False),
        ({"status": 401, "body": ""}, False),
        ({"body": requests.ReadTimeout()}, True),
        ({"body": requests.ConnectTimeout()}, False),
    ],
)
def test_an_outage_never_throws_a_grant_away(atlassian, oauth, answer, unknown):
    atlassian.post(TOKEN, **answer)

    with pytest.raises(JiraUnavailable) as caught:
        oauth.refresh("old-refresh")

    assert caught.value.outcome_unknown == unknown
    assert not caught.value.misconfigured


def test_a_token_request_may_be_rate_limited(atlassian, oauth):
    atlassian.post(TOKEN, status=429, headers={"Retry-After": "7"}, json={"error": "slow_down"})

    with pytest.raises(JiraRateLimited) as caught:
        oauth.refresh("old-refresh")

    assert caught.value.retry_after == 7


@pytest.mark.parametrize("status", [200, 403, 500])
def test_no_error_or_grant_shows_a_secret(atlassian, oauth, status):
    body = '{"echo": "old-refresh our-secret", "refresh_token": "new-refresh"'
    atlassian.post(TOKEN, status=status, body=body)

    with pytest.raises(JiraUnavailable) as caught:
        oauth.refresh("old-refresh")

    shown = repr(vars(caught.value)) + repr(Grant("new-access", "new-refresh", 1, frozenset()))
    for secret in ("old-refresh", "our-secret", "new-access"):
        assert secret not in shown
    assert status != 200 or "new-refresh" not in shown


def site(cloud_id: object, *scopes: str, **more: object) -> dict[str, object]:
    url = f"https://{cloud_id}.atlassian.test"
    return {"id": cloud_id, "name": str(cloud_id), "url": url, "scopes": list(scopes), **more}


def test_only_jira_sites_are_listed_each_once(atlassian, oauth):
    resources = [
        site("labs", "read:confluence-content.all"),
        site("labs", "read:jira-work", avatarUrl="https://a.test/1.png"),
        site("eng", "read:jira-work", "write:jira-work"),
        site("labs", "read:jira-work", name="again"),
        site("wiki", "read:confluence-content.all"),
        site(None, "read:jira-work"),
        {"id": "bare", "scopes": None},
        None,
    ]
    signed = matchers.header_matcher({"Authorization": "Bearer new-access"})
    atlassian.get(RESOURCES, json=resources, match=[signed])

    labs, eng = oauth.sites("new-access")

    assert (labs.cloud_id, labs.name, labs.avatar_url) == ("labs", "labs", "https://a.test/1.png")
    assert (eng.cloud_id, eng.url) == ("eng", "https://eng.atlassian.test")
    assert eng.scopes == {"read:jira-work", "write:jira-work"}


def test_no_site_is_an_empty_list(atlassian, oauth):
    atlassian.get(RESOURCES, json=[])

    assert oauth.sites("new-access") == []


@pytest.mark.parametrize("body", ["{}", "<html></html>", ""])
def test_an_unreadable_answer_is_not_taken_for_no_site(atlassian, oauth, body):
    atlassian.get(RESOURCES, body=body)

    with pytest.raises(JiraUnavailable):
        oauth.sites("new-access")


def test_an_expired_token_reaches_no_site(atlassian, oauth):
    atlassian.get(RESOURCES, status=401, json={"code": 401, "message": "Unauthorized"})

    with pytest.raises(JiraUnauthorized):
        oauth.sites("new-access")


def test_no_credentials_of_the_machine_are_used(atlassian, oauth, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine auth.atlassian.test login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    atlassian.post(TOKEN, json=PAIR)

    oauth.refresh("old-refresh")

    assert "Authorization" not in atlassian.calls[0].request.headers


def test_no_token_is_asked_for_when_the_application_forbids_it(atlassian):
    def forbid() -> None:
        raise RuntimeError("a transaction is open")

    oauth = AtlassianOAuth(
        auth_url=AUTH_URL,
        api_url=API_URL,
        client_id="our-id",
        client_secret="our-secret",
        redirect_uri="https://unpack.test/callback",
        before_request=forbid,
    )

    for ask in (oauth.exchange, oauth.refresh, oauth.sites):
        with pytest.raises(RuntimeError, match="transaction"):
            ask("token")
