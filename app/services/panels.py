"""The Action Items panel as values: rows, what its head says, and when to look again."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.extensions import db
from app.models import (
    ActionItem,
    Installation,
    IssueLink,
    JiraConnection,
    Organization,
    Phase,
    ProjectMapping,
    Retrospective,
    utcnow,
)
from app.services import action_items, item_states
from app.services.advice import Place
from app.services.issue_links import active_links
from app.services.item_states import Circumstances, ItemState, Standing
from app.services.mappings import connection_of, mapping_for, mappings_for

# A panel looks again after so many seconds, the longer nothing has happened.
_BRISK, _STEADY, _CALM = 1, 2, 5
_BRISK_FOR, _STEADY_FOR = timedelta(seconds=10), timedelta(minutes=1)


@dataclass(frozen=True)
class Row:
    """An action item with its state. `version` changes with whatever the row shows."""

    item: ActionItem
    link: IssueLink | None
    state: ItemState

    @property
    def version(self) -> str:
        item = self.item
        return _digest(item.updated_at, item.assignee_id, item.complete, self.state)


@dataclass(frozen=True)
class Panel:
    """All that the panel shows of a retrospective, whoever looks."""

    retrospective: Retrospective
    rows: Sequence[Row]
    around: Circumstances
    mapping: ProjectMapping | None
    interval: int | None

    @property
    def connection(self) -> JiraConnection | None:
        return self.around.connection

    @property
    def counts(self) -> dict[Standing, int]:
        return item_states.tally(row.state for row in self.rows)

    @property
    def moving(self) -> bool:
        return any(row.state.moving for row in self.rows)

    @property
    def token(self) -> str:
        """The same as long as the panel shows the same: a poll that brings it gets a 204."""
        versions = [(row.item.id, row.version) for row in self.rows]
        shown = self.mapping and (self.mapping.project_id, self.mapping.issue_type_id)
        return _digest(self.retrospective.phase, versions, shown, self.around.hold, self.interval)

    def row_of(self, item: ActionItem) -> Row:
        """The row of one of the panel's items."""
        return next(row for row in self.rows if row.item.id == item.id)


def panel_of(retrospective: Retrospective) -> Panel:
    """Read the panel: four short queries, whatever the number of items."""
    now = utcnow()
    items = action_items.items_of(retrospective)
    mapping = mapping_for(retrospective.team)
    around = circumstances(retrospective, mapping)
    rows = _rows(items, around, now)
    return Panel(retrospective, rows, around, mapping, _interval(rows, now))


def states_of(
    organization: Organization, items: Iterable[ActionItem], *, again: str = Place.again
) -> dict[int, ItemState]:
    """The states of items of any retrospectives of `organization`, by item id.

    `again` is what the button that tries once more is called where they are shown.
    """
    items, now = list(items), utcnow()
    links = active_links(items)
    teams = {item.retrospective.team_id: item.retrospective.team for item in items}
    mappings = mappings_for(organization, list(teams.values()))
    common = _common_circumstances(organization)
    states = {}
    for item in items:
        mapping = mappings.get(item.retrospective.team_id)
        around = _around(common, item.retrospective, mapping)
        around = replace(around, place=replace(around.place, again=again))
        states[item.id] = item_states.state_of(item, links.get(item.id), around, now)
    return states


def circumstances(retrospective: Retrospective, mapping: ProjectMapping | None) -> Circumstances:
    """What the retrospective's items depend on beside themselves."""
    return _around(_common_circumstances(retrospective.team.organization), retrospective, mapping)


def _rows(items: list[ActionItem], around: Circumstances, now: datetime) -> list[Row]:
    links = active_links(items)
    return [
        Row(item, link, item_states.state_of(item, link, around, now))
        for item in items
        for link in [links.get(item.id)]
    ]


def _common_circumstances(organization: Organization) -> Circumstances:
    connection = connection_of(organization)
    installation = db.session.get(Installation, 1)
    pauses = [row.paused_until for row in (connection, installation) if row is not None]
    return Circumstances(
        connection=connection,
        plan_includes_jira=organization.plan.includes_jira,
        committed=False,
        mapped=False,
        place=Place(),
        paused_until=max(filter(None, pauses), default=None),
    )


def _around(
    common: Circumstances, retrospective: Retrospective, mapping: ProjectMapping | None
) -> Circumstances:
    return replace(
        common,
        committed=retrospective.phase.position >= Phase.COMMIT.position,
        mapped=mapping is not None,
        place=_place(common.connection, mapping),
    )


def _place(connection: JiraConnection | None, mapping: ProjectMapping | None) -> Place:
    names: dict[str, str] = {}
    if connection is not None:
        names["site"] = connection.site_url.removeprefix("https://")
        if connection.account_name:
            names["account"] = connection.account_name
    if mapping is not None:
        names |= {"project": mapping.project_key, "issue_type": mapping.issue_type_name}
    return Place(**names)


def _interval(rows: Sequence[Row], now: datetime) -> int | None:
    """Seconds until the panel looks again; None when nothing moves."""
    if not any(row.state.moving for row in rows):
        return None
    happened = [moment for row in rows for moment in _moments(row) if moment <= now]
    quiet_for = now - max(happened, default=now - _STEADY_FOR)
    if quiet_for < _BRISK_FOR:
        return _BRISK
    return _STEADY if quiet_for < _STEADY_FOR else _CALM


def _moments(row: Row) -> Iterable[datetime]:
    link = row.link
    if link is None:
        return ()
    moments = (
        row.item.updated_at,
        link.created_at,
        link.due_since,
        link.due_at,
        link.synced_at,
        link.failed_at,
    )
    return filter(None, moments)


def _digest(*values: object) -> str:
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]
