"""Grants, codes and tokens: what auth.atlassian.com keeps (jira-platform.md §1.3, §1.4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from demo.jira_cloud.answers.refusals import oauth_error, unauthorized
from demo.jira_cloud.catalog.accounts import ACCOUNTS, Account
from demo.jira_cloud.catalog.sites import Site
from demo.jira_cloud.state.world import World

CODE_SECONDS = 60
ACCESS_SECONDS = 3600
LEEWAY_SECONDS = 600
INACTIVE_SECONDS = 90 * 24 * 3600


@dataclass(frozen=True)
class Caller:
    """Who stands behind an access token: the account, what was granted, which sites it reaches."""

    account: Account
    scopes: frozenset[str]
    sites: tuple[str, ...]


def consent(world: World, account: Account, scopes: Iterable[str], sites: Iterable[str]) -> str:
    """Record the person's consent; returns the id of what was granted. Newer scopes replace."""
    world.table("grants")[account.id] = {"account": account.id, "scopes": sorted(scopes)}
    family = f"family-{world.next_number('family', 1)}"
    world.table("families")[family] = {
        "account": account.id,
        "sites": list(sites),
        "scopes": sorted(scopes),
        "revoked": False,
    }
    return family


def new_code(world: World, family: str, redirect_uri: str, challenge: str | None) -> str:
    """A code that can be exchanged once, within a minute."""
    code = world.names.token(48)
    world.table("codes")[code] = {
        "family": family,
        "redirect_uri": redirect_uri,
        "challenge": challenge,
        "expires_at": world.now().timestamp() + CODE_SECONDS,
    }
    return code


def take_code(world: World, code: str) -> dict[str, Any]:
    """Use the code up. A bad, used or expired one is refused as Atlassian does."""
    codes = world.table("codes")
    entry = codes.get(code)
    if entry is None or entry["expires_at"] < world.now().timestamp():
        raise oauth_error(400, "invalid_request", "authorization_code is invalid")
    del codes[code]
    return entry


def issue_pair(world: World, family: str, parent: str | None = None) -> dict[str, Any]:
    """The body of a successful token answer: a new access token, and a refresh token if granted."""
    granted = world.table("families")[family]
    now = world.now().timestamp()
    # Long on purpose: nobody may give a token a column of 255 characters.
    access = world.names.token(900)
    world.table("access_tokens")[access] = {"family": family, "expires_at": now + ACCESS_SECONDS}
    body = {
        "access_token": access,
        "expires_in": ACCESS_SECONDS,
        "token_type": "Bearer",
        "scope": " ".join(granted["scopes"]),
    }
    if "offline_access" in granted["scopes"]:
        refresh = world.names.token(300)
        world.table("refresh_tokens")[refresh] = {
            "family": family,
            "parent": parent,
            "issued_at": now,
            "used_at": None,
            "succeeded": False,
        }
        body["refresh_token"] = refresh
    return body


def rotate(world: World, refresh: str) -> dict[str, Any]:
    """Exchange a refresh token for a new pair; the used one dies, but for the leeway."""
    tokens = world.table("refresh_tokens")
    entry = tokens.get(refresh)
    if entry is None or not _usable(world, entry):
        raise oauth_error(403, "unauthorized_client", "refresh_token is invalid")
    if entry["used_at"] is None:
        entry["used_at"] = world.now().timestamp()
        tokens[refresh] = entry
    parent = tokens.get(entry["parent"] or "")
    if parent is not None:
        # Whoever uses the new token has it: the one before it is of no more use to anybody.
        parent["succeeded"] = True
        tokens[entry["parent"]] = parent
    return issue_pair(world, entry["family"], parent=refresh)


def _usable(world: World, entry: dict[str, Any]) -> bool:
    if world.table("families")[entry["family"]]["revoked"] or entry["succeeded"]:
        return False
    now = world.now().timestamp()
    if entry["used_at"] is not None:
        return bool(now - entry["used_at"] <= LEEWAY_SECONDS)
    return bool(now - entry["issued_at"] <= INACTIVE_SECONDS)


def caller_of(world: World, authorization: str | None) -> Caller:
    """Who sends this Authorization header; the gateway's 401 when nobody with a valid token."""
    scheme, _, token = (authorization or "").partition(" ")
    entry = world.table("access_tokens").get(token)
    if scheme.lower() != "bearer" or entry is None:
        raise unauthorized()
    family = world.table("families")[entry["family"]]
    if family["revoked"] or entry["expires_at"] <= world.now().timestamp():
        raise unauthorized()
    account = ACCOUNTS[family["account"]]
    granted = world.table("grants")[account.id]["scopes"]
    return Caller(account, frozenset(family["scopes"]) & set(granted), _sites(world, family))


def _sites(world: World, family: dict[str, Any]) -> tuple[str, ...]:
    picked = family["sites"]
    return tuple(site.slug for site in world.live_sites() if site.slug in picked)


def revoke(world: World, account: str | None = None) -> int:
    """End the app's access for one account, or for all; returns how many grants ended."""
    families = world.table("families")
    ended = set()
    for identity, family in families.items():
        if account in (None, family["account"]) and not family["revoked"]:
            families[identity] = {**family, "revoked": True}
            ended.add(family["account"])
    return len(ended)


def expire_access_tokens(world: World) -> int:
    """Let every access token end now; returns how many there were."""
    tokens = world.table("access_tokens")
    count = len(tokens)
    tokens.clear()
    return count


def forget_stale(world: World) -> None:
    """Drop access tokens that ended more than a day ago, so that the file does not grow."""
    tokens = world.table("access_tokens")
    limit = world.now().timestamp() - 24 * 3600
    for token, entry in list(tokens.items()):
        if entry["expires_at"] < limit:
            del tokens[token]


def has_live_grant(world: World, account: str) -> bool:
    """Whether the app may still act for the account; without it no webhook is delivered."""
    families = world.table("families").values()
    return any(each["account"] == account and not each["revoked"] for each in families)


def resources(world: World, caller: Caller) -> list[dict[str, Any]]:
    """The body of accessible-resources (jira-platform.md §1.5)."""
    entries = []
    for site in world.live_sites():
        if site.slug in caller.sites:
            entries.extend(_resource(world, site, caller))
    return entries


def _resource(world: World, site: Site, caller: Caller) -> list[dict[str, Any]]:
    entry = {
        "id": site.cloud_id,
        "url": world.site_url(site),
        "name": site.name,
        "scopes": sorted(scope for scope in caller.scopes if scope != "offline_access"),
        "avatarUrl": f"{world.settings.base_url}/static/site.svg",
    }
    if site.slug != "acme-eng":
        return [entry]
    # The same id for a second product, as it comes where Confluence is installed too.
    return [{**entry, "scopes": ["read:confluence-content.summary"]}, entry]


def check_client(world: World, client_id: object, client_secret: object) -> None:
    """A wrong id or secret reads 401 access_denied and says nothing of the grant."""
    settings = world.settings
    if (client_id, client_secret) != (settings.client_id, settings.client_secret):
        raise oauth_error(401, "access_denied", "Unauthorized")
