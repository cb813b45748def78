"""What status an issue owes, because a person completed or reopened its action item here.

Only that owes one, and opening the link of what was completed here: what Jira or a reading does
never (design.md §2.11). The caller holds the action item.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Select, select, update

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    CompletedIn,
    FailureCode,
    IssueLink,
    LinkState,
    OwedCategory,
    OwedStatus,
    ProjectMapping,
)
from app.services.mapping.mappings import Place, mapping_for, mappings_for
from app.services.outbound import transition_log
from app.services.owed.pushes import ring_if_due

LACKS_RESOLUTION = (FailureCode.RESOLUTION_NOT_CHOSEN, FailureCode.RESOLUTION_NOT_LISTED)


@dataclass(frozen=True)
class ChosenStatus:
    """The status that an admin has chosen, and for issues of which project and type.

    resolution_id: what goes along where a screen asks for a resolution and suggests none.
    """

    id: str
    name: str
    place: Place
    resolution_id: str | None = None


def completed(item: ActionItem) -> None:
    """A person completed the item here."""
    _owe(item, OwedCategory.DONE, item.completed_by_id)


def reopened(item: ActionItem, by_id: int) -> None:
    """A person opened the item again here."""
    _owe(item, OwedCategory.OPEN, by_id)


def any_completed(item_ids: Select[Any]) -> bool:
    """Whether any of the action items was completed here: only then their links owe something."""
    found = select(ActionItem.id).where(
        ActionItem.id.in_(item_ids.order_by(None)), ActionItem.completed_in == CompletedIn.UNPACK
    )
    return db.session.scalar(found.limit(1)) is not None


def opened(link_ids: Iterable[int]) -> None:
    """Links were opened: what was completed here owes its new issue a status."""
    found = db.session.execute(
        select(IssueLink, ActionItem)
        .join(IssueLink.action_item)
        .where(IssueLink.id.in_(list(link_ids)), ActionItem.completed_in == CompletedIn.UNPACK)
        .order_by(IssueLink.id)
    ).all()
    if not found:
        return
    teams = {item.retrospective.team for _, item in found}
    organization = found[0][1].retrospective.team.organization
    mappings = mappings_for(organization, list(teams))
    for link, item in found:
        chosen = chosen_status(mappings.get(item.retrospective.team_id), OwedCategory.DONE)
        if chosen is not None:
            _write(link, OwedCategory.DONE, item.completed_by_id, chosen)


def again(links: Iterable[IssueLink]) -> int:
    """Look once more at what is in trouble, with fresh tries, at once; of how many links."""
    by_id = {link.id: link for link in links}
    rows = db.session.scalars(
        select(OwedStatus)
        .where(
            OwedStatus.issue_link_id.in_(by_id),
            OwedStatus.owed.is_not(None),
            OwedStatus.due_at.is_(None),
        )
        .order_by(OwedStatus.issue_link_id)
        .with_for_update()
    ).all()
    now = utcnow()
    for row in rows:
        row.clear()
        _due(row, by_id[row.issue_link_id], now)
    return len(rows)


def resolution_chosen(connection_id: int, now: datetime) -> None:
    """What lacked one is looked at once more, with fresh tries. `now`: aware UTC."""
    _try_again(connection_id, LACKS_RESOLUTION, now)


def outage_ended(connection_id: int, now: datetime) -> None:
    """What was given up because Jira did not answer is tried again. `now`: aware UTC."""
    _try_again(connection_id, {FailureCode.JIRA_UNAVAILABLE}, now)


def _try_again(connection_id: int, given_up_for: Collection[FailureCode], now: datetime) -> None:
    links = select(IssueLink.id).where(IssueLink.connection_id == connection_id, IssueLink.active)
    db.session.execute(
        update(OwedStatus)
        .where(
            OwedStatus.issue_link_id.in_(links),
            OwedStatus.owed.is_not(None),
            OwedStatus.due_at.is_(None),
            OwedStatus.failure_code.in_(given_up_for),
        )
        .values(due_at=now, tries=0)
    )


def chosen_status(mapping: ProjectMapping | None, owed: OwedCategory) -> ChosenStatus | None:
    """What was chosen for it; None: the issue is left as it is."""
    if mapping is None:
        return None
    done = owed is OwedCategory.DONE
    status_id = mapping.completed_status_id if done else mapping.reopened_status_id
    if status_id is None:
        return None
    name = mapping.completed_status_name if done else mapping.reopened_status_name
    place = Place(mapping.project_id, mapping.issue_type_id)
    resolution_id = mapping.completed_resolution_id if done else None
    return ChosenStatus(status_id, name or status_id, place, resolution_id)


def _owe(item: ActionItem, owed: OwedCategory, by_id: int | None) -> None:
    """Whatever was owed before is not any more: the latest word counts."""
    link = db.session.scalar(
        select(IssueLink)
        .where(IssueLink.active, IssueLink.action_item_id == item.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if link is None or link.state is LinkState.DELETED:
        return
    chosen = chosen_status(mapping_for(item.retrospective.team), owed)
    if chosen is not None:
        _write(link, owed, by_id, chosen)
    else:
        void(link)


def void(link: IssueLink) -> None:
    """Its issue owes no status any more. The caller holds the link."""
    if link.owed_status is None or link.owed_status.owed is None:
        return
    link.owed_status.settle()
    transition_log.withdrawn(link)
    link.revision += 1
    db.session.flush()


def _write(link: IssueLink, owed: OwedCategory, by_id: int | None, chosen: ChosenStatus) -> None:
    row = link.owed_status
    if row is None:
        row = OwedStatus(issue_link_id=link.id, own=[], tries=0)
        db.session.add(row)
        link.owed_status = row
    now = utcnow()
    if row.owed is not None:
        transition_log.withdrawn(link)
    row.clear()
    row.owed, row.since, row.owed_by_id, row.status_name = owed, now, by_id, chosen.name
    # As an edit: whoever presses twice sends nothing.
    _due(row, link, now + timedelta(seconds=current_app.config["SYNC_EDIT_DELAYS"][0]))


def _due(row: OwedStatus, link: IssueLink, at: datetime) -> None:
    row.due_at = at
    link.revision += 1
    db.session.flush()
    ring_if_due(link.connection_id, at)
