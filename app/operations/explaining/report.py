"""One link as an operator reads it. Titles, descriptions and names of people are left out."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import or_, select

from app.extensions import db
from app.models import ActionItem, IssueLink, WorkKind
from app.operations.explaining.next_step import next_step
from app.operations.explaining.past import past


def links_of(asked: str) -> Sequence[IssueLink]:
    """The links of an issue, by its key or id, or of an action item, by its id; oldest first.

    A key may be that of several issues, on the sites of several organizations.
    """
    found = [IssueLink.issue_key == asked.upper()]
    if asked.isdecimal():
        found += [IssueLink.issue_id == asked, IssueLink.action_item_id == int(asked)]
    found.append(
        IssueLink.action_item_id.in_(select(ActionItem.id).where(ActionItem.public_id == asked))
    )
    return db.session.scalars(select(IssueLink).where(or_(*found)).order_by(IssueLink.id)).all()


def lines(link: IssueLink, now: datetime) -> Iterator[str]:
    """What is known, how it stands, and what comes, at `now` (aware UTC)."""
    item, team = link.action_item, link.action_item.retrospective.team
    yield (
        f"Link {link.id} of action item {item.id}, team {team.id}, "
        f"organization {team.organization.slug}: {link.issue_key or 'no issue yet'}"
    )
    yield from (f"  {_time(event.at)}  {event.words}" for event in past(link))
    yield f"  Now {_time(now)}"
    yield from (f"    {words}" for words in _state(link))
    step = next_step(link, now)
    when = f"{_time(step.at)} ({_distance(step.at, now)}): " if step.at else ""
    yield f"  Next: {when}{step.words}"


def _state(link: IssueLink) -> Iterator[str]:
    yield f"state {link.state.value}, tries used: {link.tries}, change {link.change_number}"
    if link.failure_code is not None:
        fields = f" ({', '.join(link.failure_fields)})" if link.failure_fields else ""
        yield f"trouble: {link.failure_code.value}{fields}"
    if link.due_at is not None:
        late = f", not before {_time(link.not_before)}" if link.not_before else ""
        yield f"due at {_time(link.due_at)}{late}"
    if link.differences:
        yield f"changed on both sides, waits for a person: {', '.join(sorted(link.differences))}"
    if link.field_notes:
        yield f"left out, or sent otherwise: {', '.join(sorted(link.field_notes))}"
    connection = link.connection
    work = connection.works[WorkKind.DRAIN]
    state, generation = connection.state.value, connection.generation
    yield f"connection {connection.id}: {state}, generation {generation}"
    if work.lease_until is not None:
        yield f"lease of its drain until {_time(work.lease_until)}"
    if connection.outage_since is not None:
        yield f"Jira has not answered since {_time(connection.outage_since)}"


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}Z"


def _distance(moment: datetime, now: datetime) -> str:
    seconds = round((moment - now).total_seconds())
    if seconds <= 0:
        return "over"
    if seconds < 120:
        return f"in {seconds} s"
    return f"in {seconds // 60} min" if seconds < 7200 else f"in {seconds // 3600} h"
