"""The way from a connection's row to a client that may talk to Jira."""

from collections.abc import Callable
from functools import partial

from flask import current_app

from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraRateLimited, JiraRefused, JiraTurnedAway
from app.services import timeouts
from app.services.grants.tokens import AccessToken, access_token_of, oauth
from app.services.points import counted
from app.services.points.counted import Asker
from app.services.transactions import refuse_open_transaction

__all__ = [
    "client_for",
    "client_of",
    "oauth",
    "refuse_open_transaction",
    "sentence_of",
]


def client_of(connection_id: int, rejected: str | None = None) -> JiraClient:
    """Return a client for the connection's site with a fresh access token.

    No transaction may be open. Raises as `tokens.access_token_of` does.
    """
    return client_for(access_token_of(connection_id, rejected))


def client_for(
    token: AccessToken,
    longest: float | None = None,
    before_request: Callable[[], None] = refuse_open_transaction,
) -> JiraClient:
    """Return a client that uses `token`; `longest`: seconds that a waiting person would wait.

    `before_request` may raise to keep a request from leaving.
    """
    config = current_app.config
    return JiraClient(
        api_url=config["ATLASSIAN_API_URL"],
        cloud_id=token.cloud_id,
        access_token=token.value,
        before_request=before_request,
        timeout=timeouts.of_requests(longest),
        site_answers=token.site_answers,
        note_points=partial(counted.add, Asker(token.connection_id, token.cloud_id)),
    )


def sentence_of(error: JiraError) -> str:
    """Why Jira did not tell what it was asked, in one sentence for an admin."""
    if isinstance(error, JiraRateLimited):
        return "Jira asked us to slow down."
    if isinstance(error, JiraRefused):
        said = error.sentence
        return f"Jira said: “{said}”" if said else "Jira refused to say."
    if isinstance(error, JiraTurnedAway):
        return "Jira answers, but something between Unpack and Jira stops this request (404)."
    return "Jira did not answer."
