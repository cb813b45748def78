"""The three-legged OAuth of Atlassian: consent, tokens and the sites a grant reaches.

Source: jira-platform.md §1.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import requests

from app.jira import reading
from app.jira.errors import GrantRefused, JiraError, JiraRefused, JiraUnavailable
from app.jira.refusals import facts_of, rate_limited, refusal, unavailable
from app.jira.transport import TIMEOUT, Answer, Timeout, Transport
from app.jira.types import Grant, Site

SCOPES = (
    "read:jira-work",
    "write:jira-work",
    "read:jira-user",
    "manage:jira-webhook",
    "offline_access",
)
JIRA_SCOPE = "read:jira-work"
AUDIENCE = "api.atlassian.com"
USUAL_LIFE = 3600

GRANT_IS_DEAD = frozenset({"invalid_grant", "unauthorized_client"})
CLIENT_IS_REFUSED = frozenset({"access_denied", "invalid_client"})


class AtlassianOAuth:
    """This installation's app at Atlassian. `before_request` as for JiraClient."""

    def __init__(
        self,
        *,
        auth_url: str,
        api_url: str,
        client_id: str,
        client_secret: str,
        redirect_uri: str,
        timeout: Timeout = TIMEOUT,
        before_request: Callable[[], None] | None = None,
    ) -> None:
        self._auth_url = auth_url.rstrip("/")
        self._client = {"client_id": client_id, "client_secret": client_secret}
        self._redirect_uri = redirect_uri
        self._auth = _transport(auth_url, before_request, timeout)
        self._api = _transport(api_url, before_request, timeout)

    def authorization_url(self, state: str) -> str:
        """Where a person consents. `state` is opaque and bound to their session.

        Source: jira-platform.md §1.2.
        https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/
        """
        parameters = {
            "audience": AUDIENCE,
            "client_id": self._client["client_id"],
            "scope": " ".join(SCOPES),
            "redirect_uri": self._redirect_uri,
            "state": state,
            "response_type": "code",
            "prompt": "consent",
        }
        return f"{self._auth_url}/authorize?{urlencode(parameters, quote_via=quote)}"

    def exchange(self, code: str) -> Grant:
        """The tokens for the code that came back from consent, which works once.

        Raises JiraRefused when the code is bad, used or too old. Source: jira-platform.md §1.3.
        """
        body = {
            "grant_type": "authorization_code",
            **self._client,
            "code": code,
            "redirect_uri": self._redirect_uri,
        }
        answer = self._ask("exchange", body, secret=code)
        if answer.status >= 300:
            raise _token_refusal(answer, JiraRefused)
        return _grant(answer, refresh_token=None)

    def refresh(self, refresh_token: str) -> Grant:
        """A new pair of tokens; the one used is switched off (jira-platform.md §1.4).

        Raises GrantRefused when only a new consent helps. JiraUnavailable with `outcome_unknown`:
        the pair may have been replaced; Atlassian takes the old token for 10 minutes more.
        """
        body = {"grant_type": "refresh_token", **self._client, "refresh_token": refresh_token}
        answer = self._ask("refresh", body, secret=refresh_token)
        if answer.status >= 300:
            raise _token_refusal(answer, GrantRefused)
        return _grant(answer, refresh_token=refresh_token)

    def sites(self, access_token: str) -> list[Site]:
        """The Jira sites that a grant reaches, each once, in Atlassian's order.

        Presence says nothing about what the account may do there. Source: jira-platform.md §1.5.
        """
        answer = self._api.request(
            "sites",
            "GET",
            "/oauth/token/accessible-resources",
            headers={"Authorization": f"Bearer {access_token}"},
            secrets=(access_token,),
        )
        if answer.status >= 300:
            raise refusal(answer)
        try:
            resources = reading.required_list(answer.json())
        except ValueError:
            raise unavailable(answer) from None
        sites: dict[str, Site] = {}
        for site in filter(None, map(_site, resources)):
            sites.setdefault(site.cloud_id, site)
        return list(sites.values())

    def _ask(self, operation: str, body: Mapping[str, str], *, secret: str) -> Answer:
        secrets = (secret, self._client["client_secret"])
        return self._auth.request(
            operation, "POST", "/oauth/token", body=body, write=True, secrets=secrets
        )


def _transport(url: str, before_request: Callable[[], None] | None, timeout: Timeout) -> Transport:
    session = requests.Session()
    # Without an auth of its own, requests looks for credentials in a netrc file.
    session.auth = _unsigned
    return Transport(session, url, before_request=before_request, timeout=timeout)


def _unsigned(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _grant(answer: Answer, *, refresh_token: str | None) -> Grant:
    """The tokens of a successful answer; the old refresh token if no new one came.

    Source: jira-platform.md §1.4.
    """
    try:
        body = reading.required_mapping(answer.json())
        access_token = reading.required_id(body.get("access_token"))
    except ValueError:
        # The body stays out of the error: it may hold the tokens that we could not read.
        raise JiraUnavailable(
            answer.operation,
            status=answer.status,
            trace_id=answer.trace_id,
            outcome_unknown=True,
        ) from None
    scope = reading.text(body.get("scope"))
    return Grant(
        access_token=access_token,
        refresh_token=reading.text(body.get("refresh_token")) or refresh_token,
        # Losing a rotated pair over a missing number would lose the customer.
        expires_in=reading.number(body.get("expires_in")) or USUAL_LIFE,
        # RFC 6749 §5.1: a scope that is left out is the scope that was asked for.
        scopes=frozenset(scope.split() if scope else SCOPES),
    )


def _token_refusal(answer: Answer, dead: type[GrantRefused] | type[JiraRefused]) -> JiraError:
    """The error behind a refused token request, by its `error` code.

    `dead` is raised for what a new consent mends. Everything that is not certainly that keeps the
    grant: a wrong client secret or an outage must never throw it away. The codes are in
    jira-platform.md §1.4.
    """
    try:
        body = reading.mapping(answer.json())
    except ValueError:
        return unavailable(answer)
    code = reading.text(body.get("error"))
    if answer.status == 429:
        return rate_limited(answer, body)
    if not 400 <= answer.status < 500 or not code:
        return unavailable(answer, body)
    if code in GRANT_IS_DEAD or (dead is JiraRefused and code not in CLIENT_IS_REFUSED):
        return dead(answer.operation, **facts_of(answer, body))
    return unavailable(answer, body, misconfigured=True)


def _site(value: Any) -> Site | None:
    """A resource that is a Jira site; None for another product or one that cannot be told."""
    resource = reading.mapping(value)
    cloud_id = reading.identifier(resource.get("id"))
    scopes = frozenset(reading.texts(resource.get("scopes")))
    if cloud_id is None or JIRA_SCOPE not in scopes:
        return None
    url = reading.text(resource.get("url")).rstrip("/")
    return Site(
        cloud_id=cloud_id,
        name=reading.text(resource.get("name")) or url,
        url=url,
        scopes=scopes,
        avatar_url=reading.text(resource.get("avatarUrl")) or None,
    )
