"""After Atlassian turned a token down: does the grant still work, and does it reach the site?

Whoever asks Jira does so through here: one refresh, whatever the clock says, one look at what the
new token reaches, and one more try (design.md §4).
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol, TypeVar

from app.extensions import db
from app.jira.errors import JiraRefused, JiraUnauthorized
from app.models import ConnectionState
from app.services.grants.clients import client_for
from app.services.grants.stopping import stop
from app.services.grants.tokens import AccessToken, access_token_of, oauth

T = TypeVar("T")

log = logging.getLogger(__name__)


class Lease(Protocol):
    """The right to work for a connection, of whichever kind, as the connection was then."""

    @property
    def connection_id(self) -> int: ...

    @property
    def generation(self) -> int: ...


def ask(connection_id: int, request: Callable[[AccessToken], T], *, looks: bool = True) -> T:
    """What `request` returns with the connection's token, or with a new one if that is turned down.

    looks: False for a request that finds out by itself what the new token reaches, or that is not
    worth the look. No transaction may be open. Raises the errors of `app.jira`: after
    `JiraUnauthorized` there is no more to try, and `give_up` writes down why.
    """
    token = access_token_of(connection_id)
    try:
        return request(token)
    except JiraUnauthorized as error:
        if looks:
            return request(renewed(token, error))
        return request(access_token_of(connection_id, rejected=token.value))


def renewed(token: AccessToken, error: JiraUnauthorized) -> AccessToken:
    """A new token in place of the one that was turned down with `error`, after a look at its sites.

    Something that stands before Jira may answer once for a site that is there, so a site that was
    said to be gone is asked once more; if it answers, what is stopped with the new token is stopped
    alone (`JiraTurnedAway`). No transaction may be open. Raises the errors of `app.jira`,
    `JiraUnauthorized` for the site where the new token does not reach it.
    """
    fresh = access_token_of(token.connection_id, rejected=token.value)
    reachable = {site.cloud_id for site in oauth().sites(fresh.value)}
    if fresh.cloud_id not in reachable:
        raise JiraUnauthorized(error.operation, reason="site") from error
    if error.reason != "site":
        return fresh
    if not answers(fresh):
        raise JiraUnauthorized(error.operation, reason="site") from error
    return replace(fresh, site_answers=True)


def answers(token: AccessToken) -> bool:
    """Whether the token's site answers at all, by one cheap read.

    No transaction may be open. Raises the errors of `app.jira` but for a refusal.
    """
    client = client_for(token)
    try:
        client.myself()
    except JiraRefused:
        return False
    finally:
        client.close()
    return True


def give_up(lease: Lease, error: JiraUnauthorized) -> None:
    """Let the connection say why nothing more can be tried. Due links stay as they are.

    Its site is not available, or, turned down again right after a good refresh, it needs a new
    consent. What the refresh itself has said of the grant stays.
    """
    by_reason = {"site": ConnectionState.SITE_UNAVAILABLE}
    state = by_reason.get(error.reason, ConnectionState.NEEDS_RECONNECT)
    if stop(db.session(), lease.connection_id, lease.generation, state):
        ids = {"connection_id": lease.connection_id, "state": state}
        log.warning("connection stopped", extra=ids)
