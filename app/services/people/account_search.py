"""Searching Jira for a person while an admin waits: one request, a few seconds at most."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.clock import utcnow
from app.extensions import db
from app.jira.errors import JiraError, JiraRateLimited, JiraUnauthorized
from app.jira.types import Person
from app.services.grants import clients, pauses, tokens, verdicts
from app.services.grants.pauses import Pause, pause_of

LONGEST = 5.0  # seconds
SHOWN = 20


@dataclass(frozen=True)
class Account:
    """A person of the site who can be assigned issues. `email` is empty where Jira hides it."""

    id: str
    name: str
    email: str


@dataclass(frozen=True)
class FoundAccounts:
    """The first accounts of the answer; `more` were left out. `trouble` says why there are none.

    `pause`: Jira asked to slow down; whoever searched keeps it with `keep_pause`.
    """

    accounts: Sequence[Account] = ()
    more: bool = False
    trouble: str | None = None
    pause: Pause | None = None

    def account(self, account_id: str) -> Account | None:
        """The account with this id, if it is among those found."""
        return next((each for each in self.accounts if each.id == account_id), None)


def search(connection_id: int, project_key: str, query: str) -> FoundAccounts:
    """Find people who can be assigned in the project and whose name or e-mail begins so.

    No transaction may be open. Raises nothing of Jira's: an admin gets a sentence
    (jira-platform.md §2.8).
    """
    try:
        people = _people(connection_id, project_key, query)
    except JiraUnauthorized:
        return FoundAccounts(trouble="Unpack’s access to Jira has ended. Reconnect to search.")
    except JiraError as error:
        pause = pause_of(error, utcnow()) if isinstance(error, JiraRateLimited) else None
        return FoundAccounts(trouble=clients.sentence_of(error), pause=pause)
    usable = [each for each in people if each.active and each.account_type == "atlassian"]
    accounts = [Account(each.account_id, each.display_name, each.email or "") for each in usable]
    return FoundAccounts(accounts[:SHOWN], more=len(accounts) > SHOWN)


def keep_pause(connection_id: int, found: FoundAccounts) -> None:
    """Let everything of the connection wait as long as Jira asked the search to."""
    if found.pause is not None:
        pauses.pause_all(connection_id, found.pause)
        db.session.flush()


def _people(connection_id: int, project_key: str, query: str) -> list[Person]:
    return verdicts.ask(connection_id, lambda token: _ask(token, project_key, query), looks=False)


def _ask(token: tokens.AccessToken, project_key: str, query: str) -> list[Person]:
    client = clients.client_for(token, LONGEST)
    try:
        return client.assignable_people(project_key, query)
    finally:
        client.close()
