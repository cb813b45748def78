"""One transaction in which a drain writes what became of links: locked, read and written together.

However many there are, it costs the same few statements.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from app.extensions import db
from app.jira.types import Call
from app.models import IssueLink, JiraConnection
from app.models.holding import hold
from app.models.writing import write
from app.services.grants.pauses import Pause, pause_all
from app.services.mapping.mappings import Place
from app.services.outbound import connection_state, fence
from app.services.outbound.entries import Pushes
from app.services.webhooks import owed
from app.services.work.leases import Lease


@dataclass(frozen=True)
class Recording:
    """What is held until the commit, and what else follows from what is written.

    links: by id, those that are still the drain's. answers: the requests that did what they were
    sent for, as far as they are known. new_keys: of issues that were created or found. pauses: what
    Jira asked. stale_screens: Jira has just said that they are others by now.
    """

    lease: Lease
    connection: JiraConnection
    links: Mapping[int, IssueLink]
    pushes: Pushes
    answers: list[Call | None] = field(default_factory=list)
    new_keys: set[str] = field(default_factory=set)
    pauses: set[Pause] = field(default_factory=set)
    stale_screens: set[Place] = field(default_factory=set)


@contextmanager
def recording(lease: Lease, link_ids: Collection[int]) -> Iterator[Recording]:
    """Hold those of the links that are still the drain's; what becomes of them is written at the
    end. The caller commits.

    The connection and its work are locked first, as everywhere (design.md §2.3): what comes of a
    request may concern all of it.
    """
    connection = hold(lease.connection_id)
    assert connection is not None, "a connection's row is never deleted"
    links = fence.own_links(lease, link_ids)
    with of(lease, connection, links) as held:
        yield held


@contextmanager
def of(
    lease: Lease, connection: JiraConnection, links: Mapping[int, IssueLink]
) -> Iterator[Recording]:
    """The same of links that the caller holds already."""
    held = Recording(lease, connection, links, Pushes(links.values()))
    yield held
    write(list(links.values()))
    held.pushes.write()
    for place in held.stale_screens:
        connection_state.drop_metadata(connection, place)
    for pause in held.pauses:
        pause_all(connection.id, pause)
    if held.answers:
        connection_state.note_success(connection, held.answers)
        write([connection])
    if held.new_keys:
        owed.issues_linked(connection, held.new_keys)
    db.session.flush()
