"""An older database is restored: a copy of the middle of a storm of commits. No issue comes twice.

Tokens are refreshed between the copy and the restore, so the copy's are dead.
"""

import random
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import current_app
from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    Adoption,
    ConnectionState,
    IssueLink,
    JiraConnection,
    Phase,
    Retrospective,
    User,
)
from app.services.connection import connect
from app.services.connection.consent import Granted, Site
from app.services.grants import tokens
from app.services.retrospectives import phases
from tests.chaos import organizations, storm
from tests.chaos.breaking import database
from tests.support.beside import beside
from tests.support.connected import ENG_CLOUD, Acme
from tests.support.installation import Installation, eventually, installed
from tests.support.restored import Backup

ORGANIZATIONS, ITEMS = 3, 20
QUICK = storm.QUICK | {"SYNC_PROBE_DELAYS": "1,1"}
PROPERTY = "unpack.action-item"

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(400)]


class Restoring:
    """An installation whose database is copied while it works, and put back later."""

    def __init__(self, running: Installation, acme: Acme) -> None:
        self.running, self.acme = running, acme
        self.control = acme.jira.control
        self.dice = random.Random(storm.SEED)
        retros = [
            each
            for number in range(ORGANIZATIONS)
            for each in organizations.found_one(acme, number, ITEMS)
        ]
        self.dice.shuffle(retros)
        self.retrospectives = [each.id for each in retros]
        db.session.commit()

    def commit_and_copy_in_the_middle(self) -> Backup:
        """Retrospectives enter Commit one after the other; while requests are in flight, a copy."""
        self.control.set(limits=False)
        self.control.fault("latency", "create*", min_ms=500, max_ms=1500)
        half = len(self.retrospectives) // 2
        # A bulk takes all that is due: some are known first, then others are under way.
        for each in self.retrospectives[: half - 1]:
            enter_commit(each)
        eventually(some_are_known)
        enter_commit(self.retrospectives[half - 1])
        eventually(self.control.in_flight)
        copy = Backup.make()
        for each in self.retrospectives[half:]:
            enter_commit(each)
            time.sleep(0.1)
        return copy

    def refresh_twice(self) -> None:
        """The token before the one before is of no use to anybody."""
        for _ in range(2):
            self.control.expire_access_tokens()
            for item in self.items():
                if item.id % 4 == 0:
                    organizations.edit(item, self.dice)
            db.session.commit()
            settle()

    def restore(self, copy: Backup, made_at: str) -> None:
        """With everything stopped; then on hold, and started again."""
        self.running.stop()
        copy.restore()
        db.session.remove()
        result = command("jira", "hold", "--since", made_at)
        assert result.exit_code == 0, result.output
        self.running.start()

    def reconnect_where_the_grant_is_dead(self) -> int:
        eventually(lambda: read(lambda: all(map(stopped_or_searched, connections()))), seconds=90)
        dead = [each for each in connections() if each.state is ConnectionState.NEEDS_RECONNECT]
        admin = db.session.scalars(select(User).filter_by(email=organizations.ADMIN)).one()
        for each in dead:
            number = int(each.organization.slug.partition("-")[2])
            account = organizations.ACCOUNTS[number % len(organizations.ACCOUNTS)]
            answer = self.control.issue_tokens(account)
            assert connect.settle(each.organization, admin, granted(each, answer))
            db.session.commit()
        eventually(lambda: read(lambda: all(map(searched, connections()))), seconds=90)
        return len(dead)

    def items(self) -> list[ActionItem]:
        of_ours = ActionItem.retrospective_id.in_(self.retrospectives)
        return list(db.session.scalars(select(ActionItem).where(of_ours)))


@pytest.fixture
def restoring(database_kind: str, tmp_path: Path) -> Iterator[Restoring]:
    with database(database_kind) as server:
        settings = QUICK | ({"DATABASE_URL": server.url} if server else {})
        with installed(tmp_path / "restored", **settings) as running:
            running.start()
            with beside(running) as acme:
                yield Restoring(running, acme)


@pytest.mark.both_databases
def test_every_item_has_its_own_issue_after_an_older_database_was_restored(
    restoring: Restoring,
) -> None:
    control, many = restoring.control, ORGANIZATIONS * ITEMS
    made_at = f"{utcnow():%Y-%m-%d %H:%M:%S}"
    copy = restoring.commit_and_copy_in_the_middle()
    settle()
    restoring.refresh_twice()
    assert len(control.issues()) == many
    known = len({link["issue_id"] for link in copy.rows["issue_link"]} - {None})

    restoring.restore(copy, made_at)
    before = control.issues()
    dead = restoring.reconnect_where_the_grant_is_dead()
    assert control.issues() == before, "something was changed in Jira on hold"
    print(f"\n{known} of {many} issues were known, {dead} grants dead")
    assert (0 < known < many, dead) == (True, ORGANIZATIONS)

    released = command("jira", "release")
    assert released.exit_code == 0, released.output
    for each in restoring.retrospectives:
        enter_commit(each)
    settle()

    named = {issue["properties"][PROPERTY]["link"]: issue["id"] for issue in control.issues()}
    assert len(control.issues()) == len(named) == many
    active = db.session.scalars(select(IssueLink).filter_by(active=True)).all()
    assert {link.public_id: link.issue_id for link in active} == named
    assert len({link.action_item_id for link in active}) == many


def command(*arguments: str) -> Result:
    db.session.remove()
    return current_app.test_cli_runner().invoke(args=list(arguments))


def enter_commit(retrospective_id: int) -> None:
    found = db.session.get_one(Retrospective, retrospective_id, populate_existing=True)
    if found.phase is Phase.DISCUSS:
        phases.move_phase(found, shown=Phase.DISCUSS, to=Phase.COMMIT)
    db.session.commit()


def granted(connection: JiraConnection, answer: dict[str, object]) -> Granted:
    return Granted(
        access_token=tokens.encrypt(str(answer["access_token"])),
        refresh_token=tokens.encrypt(str(answer["refresh_token"])),
        access_expires_at=utcnow() + timedelta(hours=1),
        account_id=connection.account_id,
        account_name=connection.account_name,
        sites=(Site(ENG_CLOUD, connection.site_name, connection.site_url),),
    )


def settle() -> None:
    """Wait until nothing moves any more."""
    deadline = time.monotonic() + 120 * storm.PATIENCE
    while moving():
        assert time.monotonic() < deadline, f"{storm.states()}, {storm.outcomes()}"
        time.sleep(0.5)


def moving() -> bool:
    unsettled = select(IssueLink.id).where(IssueLink.active, IssueLink.state.not_in(storm.SETTLED))
    return read(lambda: db.session.scalar(unsettled.limit(1)) is not None)


def read(what: Callable[[], bool]) -> bool:
    """As it is now. On SQLite nobody could write while this test held a transaction open."""
    try:
        return what()
    finally:
        db.session.rollback()


def some_are_known() -> bool:
    known = select(IssueLink.id).where(IssueLink.issue_id.is_not(None))
    return read(lambda: db.session.scalar(known.limit(1)) is not None)


def connections() -> list[JiraConnection]:
    return list(db.session.scalars(select(JiraConnection).order_by(JiraConnection.id)))


def searched(connection: JiraConnection) -> bool:
    adoption = db.session.get(Adoption, connection.id, populate_existing=True)
    return (
        adoption is not None
        and adoption.finished_at is not None
        and adoption.generation == connection.generation
    )


def stopped_or_searched(connection: JiraConnection) -> bool:
    return connection.state is ConnectionState.NEEDS_RECONNECT or searched(connection)
