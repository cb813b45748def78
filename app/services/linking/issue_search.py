"""Asking Jira for issues while a person waits: one request, a few seconds at most."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app import clock
from app.clock import utcnow
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraRateLimited, JiraUnauthorized, JiraUnavailable
from app.jira.types import Issue
from app.services.grants import clients, pauses, tokens, verdicts
from app.services.grants.pauses import Pause, pause_of
from app.services.linking.reach import SECURITY_LEVEL
from app.services.outbound.plan import PROPERTY

LONGEST = 5.0  # seconds
SHOWN = 20
# No more than is shown, and than decides who may choose it: no description is read for a page.
FIELDS = ("summary", "status", "created", "updated", "project", "issuetype", SECURITY_LEVEL)
_NO_ANSWER = f"Jira did not answer within {LONGEST:.0f} seconds. Nothing was changed. Search again."

Ask = Callable[[JiraClient], list[Issue]]


@dataclass(frozen=True)
class Answered:
    """The first issues of the answer, each with our property. trouble: why there are none.

    cloud_id: the site that answered. pause: Jira asked to slow down; `keep_pause` keeps it.
    """

    issues: Sequence[Issue] = ()
    trouble: str = ""
    cloud_id: str = ""
    pause: Pause | None = None


def by_key(connection_id: int, key: str) -> Answered:
    """Read the issue with this key, if the account sees one.

    No transaction may be open. Raises nothing of Jira's: who asked gets a sentence.
    """
    return _answered(
        connection_id,
        lambda client: client.bulk_fetch([key], fields=FIELDS, properties=[PROPERTY]),
    )


def by_query(connection_id: int, jql: str) -> Answered:
    """Read the first issues that the query finds. Otherwise as `by_key`."""
    return _answered(
        connection_id,
        lambda client: client.search(
            jql, fields=FIELDS, properties=[PROPERTY], page_size=SHOWN, pages=1
        ),
    )


def keep_pause(connection_id: int, answered: Answered) -> None:
    """Let everything of the connection wait as long as Jira asked the search to."""
    if answered.pause is not None:
        pauses.pause_all(connection_id, answered.pause)
        db.session.flush()


def _answered(connection_id: int, ask: Ask) -> Answered:
    until = clock.monotonic() + LONGEST

    def request(token: tokens.AccessToken) -> Answered:
        return Answered(_asked(token, ask, until), cloud_id=token.cloud_id)

    try:
        return verdicts.ask(connection_id, request, looks=False)
    except JiraUnauthorized:
        return Answered(trouble="Unpack’s access to Jira has ended. An admin has to reconnect it.")
    except JiraError as error:
        pause = pause_of(error, utcnow()) if isinstance(error, JiraRateLimited) else None
        return Answered(trouble=_sentence(error), pause=pause)


def _asked(token: tokens.AccessToken, ask: Ask, until: float) -> list[Issue]:
    """Within what is left of the time: the token may have taken some of it."""
    left = until - clock.monotonic()
    if left <= 0:
        raise JiraUnavailable("search")
    client = clients.client_for(token, left)
    try:
        return ask(client)
    finally:
        client.close()


def _sentence(error: JiraError) -> str:
    if isinstance(error, JiraUnavailable) and error.status is None:
        return _NO_ANSWER
    return f"{clients.sentence_of(error)} Nothing was changed. Search again later."
