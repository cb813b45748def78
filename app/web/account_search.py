"""The page on which an admin searches Jira for an account: for a member, or for nobody's issues."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import render_template, request
from flask_limiter import RouteLimit

from app.extensions import db, hidden, limiter
from app.models import JiraConnection, Organization
from app.services.people import lookups
from app.services.people.account_search import Account, FoundAccounts, keep_pause, search
from app.services.points import pool, waiting_words
from app.services.points.counted import Asker
from app.web.access import signed_in_user
from app.web.partials import html_partial, wants_partial

LONGEST_QUERY = 200
SEARCHES_OF_PERSON = "60 per minute"


def _asked_by() -> str:
    return hidden(f"searches of {signed_in_user().id}")


def _asks_nothing() -> bool:
    return not _query(request.values.get("query", ""))


def limited_unless(asks_nothing: Callable[[], bool]) -> RouteLimit:
    """A search is a request to Jira, out of what the installation may ask (design.md §4)."""
    return limiter.shared_limit(
        SEARCHES_OF_PERSON, scope="account search", key_func=_asked_by, exempt_when=asks_nothing
    )


limited = limited_unless(_asks_nothing)


@dataclass(frozen=True)
class Chosen:
    """What was posted: the search as it is answered now, and the account if it is among those."""

    query: str
    found: FoundAccounts
    account: Account | None

    @property
    def error(self) -> str | None:
        """Why the account is not taken, unless the search says it itself."""
        return None if self.found.trouble else "Choose one of the accounts."


def asked() -> str:
    """What the address asks for."""
    return _query(request.args.get("query", ""))


def chosen(connection: JiraConnection) -> Chosen:
    """Search again for what was posted: only an account that Jira shows now is taken."""
    query = _query(request.form.get("query", ""))
    found = found_by(connection, query) or FoundAccounts()
    return Chosen(query, found, found.account(request.form.get("account", "")))


def found_by(connection: JiraConnection, query: str) -> FoundAccounts | None:
    """What Jira finds; None where nothing is asked for."""
    if not query:
        return None
    project_key, connection_id = lookups.searched_project(connection), connection.id
    any_left = pool.has_any(Asker(connection.id, str(connection.cloud_id)))
    db.session.commit()  # no transaction stays open while Jira answers
    if project_key is None:
        return FoundAccounts(trouble="Save a Default Project first.")
    if not any_left:
        return FoundAccounts(trouble=waiting_words.NOBODY_MAY_ASK)
    found = search(connection_id, project_key, query)
    keep_pause(connection_id, found)
    db.session.commit()
    return found


def page(
    organization: Organization,
    heading: str,
    here: str,
    query: str,
    found: FoundAccounts | None,
    error: str | None = None,
) -> str:
    """The page, or what was found as a fragment. `here` is its address, for GET and POST."""
    template = "people/_found.html" if wants_partial() else "people/edit.html"
    draw = html_partial if wants_partial() else render_template
    return draw(
        template,
        organization=organization,
        heading=heading,
        here=here,
        query=query,
        found=found,
        error=error,
    )


def _query(text: str) -> str:
    return text.replace("\0", "").strip()[:LONGEST_QUERY]
