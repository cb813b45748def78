"""Jira is asked for a team, not for each of its retrospectives, and for no longer than is said."""

import pytest
from sqlalchemy import select

from app import clock
from app.clock import SystemClock, utcnow
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraUnavailable
from app.models import IssueLink, LinkState, Phase, Retrospective
from app.services.grants import clients
from app.services.inbound import looking_back
from app.services.outbound import links
from tests.support.at_once import at_once
from tests.support.carried import next_one
from tests.support.settings import NO_DELAYS
from tests.web.last_time.section import FATIMA, address, head, show

pytestmark = pytest.mark.environment(**NO_DELAYS)


@pytest.fixture
def later(in_jira_a_week_ago):
    return next_one(Phase.DRAFT)


class TurnedClock(SystemClock):
    """It goes on by what is waited for."""

    waited = 0.0

    def monotonic(self) -> float:
        return self.waited


@pytest.fixture
def slow_jira(monkeypatch):
    """It takes two seconds to tell of a project. Gives the clock that this is told by."""
    turned, longest = TurnedClock(), []
    real = clients.client_for

    def client_for(token, seconds):
        longest.append(seconds)
        return real(token, seconds)

    def permissions(_client, names, *, project_key):
        turned.waited += min(2.0, longest[-1])
        if longest[-1] < 2.0:
            raise JiraUnavailable("permissions")
        return dict.fromkeys(names, True)

    monkeypatch.setattr(clients, "client_for", client_for)
    monkeypatch.setattr(JiraClient, "permissions", permissions)
    with clock.use(turned):
        yield turned


def asked(acme) -> list[str]:
    return [each["operation"] for each in acme.jira.control.requests()]


def test_another_retrospective_of_the_team_shows_what_was_read_just_now(acme, signed_in, later):
    other = next_one(Phase.DRAFT, title="Incident review")
    fatima = signed_in(FATIMA)
    for each in (later, other):
        show(fatima, each)
        fatima.post(address(each, rest="/reading"))

    assert asked(acme) == ["bulkfetch"]
    page = show(fatima, other)
    assert "Jira as of" in head(page)
    assert "last-time-reading" not in page.html


@pytest.mark.both_databases
def test_two_that_are_opened_at_once_take_one_turn(app, acme, later):
    other = next_one(Phase.DRAFT, title="Incident review")

    def begin(number):
        with app.app_context():
            found = db.session.get_one(Retrospective, number)
            here = list(db.session.scalars(select(IssueLink)))
            look = looking_back.begin(found, here, utcnow())
            db.session.commit()
            return look is not None

    ids = [later.id, other.id]
    assert sorted(at_once(*(lambda n=n: begin(n) for n in ids))) == [False, True]


@pytest.mark.parametrize("phase", [Phase.COMMIT, Phase.CLOSED])
def test_what_was_committed_asks_nothing(acme, signed_in, later, phase):
    fatima = signed_in(FATIMA)
    show(fatima, later)
    later.phase = phase
    db.session.commit()

    fatima.post(address(later, rest="/reading"))

    assert asked(acme) == []


def test_what_jira_does_not_tell_in_time_stays_unknown(acme, later, slow_jira):
    rows = [links.active_link(item) for item in acme.items]
    for number, row in enumerate(rows):
        acme.jira.control.delete_issue(row.issue_key)
        row.issue_key = f"P{number}-1"
    look = looking_back.begin(later, rows, utcnow())
    db.session.commit()

    looked = looking_back.ask(look)
    looking_back.keep(look, looked, utcnow())

    assert slow_jira.waited <= looking_back.LONGEST
    assert [row.state for row in rows[:2]] == [LinkState.DELETED] * 2
    assert [row.state for row in rows[2:]] == [LinkState.SYNCED] * 3
