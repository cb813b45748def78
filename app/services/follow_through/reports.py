"""What a page tells of follow-through, for the teams that a person may see.

One statement reads the counts, however many action items there are.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models import ActionItem, CountedMonth, Organization, Team
from app.services.follow_through import counting
from app.services.follow_through.figures import Figures, Share, figures_of, share_of
from app.services.follow_through.periods import Period
from app.services.follow_through.tally import WITHIN, Kind, Tally, total_of

Cells = Mapping[tuple[int, date], Tally]
# What shares are made of.
OF_SHARES = (Kind.WRITTEN, Kind.IN_TIME)


@dataclass(frozen=True)
class MonthFigures:
    """Of what was written in a month. settled: all of that is 30 days old by now."""

    month: date
    figures: Figures
    settled: bool


@dataclass(frozen=True)
class TeamFigures:
    team: Team
    figures: Figures


@dataclass(frozen=True)
class Report:
    """figures, before: of what was written in the period, and in the one before; but what is open,
    overdue and untouched is so on the day, whenever it was written. behind: changes of the last
    moments are not in it yet. without_jira: what is done in Jira is not told to us."""

    period: Period
    figures: Figures
    before: Figures
    months: Sequence[MonthFigures]
    teams: Sequence[TeamFigures]
    behind: bool
    without_jira: bool

    @property
    def has_shares(self) -> bool:
        """Whether anything of either period is 30 days old."""
        return bool(self.figures.share.of or self.before.share.of)

    @property
    def tells_of_before(self) -> bool:
        """Whether there is enough to say what a figure was in the period before."""
        return self.before.share.sayable or self.before.days_to_done is not None


def period_of(organization: Organization, many: int, now: datetime) -> Period:
    """The last `many` months by the organization's calendar. `now`: aware UTC."""
    return Period(now.astimezone(counting.zone_of(organization)).date(), many)


def report_of(organization: Organization, teams: Sequence[Team], period: Period) -> Report:
    """Tell of `teams`, some of the organization's; archived ones only where they have anything."""
    cells = _cells(organization, teams, period.before[0])
    by_team = [TeamFigures(team, _combined(cells, [team], period)) for team in teams]
    return Report(
        period=period,
        figures=_combined(cells, teams, period),
        before=figures_of(total_of(_of(cells, teams, period.before)), period.today),
        months=[_month(cells, teams, month, period.today) for month in period.months],
        teams=[each for each in by_team if _is_shown(each)],
        behind=counting.is_behind(organization),
        without_jira=_without_jira(organization),
    )


def months_by_team(
    organization: Organization, teams: Sequence[Team], period: Period
) -> Iterator[tuple[Team, MonthFigures]]:
    """The months of each of `teams` alone, one team after the other; asks for all at once."""
    cells = _cells(organization, teams, period.months[0], open_ones=False)
    for team in teams:
        own = {key: tally for key, tally in cells.items() if key[0] == team.id}
        for month in period.months:
            yield team, _month(own, [team], month, period.today)


@dataclass(frozen=True)
class Shares:
    """Of the last months, and of the same number of months before them."""

    now: Share
    before: Share


def shares_of(organization: Organization, teams: Sequence[Team], period: Period) -> Shares:
    """The same in two numbers."""
    cells = _cells(organization, teams, period.before[0], open_ones=False, kinds=OF_SHARES)
    found = (total_of(_of(cells, teams, each)) for each in (period.months, period.before))
    return Shares(*(share_of(tally, period.today) for tally in found))


def trend_of(organization: Organization, team: Team, period: Period) -> Shares:
    """The share of a team now, and a month ago: of what was 30 days old then."""
    ago = Period(period.today - WITHIN, period.many)
    cells = _cells(organization, [team], ago.months[0], open_ones=False, kinds=OF_SHARES)
    now, then = (total_of(_of(cells, [team], each.months)) for each in (period, ago))
    return Shares(share_of(now, period.today), share_of(then, ago.today))


@dataclass(frozen=True)
class Beginning:
    """The first action item, on which day it is 30 days old, and whether it is by now."""

    item: ActionItem
    on: date
    begun: bool


def beginning_of(
    organization: Organization, teams: Sequence[Team], today: date
) -> Beginning | None:
    """Since when, or from when on, there is anything to say; None while nothing is written."""
    first = (
        select(ActionItem.id)
        .where(ActionItem.team_id == Team.id, ActionItem.deleted_at.is_(None))
        .order_by(ActionItem.created_at)
        .limit(1)
        .scalar_subquery()
    )
    of_each_team = select(first).where(Team.id.in_([team.id for team in teams]))
    item = db.session.scalar(
        select(ActionItem)
        .where(ActionItem.id.in_(of_each_team))
        .options(joinedload(ActionItem.retrospective))
        .order_by(ActionItem.created_at)
        .limit(1)
    )
    if item is None:
        return None
    on = item.created_at.astimezone(counting.zone_of(organization)).date() + WITHIN
    return Beginning(item, on, begun=on <= today)


def _cells(
    organization: Organization,
    teams: Sequence[Team],
    since: date,
    *,
    open_ones: bool = True,
    kinds: Iterable[Kind] = tuple(Kind),
) -> Cells:
    """The counts of each team's month since then, and of earlier ones of which some are open."""
    recent = CountedMonth.month >= since
    wanted = or_(recent, CountedMonth.still_open > 0) if open_ones else recent
    chosen = select(CountedMonth.team_id, CountedMonth.month, CountedMonth.tally).where(
        CountedMonth.organization_id == organization.id, wanted
    )
    if len(teams) < len(organization.teams):
        chosen = chosen.where(CountedMonth.team_id.in_([team.id for team in teams]))
    return {
        (team_id, month): Tally.restored(stored, kinds)
        for team_id, month, stored in db.session.execute(chosen)
    }


def _of(cells: Cells, teams: Sequence[Team], months: Iterable[date]) -> Iterator[Tally]:
    ids, wanted = {team.id for team in teams}, set(months)
    return (
        tally for (team_id, month), tally in cells.items() if team_id in ids and month in wanted
    )


def _combined(cells: Cells, teams: Sequence[Team], period: Period) -> Figures:
    """What was written in the period, and all that is open."""
    ids, months = {team.id for team in teams}, set(period.months)
    total = Tally()
    for (team_id, month), tally in cells.items():
        if team_id in ids:
            total.add(tally if month in months else tally.only(Kind.OPEN, Kind.DUE))
    return figures_of(total, period.today)


def _month(cells: Cells, teams: Sequence[Team], month: date, today: date) -> MonthFigures:
    figures = figures_of(total_of(_of(cells, teams, [month])), today)
    return MonthFigures(month, figures, settled=figures.share.of == figures.written)


def _is_shown(each: TeamFigures) -> bool:
    return not each.team.archived or bool(each.figures.written or each.figures.open)


def _without_jira(organization: Organization) -> bool:
    """Whether it is connected, and what is done there is not told to us."""
    connection, settings = organization.connection, organization.settings
    if connection is None or not connection.connected:
        return False
    return settings is None or not settings.webhooks_enabled
