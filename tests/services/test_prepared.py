"""Statements that are put together once and asked with other values each time."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Select, select

from app.clock import utcnow
from app.extensions import db
from app.models import Organization, Plan
from app.models.prepared import forget_all, prepared
from tests.support import factories

HOUR = timedelta(hours=1)


@pytest.fixture
def built() -> list[str]:
    return []


@pytest.fixture
def recent(built):
    @prepared
    def asked(now: datetime, plan: Plan, names: list[str]) -> Select[str]:
        built.append(plan)
        return select(Organization.name).where(
            Organization.created_at > now - HOUR,
            Organization.created_at <= now,
            Organization.plan == plan,
            Organization.name.in_(names),
        )

    return asked


def found(asked) -> list[str]:
    return list(db.session.scalars(*asked))


def test_it_is_asked_with_the_values_of_each_time(recent, app):
    ours = factories.organization()
    db.session.commit()
    now, name = ours.created_at, ours.name

    assert found(recent(now, Plan.PRO, [name])) == [name]
    assert found(recent(now + HOUR, Plan.PRO, [name])) == []
    assert found(recent(now - HOUR, Plan.PRO, [name])) == []
    assert found(recent(now, Plan.FREE, [name])) == []
    assert found(recent(now, Plan.PRO, [])) == []
    assert found(recent(now, Plan.PRO, ["Other", name])) == [name]


def test_it_is_built_once_for_each_word_that_is_no_value(recent, built, app):
    for plan in (Plan.FREE, Plan.PRO, Plan.FREE):
        recent(utcnow(), plan, [])

    assert built == [Plan.FREE, Plan.PRO]


def test_what_is_forgotten_is_built_anew(recent, built, app):
    recent(utcnow(), Plan.PRO, [])

    forget_all()
    recent(utcnow(), Plan.PRO, [])

    assert built == [Plan.PRO, Plan.PRO]


def test_a_moment_that_is_looked_up_while_building_is_refused(app):
    @prepared
    def asked(name: str) -> Select[int]:
        return select(Organization.id).where(
            Organization.created_at < utcnow(), Organization.name == name
        )

    with pytest.raises(TypeError, match="is given its moments"):
        asked("Acme")
