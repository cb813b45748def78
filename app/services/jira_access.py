"""The way from a connection's row to a client that may talk to Jira."""

from flask import current_app

from app.jira.client import JiraClient
from app.services.tokens import AccessToken, access_token_of, oauth
from app.services.transactions import refuse_open_transaction

__all__ = ["client_for", "client_of", "oauth", "refuse_open_transaction", "timeouts"]

CONNECT_TIMEOUT = 3.05


def client_of(connection_id: int, rejected: str | None = None) -> JiraClient:
    """Return a client for the connection's site with a fresh access token.

    No transaction may be open. Raises as `tokens.access_token_of` does.
    """
    return client_for(access_token_of(connection_id, rejected))


def client_for(token: AccessToken) -> JiraClient:
    """Return a client that uses `token`."""
    config = current_app.config
    return JiraClient(
        api_url=config["ATLASSIAN_API_URL"],
        cloud_id=token.cloud_id,
        access_token=token.value,
        before_request=refuse_open_transaction,
        timeout=timeouts(),
    )


def timeouts() -> tuple[float, float]:
    """Seconds to wait for a connection and for an answer."""
    read = float(current_app.config["JIRA_TIMEOUT"])
    return min(CONNECT_TIMEOUT, read), read
