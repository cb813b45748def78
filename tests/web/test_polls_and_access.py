"""A poll of a panel finds out by itself who may see it: as the page does, of everybody."""

from collections.abc import Callable

import pytest
from psycopg._queries import MAX_CACHED_STATEMENT_LENGTH
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import psycopg

from app.clock import utcnow
from app.extensions import db
from app.models import Membership, Phase, Retrospective, TeamMember
from app.models.deleted_retrospective import DeletedRetrospective
from app.services.organizations import team_archive
from app.services.panel import polling
from tests.support.acme import person, sprint_14, team

PLATFORM_IS_SEEN_BY = ("member1", "facilitator", "admin", "owner")


def archived(retrospective: Retrospective) -> None:
    team_archive.archive(team("Platform"), person("Adam"))


def deleted(retrospective: Retrospective) -> None:
    phase = retrospective.phase
    db.session.add(DeletedRetrospective(retrospective_id=retrospective.id, phase=phase))


def nobody_in_the_team(retrospective: Retrospective) -> None:
    for each in db.session.scalars(select(TeamMember)):
        db.session.delete(each)


def elsewhere(retrospective: Retrospective) -> None:
    """Who left the organization and is still written down in the team."""
    for each in db.session.scalars(select(Membership)):
        if not each.role.administers:
            db.session.delete(each)


STATES: dict[str, Callable[[Retrospective], None]] = {
    "as it is": lambda retrospective: None,
    "archived": archived,
    "deleted": deleted,
    "nobody in the team": nobody_in_the_team,
    "left the organization": elsewhere,
}


@pytest.mark.both_databases
@pytest.mark.parametrize("state", STATES)
def test_a_poll_is_answered_to_whoever_sees_the_page(sample, client, signed_in, state):
    retrospective = sprint_14(Phase.DISCUSS)
    STATES[state](retrospective)
    db.session.commit()
    page = f"/retrospectives/{retrospective.id}"
    address = f"{page}/panel?pulse={polling.pulse_of(retrospective, utcnow())}"
    people = {name: signed_in(f"{name}@acme.test") for name in PLATFORM_IS_SEEN_BY}
    people["stranger"] = signed_in("owner@tiny.test")

    def answer(name: str) -> tuple[int, int]:
        there = people[name]
        return there.get(f"{page}/panel", htmx=True).status_code, there.get(
            address, htmx=True
        ).status_code

    answers = {name: answer(name) for name in people}

    assert client.get(address, htmx=True).status_code == 401
    assert answers["stranger"] == (404, 404)
    assert set(answers.values()) <= {(200, 204), (404, 404)}
    assert answers["owner"] == ((404, 404) if state == "deleted" else (200, 204))
    assert (answers["member1"] == (200, 204)) == (state in {"as it is", "archived"})


def test_what_each_poll_asks_is_read_once_a_process():
    """psycopg keeps how a statement is to be sent if it is no longer than that, and SQLAlchemy how
    it is written if it holds no list."""
    asked = polling._statement_for_somebody().compile(dialect=psycopg.dialect())

    assert len(str(asked)) <= MAX_CACHED_STATEMENT_LENGTH
    assert "POSTCOMPILE" not in str(asked)
