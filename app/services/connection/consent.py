"""What Atlassian is asked when somebody connects: consent, tokens, sites, account.

Nothing here touches the database, so that no transaction is open while Atlassian answers.
"""

import logging
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from app.clock import utcnow
from app.jira.client import JiraClient
from app.jira.errors import (
    JiraError,
    JiraRateLimited,
    JiraRefused,
    JiraUnauthorized,
    JiraUnavailable,
)
from app.jira.oauth import SCOPES
from app.jira.types import Account, Grant
from app.jira.types import Site as JiraSite
from app.services.errors import UnpackError
from app.services.grants import tokens
from app.services.timeouts import of_requests
from app.services.transactions import refuse_open_transaction

__all__ = [
    "SCOPES",
    "ConnectingFailed",
    "Granted",
    "Site",
    "authorization_url",
    "callback_url",
    "is_set_up",
    "redeem",
]

log = logging.getLogger(__name__)


class ConnectingFailed(UnpackError):
    """Why nothing was connected."""

    sentence = "Nothing was connected."


@dataclass(frozen=True)
class Site:
    """A Jira site that a grant reaches."""

    cloud_id: str
    name: str
    url: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Granted:
    """What a consent brought. The tokens are encrypted already; `sites` is never empty."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    access_expires_at: datetime
    account_id: str
    account_name: str
    sites: tuple[Site, ...]


def is_set_up() -> bool:
    """Whether the operator has given this installation an Atlassian app."""
    config = current_app.config
    return bool(config["JIRA_CLIENT_ID"] and config["JIRA_CLIENT_SECRETS"])


def callback_url() -> str:
    """Where Atlassian sends people back to; the app in Atlassian's console must name it exactly."""
    return f"{current_app.config['PUBLIC_URL']}/integrations/jira/callback"


def authorization_url(state: str) -> str:
    """Where a person consents. `state` is opaque and bound to their session.

    Source: jira-platform.md §1.2.
    """
    return tokens.oauth().authorization_url(state)


def redeem(code: str) -> Granted:
    """Exchange the code that came back from consent for all that connecting needs to know.

    Talks to Atlassian three times or more, with no transaction open. Raises `ConnectingFailed`
    with a sentence for the person.
    """
    try:
        grant = tokens.oauth().exchange(code)
        _refuse_missing_scopes(grant)
        sites = [site for site in tokens.oauth().sites(grant.access_token) if _is_web_url(site)]
        if not sites:
            raise ConnectingFailed(
                "This Atlassian account reaches no Jira Cloud site. Nothing was connected; "
                "connect again with an account that does."
            )
        account = _account(grant, sites)
    except JiraError as error:
        log.warning("connecting failed", extra={"error": str(error)})
        raise ConnectingFailed(_sentence(error)) from error
    return _granted(grant, sites, account)


def _granted(grant: Grant, sites: list[JiraSite], account: Account) -> Granted:
    assert grant.refresh_token is not None  # a grant without offline_access was refused
    return Granted(
        access_token=tokens.encrypt(grant.access_token),
        refresh_token=tokens.encrypt(grant.refresh_token),
        access_expires_at=utcnow() + timedelta(seconds=grant.expires_in),
        account_id=account.account_id,
        account_name=account.display_name,
        sites=tuple(Site(site.cloud_id, site.name, site.url) for site in sites),
    )


def _refuse_missing_scopes(grant: Grant) -> None:
    missing = [scope for scope in SCOPES if scope not in grant.scopes]
    if not grant.refresh_token and "offline_access" not in missing:
        missing.append("offline_access")
    if missing:
        raise ConnectingFailed(
            f"Atlassian did not grant everything that Unpack needs: {', '.join(missing)} is "
            "missing. Nothing was connected. Whoever set up the Atlassian app can add it there."
        )


def _account(grant: Grant, sites: list[JiraSite]) -> Account:
    """Who consented: the same account on every site, so the first site that answers will do."""
    for site in sites[:-1]:
        try:
            return _client(grant, site).myself()
        except (JiraUnauthorized, JiraRefused) as error:
            log.info("site passed over", extra={"cloud_id": site.cloud_id, "error": str(error)})
    return _client(grant, sites[-1]).myself()


def _client(grant: Grant, site: JiraSite) -> JiraClient:
    config = current_app.config
    return JiraClient(
        api_url=config["ATLASSIAN_API_URL"],
        cloud_id=site.cloud_id,
        access_token=grant.access_token,
        before_request=refuse_open_transaction,
        timeout=of_requests(),
    )


def _is_web_url(site: JiraSite) -> bool:
    """A site's address becomes a link on our pages, so its scheme is not taken on trust."""
    address = urlsplit(site.url)
    return address.scheme in {"http", "https"} and bool(address.hostname)


def _sentence(error: JiraError) -> str:
    if isinstance(error, JiraUnavailable) and error.misconfigured:
        return (
            "Atlassian does not accept this installation's client id or secret. Nothing was "
            "connected. Whoever runs it checks JIRA_CLIENT_ID and JIRA_CLIENT_SECRET."
        )
    if isinstance(error, JiraRateLimited):
        return "Atlassian asked us to slow down. Nothing was connected; try again in some minutes."
    if isinstance(error, JiraUnavailable):
        return "Atlassian did not answer. Nothing was connected; try again in a minute."
    if error.operation == "exchange":
        return (
            "Atlassian did not accept this sign-in: it was used before or took too long. "
            "Nothing was connected; connect again."
        )
    return (
        "Atlassian signed you in, but its site did not let Unpack in. Nothing was connected; "
        "ask whoever administers the Jira site."
    )
