"""What a request to Jira costs in statements does not grow with what it carries."""

import pytest

from app.clock import utcnow
from app.drain import claiming, drain_lease, pushing
from app.drain.current import Current
from app.drain.failures import of_sent
from app.extensions import db
from app.jira.errors import JiraUnavailable
from app.jira.types import Call, CreatedIssue
from app.models import IssueLink, JiraConnection, LinkState, MatchState, SyncAttempt, SyncEntry
from app.services.outbound import fence
from app.services.outbound.plan import Plan
from app.services.outbound.send import Sent
from app.services.people.matches import Match
from tests.support import factories
from tests.support.claims import MAYA, SCREEN, plan
from tests.support.settings import NO_DELAYS

pytestmark = [pytest.mark.environment(**NO_DELAYS), pytest.mark.both_databases]

FEW, MANY = 10, 50
NOBODY = Match(MatchState.NONE, None)
AT_MOST = 12


@pytest.fixture
def current(acme) -> Current:
    """A drain of an organization with sixty action items that wait for their issues."""
    for number in range(FEW + MANY - len(acme.items)):
        owner = acme.items[0].assignee
        factories.action_item(acme.retrospective, f"Action {number}", assignee=owner)
    acme.commit_items()
    lease = drain_lease.take(acme.connection.id)
    assert lease is not None
    db.session.commit()
    return Current(lease)


@pytest.fixture
def bulks(current) -> list[list[Plan]]:
    """Two bulks, a small one and a large one, each issue's snapshot and note its own."""
    claims = claiming.claim(current.lease).claims
    db.session.commit()
    plans = [plan(each, SCREEN, MAYA if each.link_id % 2 else NOBODY) for each in claims]
    return [plans[:FEW], plans[FEW:]]


@pytest.fixture
def stamped(current, bulks) -> list[list[Plan]]:
    for bulk in bulks:
        assert fence.stamp(current.lease, bulk)
    db.session.commit()
    return bulks


def created(plans) -> list[Sent]:
    call = Call("create_issues", "POST", "/issue/bulk", 201, 100, None, False, utcnow())
    return [
        Sent(each, CreatedIssue(str(each.claim.link_id), "PLAT-7"), call=call) for each in plans
    ]


def claim(so_many: int, lease_id: str | None) -> None:
    """Write who has claimed the last so many links."""
    links = db.session.query(IssueLink).order_by(IssueLink.id).all()
    for link in links[-so_many:]:
        link.claim_id = lease_id
    db.session.commit()


@pytest.fixture
def cost(asked):
    """How many statements something takes."""

    def of(act, *arguments) -> int:
        asked.clear()
        act(*arguments)
        db.session.commit()
        return len([each for each in asked if not each.startswith("BEGIN")])

    return of


def test_a_claim_costs_the_same_whoever_owns_the_items(current, cost, acme):
    one = cost(claiming.claim, current.lease)
    cost(claiming.give_back, current.lease)
    for item in acme.items[:FEW]:
        item.assignee = factories.user()
    db.session.commit()

    assert cost(claiming.claim, current.lease) == one


def test_to_stamp_a_bulk_costs_two_statements(current, bulks, cost):
    assert [cost(fence.stamp, current.lease, bulk) for bulk in bulks] == [2, 2]


def test_to_record_a_bulk_costs_the_same_whatever_its_size(current, stamped, cost):
    answers = [created(bulk) for bulk in stamped]

    few, many = [cost(pushing.record_answers, current, each, []) for each in answers]

    assert few == many <= AT_MOST
    rows = db.session.query(IssueLink).all()
    assert {row.issue_id == str(row.id) for row in rows} == {True}
    assert {row.state for row in rows} == {LinkState.SYNCED}
    assert {row.assignee_note is None for row in rows} == {True, False}
    assert {row.snapshot == row.stamped_snapshot for row in rows} == {True}
    tries = db.session.query(SyncEntry.issue_link_id).join(SyncAttempt).all()
    assert sorted(link_id for (link_id,) in tries) == sorted(row.id for row in rows)


def test_a_bulk_without_an_answer_costs_the_same_whatever_its_size(current, stamped, cost):
    lost = JiraUnavailable("create_issues", outcome_unknown=True)
    failures = [[of_sent(current, Sent(each, error=lost)) for each in bulk] for bulk in stamped]

    few, many = [cost(pushing.record_answers, current, [], each) for each in failures]

    assert many <= few <= AT_MOST  # the first says since when Jira has not answered
    assert {row.state for row in db.session.query(IssueLink)} == {LinkState.UNKNOWN}


def test_a_second_try_costs_the_same_whatever_the_size_of_the_bulk(current, stamped, cost):
    down = JiraUnavailable("create_issues")
    for bulk in stamped:
        failures = [of_sent(current, Sent(each, error=down)) for each in bulk]
        pushing.record_answers(current, [], failures)
    db.session.query(JiraConnection).update({"outage_since": None})
    claim(FEW + MANY, current.lease.id)

    few, many = [cost(pushing.record_answers, current, created(bulk), []) for bulk in stamped]

    assert few == many <= AT_MOST
    assert db.session.query(SyncEntry).count() == FEW + MANY  # each with both tries
    assert db.session.query(SyncAttempt).count() == 2 * (FEW + MANY)


def test_what_is_claimed_is_given_back_at_the_same_cost(current, stamped, cost):
    """What a worker that died had sent is unknown: each is told in its line of the log."""
    claim(MANY, None)
    few = cost(claiming.give_back, current.lease)
    claim(MANY, current.lease.id)

    many = cost(claiming.give_back, current.lease)

    assert few == many <= AT_MOST
    assert {row.state for row in db.session.query(IssueLink)} == {LinkState.UNKNOWN}
