"""What people wait for on a page costs points as well, and is counted."""

import pytest
from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import PointsPool
from app.services.points import counted, pool
from tests.support.acme import person
from tests.support.atlassian import JIRA
from tests.support.connected import Acme
from tests.support.people import Person

pytestmark = [pytest.mark.usefixtures("checked"), pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def nothing_waits() -> None:
    counted.taken()


def search() -> str:
    return f"{JIRA}/people/{person('Tom').memberships[0].id}/account?query=maya"


def spent() -> int:
    db.session.commit()
    return db.session.scalar(select(PointsPool.spent)) or 0


def test_a_search_for_an_account_is_counted_when_it_has_been_answered(
    admin: Person, acme: Acme
) -> None:
    ours, jiras = spent(), acme.jira.control.counters()["points_this_hour"]

    assert "Maya" in admin.get(search()).page.text

    jiras = acme.jira.control.counters()["points_this_hour"] - jiras
    assert jiras > 0
    assert jiras <= spent() - ours <= jiras + 5
    assert not counted.owed()


def test_where_all_points_are_spent_nobody_is_searched_for(admin: Person, acme: Acme) -> None:
    given = pool.quota()
    assert given is not None
    db.session.query(PointsPool).delete()
    start = given.window_start(utcnow())
    db.session.add(PointsPool(name="", window_start=start, spent=given.points, connections=1))
    db.session.commit()
    acme.jira.control.clear_requests()

    text = admin.get(search()).page.text

    assert "only so much in an hour" in text
    assert acme.jira.control.requests() == []
