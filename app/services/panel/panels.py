"""The Action Items panel as values: rows, what its head says, and when to look again."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    CompletedIn,
    Installation,
    IssueLink,
    JiraConnection,
    Organization,
    Phase,
    ProjectMapping,
    Retrospective,
    Suspension,
)
from app.services.linking import finishing
from app.services.mapping.mappings import does_not_sync, mapping_for, mappings_for
from app.services.outbound.links import active_links
from app.services.panel import all_in_jira, carried, causes, item_states, polling
from app.services.panel.advice import Place
from app.services.panel.causes import Group
from app.services.panel.circumstances import Circumstances
from app.services.panel.holds import Hold
from app.services.panel.item_messages import Message
from app.services.panel.item_states import ItemState, Stage
from app.services.retrospectives import action_items


@dataclass(frozen=True)
class Row:
    """An action item with its state. `version` changes with whatever the row shows.

    `grouped`: the panel's head says what is wrong, for this and others; but for what Jira `said`
    of this one, where that is something else than of the others. `carried`: from where it was
    carried over, empty where it was written here.
    """

    item: ActionItem
    link: IssueLink | None
    state: ItemState
    grouped: bool = False
    said: str = ""
    carried: str = ""

    @property
    def message(self) -> Message | None:
        return self.state.message

    @property
    def version(self) -> str:
        item = self.item
        shown = (self.state, self.grouped, self.said, self.carried)
        return _digest(item.updated_at, item.assignee_id, item.complete, shown)


@dataclass(frozen=True)
class Panel:
    """All that the panel shows of a retrospective, whoever looks.

    `watched`: changes in Jira are waited for. `pulse` is what `polling.pulse_of` said before.
    """

    retrospective: Retrospective
    rows: Sequence[Row]
    around: Circumstances
    mapping: ProjectMapping | None
    interval: int | None
    watched: bool = False
    pulse: str = ""

    @property
    def connection(self) -> JiraConnection | None:
        return self.around.connection

    @property
    def suspension(self) -> Suspension | None:
        """Who paused syncing and why, where that is what keeps the items."""
        connection = self.around.connection
        return connection.suspension if connection and self.around.hold is Hold.SUSPENDED else None

    @property
    def others_every(self) -> int | None:
        """Seconds between two looks for what others do, while nothing moves; None once closed."""
        closed = self.retrospective.phase.following is None
        return None if self.interval or closed else polling.OTHERS_EVERY

    @property
    def counts(self) -> dict[Stage, int]:
        return item_states.tally(row.state for row in self.rows)

    @property
    def groups(self) -> list[Group[Row]]:
        """Rows that fail for one cause."""
        return causes.groups_of(self.rows)

    @property
    def moving(self) -> bool:
        return any(row.state.moving for row in self.rows)

    @property
    def wanted(self) -> list[Row]:
        """What was dropped, Commit leaves alone."""
        return [row for row in self.rows if not row.item.dropped]

    @property
    def kept(self) -> int:
        """How many have their issue before Commit."""
        keys = (row.state.key for row in self.wanted)
        return sum(key is not None and not key.gone for key in keys)

    @property
    def begun(self) -> int:
        """How many have a link before Commit, and no issue yet."""
        return sum(row.link is not None and row.state.key is None for row in self.wanted)

    @property
    def done_in_jira(self) -> frozenset[int]:
        """The ids of items that Jira completed."""
        done = (row.item for row in self.rows if row.item.completed_in is CompletedIn.JIRA)
        return frozenset(item.id for item in done)

    @property
    def all_in_jira(self) -> str:
        """Where Jira lists its issues; empty where there is nothing to list."""
        site_url = self.connection.site_url if self.connection else ""
        return all_in_jira.address(site_url, (row.state.key for row in self.rows))

    def row_of(self, item: ActionItem) -> Row:
        """The row of one of the panel's items."""
        return next(row for row in self.rows if row.item.id == item.id)


def panel_of(retrospective: Retrospective) -> Panel:
    """Read the panel: a few short queries, whatever the number of items."""
    now = utcnow()
    pulse = polling.pulse_of(retrospective, now)
    items = action_items.items_of(retrospective)
    mapping = mapping_for(retrospective.team)
    around = circumstances(retrospective, mapping)
    rows = _with_carried(_rows(items, around, now), retrospective)
    watched = _watched(retrospective, rows, around)
    interval = polling.EVERY if watched else _interval(rows, now)
    return Panel(retrospective, rows, around, mapping, interval, watched, pulse)


def states_of(
    organization: Organization, items: Iterable[ActionItem], *, again: str = Place.again
) -> dict[int, ItemState]:
    """The states of items of any retrospectives of `organization`, by item id.

    `again` is what the button that tries once more is called where they are shown.
    """
    items, now = list(items), utcnow()
    links = active_links(items)
    finished = finishing.now_of_all(_without_issue(items, links))
    teams = {item.retrospective.team_id: item.retrospective.team for item in items}
    mappings = mappings_for(organization, list(teams.values()))
    common = _common_circumstances(organization)
    states = {}
    for item in items:
        mapping = mappings.get(item.retrospective.team_id)
        around = _around(common, item.retrospective, mapping)
        around = replace(around, place=replace(around.place, again=again))
        link, own = links.get(item.id), finished.get(item.id)
        states[item.id] = item_states.state_of(item, link, around, now, own)
    return states


def circumstances_of(retrospective: Retrospective) -> Circumstances:
    """What the retrospective's items depend on beside themselves."""
    return circumstances(retrospective, mapping_for(retrospective.team))


def circumstances(retrospective: Retrospective, mapping: ProjectMapping | None) -> Circumstances:
    """The same, where the team's mapping is known."""
    return _around(_common_circumstances(retrospective.team.organization), retrospective, mapping)


def _rows(items: list[ActionItem], around: Circumstances, now: datetime) -> list[Row]:
    links = active_links(items)
    finished = finishing.now_of_all(_without_issue(items, links))
    rows = [
        Row(item, link, item_states.state_of(item, link, around, now, finished.get(item.id)))
        for item in items
        for link in [links.get(item.id)]
    ]
    group_of = {row.item.id: group for group in causes.groups_of(rows) for row in group.rows}
    return [_grouped(row, group_of.get(row.item.id)) for row in rows]


def _with_carried(rows: list[Row], retrospective: Retrospective) -> list[Row]:
    came = carried.words_of([row.item for row in rows], retrospective)
    return [replace(row, carried=came.get(row.item.id, "")) for row in rows] if came else rows


def _without_issue(items: Iterable[ActionItem], links: Mapping[int, IssueLink]) -> list[int]:
    """The ids of those that somebody may be creating the issue of."""
    there = {link.action_item_id for link in links.values() if not link.gives_way}
    return [item.id for item in items if item.id not in there]


def _grouped(row: Row, group: Group[Row] | None) -> Row:
    if group is None or row.message is None:
        return row
    said = "" if group.message.quote else row.message.quote
    return replace(row, grouped=True, said=said)


def _common_circumstances(organization: Organization) -> Circumstances:
    connection = organization.connection
    installation = db.session.get(Installation, 1)
    pauses = [row.paused_until for row in (connection, installation) if row is not None]
    return Circumstances(
        connection=connection,
        plan_includes_jira=organization.plan.includes_jira,
        committed=False,
        mapped=False,
        place=_substitute(organization),
        paused_until=max(filter(None, pauses), default=None),
        webhooks=polling.webhooks_wanted(organization),
    )


def _around(
    common: Circumstances, retrospective: Retrospective, mapping: ProjectMapping | None
) -> Circumstances:
    return replace(
        common,
        committed=retrospective.phase.position >= Phase.COMMIT.position,
        mapped=mapping is not None,
        place=_named(common.place, common.connection, mapping),
        team_syncs=not does_not_sync(retrospective.team),
    )


def _substitute(organization: Organization) -> Place:
    settings = organization.settings
    if settings is None:
        return Place()
    return Place(
        substitute=settings.unmatched_account_name, substitute_id=settings.unmatched_account_id
    )


def place_of(organization: Organization, mapping: ProjectMapping) -> Place:
    """The names that sentences on a new issue of the mapping mention."""
    return _named(_substitute(organization), organization.connection, mapping)


def _named(
    place: Place, connection: JiraConnection | None, mapping: ProjectMapping | None
) -> Place:
    names: dict[str, str] = {}
    if connection is not None:
        names["site"] = connection.site_url.removeprefix("https://")
        if connection.account_name:
            names["account"] = connection.account_name
    if mapping is not None:
        names |= {"project": mapping.project_key, "issue_type": mapping.issue_type_name}
    return replace(place, **names)


def _watched(retrospective: Retrospective, rows: Sequence[Row], around: Circumstances) -> bool:
    returning = any(polling.may_return(row.link, around) for row in rows)
    return returning and polling.webhooks_wanted(retrospective.team.organization)


def _interval(rows: Sequence[Row], now: datetime) -> int | None:
    """Seconds until the panel looks again; None when nothing moves."""
    if not any(row.state.moving for row in rows):
        return None
    return polling.seconds_after((moment for row in rows for moment in _moments(row)), now)


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
