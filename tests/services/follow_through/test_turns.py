"""However much is to be counted in one organization, the others have their turn."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from app.extensions import db
from app.models import UNCOUNTED, ActionItem, Organization
from app.services.follow_through import counting
from app.services.organizations import organization_zones
from app.services.owed import recounts
from tests.support import factories

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 19, 9, tzinfo=UTC)
ZONES = ("Europe/Berlin", "Asia/Tokyo")


def organization_of(item: ActionItem) -> Organization:
    return item.retrospective.team.organization


def written(at: datetime) -> ActionItem:
    """An action item of an organization and a team of its own."""
    team = factories.team(factories.organization(time_zone="UTC"))
    return factories.action_item(factories.retrospective(team), created_at=at)


def rows() -> int:
    return db.session.scalar(select(func.count()).select_from(UNCOUNTED)) or 0


def count_all() -> None:
    while counting.catch_up(NOW):
        pass


def change_often(item: ActionItem, months: int, times: int) -> None:
    team = item.retrospective.team
    moments = [NOW - timedelta(days=31 * month) for month in range(months)]
    values = {"organization_id": team.organization_id, "team_id": team.id}
    changes = [{**values, "written_at": moment} for moment in moments]
    db.session.execute(insert(UNCOUNTED), changes * times)


def test_a_zone_that_is_chosen_again_and_again_is_counted_once(app):
    item = written(NOW - timedelta(days=400))
    count_all()
    organization, admin = organization_of(item), factories.user()

    owed = []
    for zone in (*ZONES, *ZONES):
        organization_zones.choose(organization, zone, admin)
        owed.append(rows())

    assert owed[0] > 12
    assert owed == [owed[0]] * 4


def test_what_was_owed_to_another_organization_is_owed_here_too(app):
    one, other = written(NOW), written(NOW)
    count_all()

    recounts.owe_all(organization_of(one), NOW)
    alone = rows()
    recounts.owe_all(organization_of(other), NOW)

    assert rows() == 2 * alone > 0


@pytest.mark.parametrize(("months", "times"), [(100, 10), (20, 10), (1, 1000)])
def test_what_changes_elsewhere_is_counted_in_the_next_tick(app, months, times):
    busy = written(NOW)
    count_all()
    change_often(busy, months, times)
    other = written(NOW)

    assert counting.catch_up(NOW) == min(months, counting.MONTHS - 1) + 1
    assert not counting.is_behind(organization_of(other))


def test_several_that_change_much_do_not_keep_the_last_one_waiting(app):
    busy = [written(NOW) for _ in range(3)]
    count_all()
    for each in busy:
        change_often(each, 60, 10)
    last = written(NOW)

    counting.catch_up(NOW)

    assert not counting.is_behind(organization_of(last))


def test_more_organizations_than_a_tick_counts_wait_in_line(app):
    items = [written(NOW) for _ in range(counting.MONTHS + 2)]

    assert counting.catch_up(NOW) == counting.MONTHS
    assert [counting.is_behind(organization_of(each)) for each in items[-3:]] == [False, True, True]
    assert counting.catch_up(NOW) == 2


def test_all_of_one_organization_is_counted_as_before(app):
    busy = written(NOW)
    count_all()
    change_often(busy, 20, 2)

    assert counting.catch_up(NOW) == counting.MONTHS
    assert counting.catch_up(NOW) == counting.MONTHS
    assert counting.catch_up(NOW) == 0
