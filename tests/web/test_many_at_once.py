"""What is asked for of 500 action items at once takes as many statements as for five."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import AuditEvent, IssueLink, LinkState, Phase, Retrospective
from app.services.backfill import runs
from tests.support import factories
from tests.support.acme import connect_and_choose, link, person, team
from tests.support.backfilling import past, run, start
from tests.support.people import Person
from tests.support.sync_entries import failed

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("sample")]
FEW, MANY = 5, 500
RETRIES = "/organizations/acme/settings/integrations/jira/sync-log/retries"


def retrospective_of(count: int, phase: Phase) -> Retrospective:
    row = factories.retrospective(team(), phase=phase, facilitator=person("Fatima"))
    for number in range(count):
        factories.action_item(row, f"Item {number}")
    return row


def opened(retrospective: Retrospective) -> list[IssueLink]:
    db.session.expire_all()
    links = select(IssueLink).join(IssueLink.action_item).order_by(IssueLink.action_item_id)
    return list(db.session.scalars(links.filter_by(retrospective_id=retrospective.id)))


@pytest.fixture
def statements(asked: list[str]) -> Callable[[Callable[[], object]], list[str]]:
    """What doing something asks of the database, once everything is warm."""

    def of(act: Callable[[], object]) -> list[str]:
        db.session.commit()
        asked.clear()
        act()
        return list(asked)

    return of


@pytest.fixture
def facilitator(signed_in: Callable[[str], Person]) -> Person:
    connect_and_choose()
    return signed_in("facilitator@acme.test")


def test_entering_commit(facilitator: Person, statements) -> None:
    def commit(count: int) -> list[str]:
        row = retrospective_of(count, Phase.DISCUSS)
        url, move = f"/retrospectives/{row.id}", {"shown": "discuss", "to": "commit"}
        made = statements(lambda: facilitator.post(f"{url}/phase", move))
        links = opened(row)
        assert len(links) == count
        assert {each.state for each in links} == {LinkState.WAITING}
        assert all(each.due_at == each.due_since <= utcnow() for each in links)
        assert len({each.public_id for each in links}) == count
        return made

    commit(1)
    few, many = commit(FEW), commit(MANY)

    assert len(many) == len(few)
    assert len([each for each in many if each.startswith("INSERT")]) == 1


def test_sync_to_jira_for_all_that_fails_for_one_cause(facilitator: Person, statements) -> None:
    def sync(count: int) -> list[str]:
        row = retrospective_of(count, Phase.COMMIT)
        for item in row.action_items[: count // 2]:  # the others have no link yet
            link(item, LinkState.ERROR, key=None)
        named = {"item": [str(item.id) for item in row.action_items]}
        url = f"/retrospectives/{row.id}/syncs"
        made = statements(lambda: facilitator.post(url, named))
        links = opened(row)
        assert [each.state for each in links] == [LinkState.WAITING] * count
        asked_for = db.session.query(AuditEvent).filter_by(action="jira.sync-requested")
        items = {event.details["action_item"] for event in asked_for}
        assert items >= {each.action_item_id for each in links}
        return made

    sync(2)

    assert len(sync(MANY)) == len(sync(FEW))


def test_retry_of_everything(facilitator, signed_in, statements) -> None:
    admin = signed_in("admin@acme.test")

    def retry(count: int) -> list[str]:
        row = retrospective_of(count, Phase.COMMIT)
        for item in row.action_items:
            failed(item)
        made = statements(lambda: admin.post(RETRIES))
        assert [each.state for each in opened(row)] == [LinkState.WAITING] * count
        return made

    retry(1)

    assert len(retry(MANY)) == len(retry(FEW))


def test_a_slice_of_a_backfill(facilitator, signed_in, statements) -> None:
    admin = signed_in("admin@acme.test")

    def tick(count: int) -> list[str]:
        row = past(count)
        start(admin, count)
        made = statements(lambda: runs.advance(utcnow()))
        links = opened(row)
        assert [each.backfill_id for each in links] == [run().id] * count
        assert {each.state for each in links} == {LinkState.WAITING}
        for each in links:
            each.due_at, each.state, each.issue_id = None, LinkState.SYNCED, str(each.id)
        db.session.flush()
        runs.advance(utcnow())
        return made

    tick(1)

    assert len(tick(runs.SLICE)) == len(tick(FEW))
