"""A later retrospective goes on with an action item of before: one item, one issue, two lists."""

import pytest
from flask import Flask

from app.extensions import db
from app.models import ActionItem, LinkState, Phase, Retrospective, User
from app.services.errors import AlreadyDeleted
from app.services.panel import item_syncs, retrospective_changes
from app.services.retrospectives import action_items, carrying, dropping, phases
from tests.support import factories
from tests.support.acme import (
    acme,
    connect_and_choose,
    items,
    link,
    links_of,
    person,
)
from tests.support.at_once import at_once, meanwhile
from tests.support.carried import committed_before, next_one

pytestmark = pytest.mark.both_databases


@pytest.fixture
def before(app: Flask, sample: None) -> Retrospective:
    return committed_before()


@pytest.fixture
def later(before: Retrospective) -> Retrospective:
    return next_one()


def carry(item, to: Retrospective) -> bool:
    return carrying.carry_over(item, to, person("Fatima"))


def commit(retrospective: Retrospective) -> int:
    made = phases.move_phase(retrospective, shown=Phase.DISCUSS, to=Phase.COMMIT)
    db.session.commit()
    return made


def titles_in(retrospective: Retrospective) -> list[str]:
    return [item.title for item in action_items.items_of(retrospective)]


def test_it_is_listed_in_both_and_stays_one_item(before, later):
    item = items()[0]

    assert carry(item, later) is True

    assert titles_in(later) == [item.title]
    assert item.title in titles_in(before)
    assert len(items()) == 5


def test_who_carries_it_over_again_changes_nothing(later):
    assert [carry(items()[0], later) for _ in range(2)] == [True, False]
    assert len(titles_in(later)) == 1


def test_undone_it_is_listed_where_it_was_alone(later):
    item = items()[0]
    carry(item, later)

    assert [carrying.undo_carry_over(item, later) for _ in range(2)] == [True, False]
    assert titles_in(later) == []


def test_commit_creates_what_never_had_an_issue_and_nothing_else(before, later):
    connect_and_choose()
    never, has, unlinked, gone, dropped = items()
    link(has, key="PLAT-1")
    closed = link(unlinked, key="PLAT-2")
    closed.close()
    link(gone, LinkState.DELETED, key="PLAT-3")
    factories.action_item(later, "New here")
    for item in (never, has, unlinked, gone, dropped):
        carry(item, later)
    dropping.drop(dropped, person("Fatima"))

    assert commit(later) == 2

    assert [len(links_of(item)) for item in (never, has, unlinked, gone)] == [1, 1, 1, 1]
    assert links_of(dropped) == []
    assert links_of(unlinked)[0].active is False


def test_two_retrospectives_that_commit_it_at_once_open_one_link(app, later):
    connect_and_choose()
    other = next_one(title="Incident review")
    for item in items():
        carry(item, later)
        carry(item, other)
    ids = [later.id, other.id, later.id]

    def enter(number: int) -> bool:
        with app.app_context():
            found = db.session.get_one(Retrospective, number)
            try:
                commit(found)
            except phases.PhaseAlreadyMoved:
                db.session.rollback()
                return False
            return True

    assert sorted(at_once(*(lambda n=n: enter(n) for n in ids))) == [False, True, True]
    assert [len(links_of(item)) for item in items()] == [1] * 5


def test_who_commits_it_meanwhile_waits_and_opens_none(app, later):
    connect_and_choose()
    other = next_one(title="Incident review")
    for item in items():
        carry(item, later)
        carry(item, other)
    number = other.id
    db.session.commit()

    def enter() -> int:
        with app.app_context():
            return commit(db.session.get_one(Retrospective, number))

    assert phases.move_phase(later, shown=Phase.DISCUSS, to=Phase.COMMIT) == 5
    end = meanwhile(enter)

    assert end() == 0
    db.session.expire_all()
    assert [len(links_of(item)) for item in items()] == [1] * 5


def test_sync_to_jira_beside_commit_opens_one_link(app, before, later):
    connect_and_choose()
    item = items()[0]
    carry(item, later)
    number, item_id = later.id, item.id

    def enter() -> None:
        with app.app_context():
            commit(db.session.get_one(Retrospective, number))

    def press() -> None:
        with app.app_context():
            item_syncs.request_sync(db.session.get_one(ActionItem, item_id), person("Adam"))
            db.session.commit()

    at_once(enter, press)

    assert len(links_of(item)) == 1


@pytest.mark.parametrize("phase", [Phase.COMMIT, Phase.CLOSED])
def test_what_is_committed_lists_what_it_listed(before, phase):
    later = next_one(phase)

    with pytest.raises(carrying.CommittedAlready):
        carry(items()[0], later)
    with pytest.raises(carrying.CommittedAlready):
        carrying.undo_carry_over(items()[0], later)


def test_a_deleted_retrospective_goes_on_with_nothing(later):
    retrospective_changes.delete(later, person("Adam"))

    with pytest.raises(AlreadyDeleted, match="deleted this retrospective"):
        carry(items()[0], later)
    with pytest.raises(AlreadyDeleted):
        carrying.undo_carry_over(items()[0], later)


def test_only_the_same_team_goes_on_with_it(before):
    elsewhere = factories.retrospective(factories.team(acme()), Phase.DISCUSS)

    with pytest.raises(carrying.NotFromBefore):
        carry(items()[0], elsewhere)


def test_what_was_not_committed_is_not_carried_over(later):
    draft = next_one(Phase.DISCUSS, title="Another one")
    item = factories.action_item(draft, "Not committed yet")

    with pytest.raises(carrying.NotFromBefore):
        carry(item, later)


def test_its_own_items_are_not_carried_over(before):
    before.phase = Phase.DISCUSS

    with pytest.raises(carrying.NotFromBefore):
        carry(items()[0], before)


def test_what_is_complete_stays_where_it_is(later):
    item, other = items()[:2]
    action_items.complete(item, person("Fatima"))

    with pytest.raises(carrying.NotOpen):
        carrying.carry_over_all([item.id, other.id], later, person("Fatima"))
    assert titles_in(later) == []


def test_it_can_be_carried_on_from_where_it_was_carried_to(before, later):
    item = items()[0]
    carry(item, later)
    commit(later)
    retrospective_changes.delete(before, person("Adam"))
    third = next_one(title="Sprint 16 Retro")

    assert carry(item, third) is True


def test_deleting_a_retrospective_keeps_what_another_goes_on_with(before, later):
    kept, *others = items()
    carry(kept, later)
    assert retrospective_changes.belongings_of(before).kept == 1
    assert retrospective_changes.belongings_of(before).action_items == 4

    retrospective_changes.delete(before, person("Adam"))

    assert titles_in(later) == [kept.title]
    assert all(item.deleted_at for item in others)

    retrospective_changes.delete(later, person("Adam"))
    assert kept.deleted_at is not None


def test_deleting_where_it_was_carried_to_keeps_it_where_it_was_written(before, later):
    carry(items()[0], later)

    retrospective_changes.delete(later, person("Adam"))

    assert len(titles_in(before)) == 5


def test_who_carries_over_waits_for_a_commit_that_is_under_way(app, later):
    """Nothing falls between: it is either seen by the move, or refused."""
    item = items()[0]
    item_id, number, by = item.id, later.id, person("Fatima").id
    connect_and_choose()
    db.session.commit()

    def carry_it() -> str:
        with app.app_context():
            try:
                carrying.carry_over(
                    db.session.get_one(ActionItem, item_id),
                    db.session.get_one(Retrospective, number),
                    db.session.get_one(User, by),
                )
            except carrying.CommittedAlready:
                db.session.rollback()
                return "refused"
            db.session.commit()
            return "carried"

    def enter() -> None:
        with app.app_context():
            commit(db.session.get_one(Retrospective, number))

    said, _ = at_once(carry_it, enter)

    assert len(links_of(item)) == (1 if said == "carried" else 0)
