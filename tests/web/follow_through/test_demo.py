"""The past that the demo has on its first day."""

import pytest

from app.extensions import db
from app.models import ActionItem, CarryOver, Retrospective
from demo import past
from tests.support.acme import team
from tests.support.follow_through import count
from tests.support.pages import text_of
from tests.web.follow_through.pages import PAGE, cells, figures


@pytest.fixture
def loaded(app, sample) -> None:
    past.load()
    count()


def test_follow_through_has_three_months_to_tell_of(signed_in, loaded):
    page = signed_in("admin@acme.test").get(f"{PAGE}?team={team('Mobile').id}").page

    found = figures(page)
    assert found["Done within 30 days"].startswith("63 % 10 of 16")
    assert found["Overdue"].startswith("2 the oldest by")
    shares = [row[1] for row in cells(page, "by the month").values() if "%" in row[1]]
    assert shares == ["4, 67 %", "3, 60 %", "3, 60 %"]


def test_last_time_has_open_ones_of_which_one_was_carried_over(signed_in, loaded):
    latest = db.session.query(Retrospective).filter_by(title="Sprint 10 Retro").one()

    page = signed_in("admin@acme.test").get(f"/retrospectives/{latest.id}").page

    section = text_of(page.by_id("last-time"))
    assert "Last time 3 open" in section
    assert "Carried over once" in section


def test_loading_twice_changes_nothing(loaded):
    before = db.session.query(ActionItem).count(), db.session.query(CarryOver).count()

    past.load()

    assert (db.session.query(ActionItem).count(), db.session.query(CarryOver).count()) == before
