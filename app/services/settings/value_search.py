"""Searching Jira for what a field is to hold while an admin waits: a few seconds at most."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraRateLimited, JiraUnauthorized
from app.models import JiraIssueType
from app.services.field_values.field_kind import Input, Option
from app.services.grants import clients, pauses, verdicts
from app.services.grants.pauses import Pause, pause_of
from app.services.mapping.mappings import Target
from app.services.people.account_search import LONGEST
from app.services.settings.value_forms import ScreenField

SHOWN = 20


@dataclass(frozen=True)
class FoundOptions:
    """What was found for a field; `more` were left out. `trouble` says why there is none.

    `pause`: Jira asked to slow down; whoever searched keeps it with `keep_pause`.
    """

    field_id: str
    query: str
    options: Sequence[Option] = ()
    more: bool = False
    trouble: str = ""
    pause: Pause | None = None


@dataclass(frozen=True)
class FoundFields:
    """Some of the fields whose name holds what was typed; `matching` do, of `total`."""

    query: str
    fields: Sequence[ScreenField]
    matching: int
    total: int


def fields_among(fields: Sequence[ScreenField], query: str) -> FoundFields:
    """Those whose name holds what was typed, in their order. Asks nobody."""
    wanted = query.casefold()
    found = [each for each in fields if wanted in each.name.casefold()]
    return FoundFields(query, found[:SHOWN], len(found), len(fields))


def among(field_id: str, query: str, options: Sequence[Option]) -> FoundOptions:
    """Those of a long list whose name holds what was typed. Asks nobody."""
    wanted = query.casefold()
    found = [each for each in options if wanted in each.label.casefold()]
    return FoundOptions(field_id, query, found[:SHOWN], more=len(found) > SHOWN)


def level_of(connection_id: int, target: Target) -> int:
    """Of the issues of a type: 0 of most, below it of sub-tasks."""
    row = db.session.execute(
        select(JiraIssueType.hierarchy_level, JiraIssueType.subtask).where(
            JiraIssueType.connection_id == connection_id,
            JiraIssueType.project_id == target.project_id,
            JiraIssueType.issue_type_id == target.issue_type_id,
        )
    ).one_or_none()
    return 0 if row is None else -1 if row.subtask else row.hierarchy_level


def search(
    connection_id: int, kind: Input, target: Target, field_id: str, query: str, level: int
) -> FoundOptions:
    """Ask Jira. No transaction may be open. Raises nothing of Jira's: an admin gets a sentence.

    level: of the issues to be created; a parent is of the next one.
    """

    def ask(client: JiraClient) -> list[Option]:
        if kind in {Input.PERSON, Input.PEOPLE}:
            people = client.assignable_people(target.project_key, query)
            return [
                Option(each.account_id, each.display_name)
                for each in people
                if each.active and each.account_type == "atlassian"
            ]
        if kind in {Input.GROUP, Input.GROUPS}:
            found = client.groups(query)
        elif kind is Input.TEAM:
            found = client.suggestions(int(field_id.rpartition("_")[2]), query)
        else:
            found = client.parents(target.project_id, query, level + 1)
        return [Option(each.id, each.name) for each in found if each.id]

    try:
        options = verdicts.ask(
            connection_id,
            lambda token: _asked(clients.client_for(token, LONGEST), ask),
            looks=False,
        )
    except JiraUnauthorized:
        ended = "Unpack’s access to Jira has ended. Reconnect to search."
        return FoundOptions(field_id, query, trouble=ended)
    except JiraError as error:
        pause = pause_of(error, utcnow()) if isinstance(error, JiraRateLimited) else None
        return FoundOptions(field_id, query, trouble=clients.sentence_of(error), pause=pause)
    return FoundOptions(field_id, query, options[:SHOWN], more=len(options) > SHOWN)


def keep_pause(connection_id: int, found: FoundOptions) -> None:
    """Let everything of the connection wait as long as Jira asked the search to."""
    if found.pause is not None:
        pauses.pause_all(connection_id, found.pause)
        db.session.flush()


def _asked(client: JiraClient, ask: Callable[[JiraClient], list[Option]]) -> list[Option]:
    try:
        return ask(client)
    finally:
        client.close()
