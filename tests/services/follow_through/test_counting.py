"""The counts that are kept equal a slow recount, whatever happens to the rows, in any order."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm.attributes import flag_modified

from app.extensions import db
from app.models import UNCOUNTED, ActionItem, CompletedIn, CountedMonth
from app.services.follow_through import counting
from app.services.follow_through.figures import figures_of
from app.services.follow_through.tally import Tally
from app.services.owed import recounts
from tests.services.follow_through.slow_recount import Item, Recount, in_plain, in_words, of_month
from tests.support import factories

NOW = datetime(2026, 11, 19, 9, tzinfo=UTC)
BEGIN = datetime(2026, 5, 1, tzinfo=UTC)
ZONE = "America/Los_Angeles"
TEAMS = ("one", "two")
DEEDS = ("write", "complete", "reopen", "drop", "delete", "edit", "touch in Jira", "count")


class History:
    """Deeds done to rows, and to the cards on which a person would note them."""

    def __init__(self) -> None:
        organization = factories.organization(time_zone=ZONE)
        self.teams = {name: factories.team(organization, name) for name in TEAMS}
        self.retrospectives = {
            name: factories.retrospective(team) for name, team in self.teams.items()
        }
        self.cards: list[tuple[Item, ActionItem]] = []

    def do(self, deed: str, at: datetime, which: int) -> None:
        if deed == "count":
            counting.catch_up(NOW)
        elif deed == "write":
            self._write(TEAMS[which % 2], at, which)
        elif self.cards:
            card, row = self.cards[which % len(self.cards)]
            moment = max(at, row.updated_at)
            {
                "complete": self._complete,
                "reopen": self._reopen,
                "drop": self._drop,
                "delete": self._delete,
                "edit": self._edit,
                "touch in Jira": self._touch,
            }[deed](card, row, moment)
        db.session.commit()  # each is somebody's own act, which locks no second item

    def _write(self, team: str, at: datetime, which: int) -> None:
        due_on = at.date() + timedelta(days=which % 40) if which % 3 else None
        row = factories.action_item(
            self.retrospectives[team], created_at=at, updated_at=at, due_on=due_on
        )
        self.cards.append((Item(team, at, due_on, touched_at=at), row))

    def _complete(self, card: Item, row: ActionItem, at: datetime) -> None:
        if not card.complete and not card.dropped:
            row.note_completion(at, CompletedIn.JIRA)
            card.complete, card.completions = True, [*card.completions, at]
            self._touched(card, row, at)

    def _reopen(self, card: Item, row: ActionItem, at: datetime) -> None:
        row.completed_at = row.completed_in = row.dropped_at = None
        card.complete = card.dropped = False
        self._touched(card, row, at)

    def _drop(self, card: Item, row: ActionItem, at: datetime) -> None:
        if not card.complete:
            row.completed_at = row.dropped_at = at
            card.dropped = True
            self._touched(card, row, at)

    def _delete(self, card: Item, row: ActionItem, at: datetime) -> None:
        row.deleted_at, card.deleted = at, True
        flag_modified(row, "updated_at")

    def _edit(self, card: Item, row: ActionItem, at: datetime) -> None:
        row.due_on = card.due_on = at.date()
        self._touched(card, row, at)

    def _touch(self, card: Item, row: ActionItem, at: datetime) -> None:
        row.touched_in_jira_at = at
        flag_modified(row, "updated_at")
        card.touched_at = max(at, card.touched_at or at)

    def _touched(self, card: Item, row: ActionItem, at: datetime) -> None:
        row.updated_at = at
        flag_modified(row, "updated_at")  # or it would be now
        card.touched_at = max(at, card.touched_at or at)

    def recounted(self) -> dict[tuple[str, date], dict[str, object]]:
        zone, today = ZoneInfo(ZONE), NOW.astimezone(ZoneInfo(ZONE)).date()
        cards = [card for card, _ in self.cards]
        months = {each.written_at.astimezone(zone).date().replace(day=1) for each in cards}
        found = {}
        for name in TEAMS:
            own = [each for each in cards if each.team == name]
            for month in months:
                if left := of_month(own, month, zone):
                    found[name, month] = in_words(Recount(left, today, zone))
        return found

    def kept(self) -> dict[tuple[str, date], dict[str, object]]:
        names = {team.id: name for name, team in self.teams.items()}
        today = NOW.astimezone(ZoneInfo(ZONE)).date()
        rows = db.session.scalars(select(CountedMonth).where(CountedMonth.team_id.in_(names)))
        found = {
            (names[row.team_id], row.month): figures_of(Tally.restored(row.tally), today)
            for row in rows
        }
        return {key: in_plain(each) for key, each in found.items() if each.written}


def count_all() -> None:
    while counting.catch_up(NOW):
        pass


deeds = st.tuples(
    st.sampled_from(DEEDS),
    st.integers(0, int((NOW - BEGIN).total_seconds())).map(lambda s: BEGIN + timedelta(seconds=s)),
    st.integers(0, 50),
)


@pytest.mark.both_databases
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(done=st.lists(deeds, max_size=25))
def test_what_is_kept_equals_a_recount_of_any_history(app, done):
    history = History()
    for deed in done:
        history.do(*deed)
    count_all()
    db.session.commit()

    assert history.kept() == history.recounted()


@pytest.fixture
def item(app) -> ActionItem:
    organization = factories.organization(time_zone="UTC")
    retrospective = factories.retrospective(factories.team(organization))
    return factories.action_item(retrospective, created_at=datetime(2026, 6, 30, 20, tzinfo=UTC))


def months() -> dict[date, int]:
    rows = db.session.execute(select(CountedMonth.month, CountedMonth.tally))
    return {month: Tally.restored(tally).total("written") for month, tally in rows if tally}


@pytest.mark.both_databases
def test_nothing_is_left_to_count_once_it_is_counted(item):
    count_all()

    assert not counting.is_behind(item.retrospective.team.organization)
    assert db.session.scalars(select(UNCOUNTED.c.id)).all() == []
    assert months() == {date(2026, 6, 1): 1}


@pytest.mark.both_databases
def test_by_another_clock_an_item_lies_in_another_month(item):
    count_all()
    organization = item.retrospective.team.organization

    organization.time_zone = "Asia/Tokyo"
    recounts.owe_all(organization, NOW)
    count_all()

    assert months() == {date(2026, 7, 1): 1}


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_what_a_ticker_just_counts_by_the_clock_of_before_is_owed_again(item):
    """SQLite has one writer at a time."""
    count_all()
    organization = item.retrospective.team.organization
    recounts.owe_all(organization, NOW)
    db.session.commit()
    owed = db.session.scalars(select(UNCOUNTED.c.id)).all()
    db.session.rollback()

    with db.engine.begin() as ticker:
        ticker.execute(select(UNCOUNTED).with_for_update())
        recounts.owe_all(organization, NOW)
        db.session.commit()

    assert len(db.session.scalars(select(UNCOUNTED.c.id)).all()) == 2 * len(owed) > 0


@pytest.mark.both_databases
def test_what_is_deleted_for_good_leaves_the_counts(item):
    count_all()

    db.session.execute(delete(ActionItem).where(ActionItem.id == item.id))
    count_all()

    assert months() == {}


@pytest.mark.both_databases
def test_a_tick_counts_some_months_and_leaves_the_rest_to_the_next(item):
    for month in range(1, 13):
        at = datetime(2025, month, 3, tzinfo=UTC)
        factories.action_item(item.retrospective, created_at=at)

    assert counting.catch_up(NOW) == counting.MONTHS
    assert counting.is_behind(item.retrospective.team.organization)
    assert counting.catch_up(NOW) == 3
    assert sum(months().values()) == 13
