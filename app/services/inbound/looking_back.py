"""Reading the issues of what a team committed before, when its next retrospective is opened.

Whatever was read shows, as of then, and that an issue is gone is noted. It completes, opens and
takes over nothing: that is what webhooks and reconciliations bring (design.md §2.2).
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, exists, or_, select, update
from sqlalchemy.orm import aliased

from app import clock
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraRefused, JiraUnavailable
from app.jira.issues import ISSUES_PER_REQUEST
from app.jira.types import Issue
from app.models import ActionItem, IssueLink, JiraConnection, Retrospective
from app.models.deleted_retrospective import not_deleted
from app.models.holding import hold
from app.models.obstacles import obstacle_to_asking
from app.models.points import Spending, may_spend
from app.services.grants import clients, pauses, tokens, verdicts
from app.services.inbound import apply, changes, pending, touches
from app.services.inbound.apply import Seen
from app.services.inbound.changes import ABSENT, Absence
from app.services.inbound.pending import Reading
from app.services.organizations import team_archive
from app.services.outbound.seen_statuses import STATUS, read_in, see
from app.services.owed import reconciliations
from app.services.retrospectives.carrying import COMMITTED

EVERY = timedelta(minutes=5)
LONGEST = 5.0  # seconds
Clients = Callable[[], AbstractContextManager[JiraClient]]  # one for each request
FIELDS = (*STATUS, "updated")
_BROWSE = "BROWSE_PROJECTS"


@dataclass(frozen=True)
class LookBack:
    """Issues that are to be read, and the connection as it is now."""

    connection_id: int
    generation: int
    readings: Sequence[Reading]


@dataclass(frozen=True)
class Looked:
    """What became of each; error: why there is nothing."""

    seen: Sequence[Seen] = ()
    error: JiraError | None = None


def is_due(retrospective: Retrospective, connection: JiraConnection | None, now: datetime) -> bool:
    """Whether the issues should be read, and Jira may be asked at `now` (aware UTC)."""
    if connection is None or obstacle_to_asking(connection, now) is not None:
        return False
    return _is_free(retrospective, connection, now)


def may_be_read(link: IssueLink, connection: JiraConnection) -> bool:
    """Whether a look back reads the issue of an open action item's link."""
    return link.created and not link.unmarked and link.cloud_id == connection.cloud_id


def begin(
    retrospective: Retrospective, links: Sequence[IssueLink], now: datetime
) -> LookBack | None:
    """Take the turn of reading the issues of `links`: as many as one request gives.

    None if it is nobody's turn: Jira may not be asked, or somebody of the team has, less than five
    minutes ago, whatever it answered, or the retrospective is in Commit by now. Holds the team,
    then the retrospective. The caller commits before it asks.
    """
    connection = retrospective.team.organization.connection
    if connection is None or not is_due(retrospective, connection, now):
        return None
    if not _take_turn(retrospective, now):
        return None
    here = [each for each in links if may_be_read(each, connection)]
    readings = pending.readings_of(here)[:ISSUES_PER_REQUEST]
    return LookBack(connection.id, connection.generation, readings) if readings else None


def ask(look: LookBack) -> Looked:
    """Ask Jira, for `LONGEST` at most, over all requests together. No transaction may be open.
    Raises nothing of Jira's."""
    until = clock.monotonic() + LONGEST

    def request(token: tokens.AccessToken) -> list[Seen]:
        return _read(partial(_client, token, until), look.readings)

    try:
        return Looked(verdicts.ask(look.connection_id, request, looks=False))
    except JiraError as error:
        return Looked(error=error)


def keep(look: LookBack, looked: Looked, now: datetime) -> None:
    """Write down what was read; `now`: aware UTC. Nothing, where somebody reconnected meanwhile.

    Holds connection, items and links, in this order. What webhooks should have told of, and did
    not, has the issues looked at. The caller commits.
    """
    if looked.error is not None:
        pauses.pause_if_asked(look.connection_id, looked.error)
        return
    connection = hold(look.connection_id, JiraConnection.generation == look.generation)
    if connection is None:
        return
    links = _held([each.reading.link_id for each in looked.seen])
    missed = False
    for each in looked.seen:
        link = links.get(each.reading.link_id)
        if link is not None:
            missed |= _keep(link, each, now)
    if missed:
        reconciliations.owe_after_gap(connection, now)
    db.session.flush()


def _is_free(retrospective: Retrospective, connection: JiraConnection, now: datetime) -> bool:
    """Whether the connection has points for it, and nobody of the team has asked lately."""
    near = JiraConnection.near_limit_until
    free = select(JiraConnection.id).where(
        JiraConnection.id == connection.id,
        or_(near.is_(None), near <= now),
        may_spend(Spending.READS, now),
        ~_team_looked_back(retrospective, now),
    )
    return db.session.scalar(free) is not None


def _take_turn(retrospective: Retrospective, now: datetime) -> bool:
    team_archive.lock(retrospective.team)  # two of its retrospectives may be opened at once
    result = db.session.execute(
        update(Retrospective)
        .where(
            Retrospective.id == retrospective.id,
            Retrospective.phase.not_in(COMMITTED),
            not_deleted(),
            ~_team_looked_back(retrospective, now),
        )
        .values(looked_back_at=now)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(retrospective, ["looked_back_at"])
    return cast("CursorResult[Any]", result).rowcount == 1


def _team_looked_back(retrospective: Retrospective, now: datetime) -> ColumnElement[bool]:
    """Whether it has lately, in any retrospective: what was read shows in all of them."""
    any_of_it = aliased(Retrospective)
    return exists().where(
        any_of_it.team_id == retrospective.team_id, any_of_it.looked_back_at > now - EVERY
    )


@contextmanager
def _client(token: tokens.AccessToken, until: float) -> Iterator[JiraClient]:
    """For one request, that may take what is left until then, by the monotonic clock."""
    left = until - clock.monotonic()
    if left <= 0:
        raise JiraUnavailable("look back")
    with closing(clients.client_for(token, left)) as client:
        yield client


def _read(client_of: Clients, readings: Sequence[Reading]) -> list[Seen]:
    with client_of() as client:
        issues = client.bulk_fetch([each.issue_id for each in readings], fields=FIELDS)
    found = {issue.id: issue for issue in issues}
    absent = [each for each in readings if each.issue_id not in {*found, *issues.unreadable}]
    visible = _visible(client_of, {each.project_key for each in absent})
    return [
        Seen(each, found.get(each.issue_id), _absence(each, found, visible))
        for each in readings
        if each.issue_id not in issues.unreadable
    ]


def _visible(client_of: Clients, projects: set[str | None]) -> dict[str | None, bool]:
    """Whether an issue of the project that is not there was deleted; without those of which Jira
    did not tell in time."""
    browsable: dict[str | None, bool] = {None: False}
    for each in sorted(filter(None, projects)):
        try:
            with client_of() as client:
                browsable[each] = _browsable(client, each)
        except JiraUnavailable:
            break
    return browsable


def _browsable(client: JiraClient, project_key: str) -> bool:
    try:
        return client.permissions([_BROWSE], project_key=project_key).get(_BROWSE, False)
    except JiraRefused:
        return False  # a project that cannot be seen is refused, not answered with "no"


def _absence(
    reading: Reading, found: Container[str], visible: Mapping[str | None, bool]
) -> Absence | None:
    if reading.issue_id in found or reading.project_key not in visible:
        return None
    return Absence.DELETED if visible[reading.project_key] else Absence.UNSEEN


def _held(link_ids: Sequence[int]) -> dict[int, IssueLink]:
    """The links that still matter, by id, and their items, held before them."""
    of_links = select(IssueLink.action_item_id).where(IssueLink.id.in_(link_ids))
    items = select(ActionItem.id).where(ActionItem.id.in_(of_links), ~ActionItem.let_go)
    held = items.order_by(ActionItem.id).with_for_update(key_share=True)
    alive = set(db.session.scalars(held))
    links = db.session.scalars(
        select(IssueLink)
        .where(IssueLink.id.in_(link_ids), IssueLink.active)
        .order_by(IssueLink.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {link.id: link for link in links if link.action_item_id in alive}


def _keep(link: IssueLink, seen: Seen, now: datetime) -> bool:
    """Whether webhooks should have told of it. What a drain is just sending, it looks at itself."""
    if link.claim_id is not None:
        return False
    if seen.issue is None:
        if seen.absence is not None and changes.disappears(apply.known_of(link), seen.absence):
            apply.disappear(link, seen.absence)
            link.revision += 1
        return False
    if link.state in ABSENT:
        apply.reappear(link, now)
    see(link, read_in(seen.issue, now))
    touches.note(link, seen.issue, now)
    return _is_news(link, seen.issue)


def _is_news(link: IssueLink, issue: Issue) -> bool:
    known = link.status_category
    return known is not None and issue.status_category not in {None, known}
