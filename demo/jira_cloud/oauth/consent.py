"""What /authorize checks and what Accept and Decline lead to (jira-platform.md §1.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from demo.jira_cloud.catalog.accounts import Account
from demo.jira_cloud.oauth import tokens
from demo.jira_cloud.state.world import World

AUDIENCE = "api.atlassian.com"


class BadConsentRequest(Exception):
    """The person sees an error page of Atlassian's; nothing returns to the app."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


@dataclass(frozen=True)
class ConsentRequest:
    """A checked request for consent."""

    client_id: str
    scopes: tuple[str, ...]
    redirect_uri: str
    state: str
    challenge: str | None


def read(world: World, given: Mapping[str, str]) -> ConsentRequest:
    """Check the parameters of /authorize. Raises BadConsentRequest."""
    settings = world.settings
    _expect(given.get("client_id") == settings.client_id, "unauthorized_client", "Unknown client")
    _expect(
        given.get("redirect_uri") in settings.redirect_uris,
        "unauthorized_client",
        "Callback URL mismatch",
    )
    _expect(given.get("audience") == AUDIENCE, "access_denied", "Service not found")
    _expect(given.get("response_type") == "code", "invalid_request", "response_type must be code")
    _expect(given.get("prompt") == "consent", "invalid_request", "prompt must be consent")
    _expect(bool(given.get("state")), "invalid_request", "state is missing")
    scopes = tuple(given.get("scope", "").split())
    unknown = sorted(set(scopes) - set(settings.scopes))
    _expect(bool(scopes), "invalid_scope", "scope is missing")
    _expect(not unknown, "invalid_scope", f"Scopes not added to the app: {' '.join(unknown)}")
    return ConsentRequest(
        settings.client_id, scopes, given["redirect_uri"], given["state"], _challenge(given)
    )


def accept(world: World, asked: ConsentRequest, account: Account, sites: list[str]) -> str:
    """Grant it; returns the URL that the browser is sent to. Raises BadConsentRequest.

    Only an account without any site may accept without picking one.
    """
    own = [site.slug for site in world.live_sites() if site.slug in account.sites]
    fits = set(sites) <= set(own) and (bool(sites) or not own)
    _expect(fits, "invalid_request", "Choose at least one of the account's sites")
    family = tokens.consent(world, account, asked.scopes, sites)
    code = tokens.new_code(world, family, asked.redirect_uri, asked.challenge)
    return _back(asked, {"state": asked.state, "code": code})


def decline(asked: ConsentRequest) -> str:
    """The URL that the browser is sent to after Decline."""
    words = "User did not authorize the request"
    denied = {"error": "access_denied", "error_description": words, "state": asked.state}
    return _back(asked, denied)


def _back(asked: ConsentRequest, answer: dict[str, str]) -> str:
    return f"{asked.redirect_uri}?{urlencode(answer)}"


def _challenge(given: Mapping[str, str]) -> str | None:
    challenge = given.get("code_challenge")
    fits = challenge is None or given.get("code_challenge_method") == "S256"
    _expect(fits, "invalid_request", "code_challenge_method must be S256")
    return challenge


def _expect(fits: bool, error: str, description: str) -> None:
    if not fits:
        raise BadConsentRequest(error, description)
