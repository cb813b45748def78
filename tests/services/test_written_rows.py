"""Rows that are written together: what the session knows of them afterwards is what was written."""

import pytest
from sqlalchemy import event, inspect, select

from app.extensions import db
from app.models import ActionItem
from app.models.writing import write
from tests.support import factories


@pytest.fixture
def items(app) -> list[ActionItem]:
    meeting = factories.retrospective(factories.team(factories.organization()))
    found = [factories.action_item(meeting, title) for title in ("One", "Two")]
    db.session.commit()
    assert [item.title for item in found] == ["One", "Two"]  # read: expired by the commit
    return found


def titles() -> list[str]:
    return list(db.session.scalars(select(ActionItem.title).order_by(ActionItem.id)))


def test_what_is_written_is_not_flushed_again(items):
    for item in items:
        item.title += " more"
    write(items)
    sent = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: sent.append(given[2]))

    db.session.flush()

    assert not db.session.dirty
    assert sent == []
    assert titles() == ["One more", "Two more"]


def test_what_changes_after_it_is_written_too(items):
    items[0].title = "First"
    write(items)

    items[0].title = "Second"
    items[1].title = "Third"
    db.session.commit()

    assert titles() == ["Second", "Third"]


def test_a_rollback_takes_it_back(items):
    items[0].title = "First"
    write(items)

    db.session.rollback()

    assert items[0].title == "One"
    assert titles() == ["One", "Two"]


def test_a_related_row_that_was_changed_is_still_flushed(items):
    items[0].title = "First"
    items[0].retrospective.title = "Renamed"
    write(items)
    assert inspect(items[0].retrospective).modified

    db.session.commit()

    assert items[0].retrospective.title == "Renamed"
