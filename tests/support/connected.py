"""The sample organization, connected to the stand-in's Acme Engineering without the dance."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    CheckState,
    ConnectionState,
    IssueLink,
    JiraConnection,
    Organization,
    ProjectMapping,
    Retrospective,
    User,
)
from app.services.connection import connect as connection_connect
from app.services.connection.consent import Granted, Site
from app.services.grants import tokens
from app.services.outbound import batches
from app.services.outbound import links as outbound_links
from tests.support.installation import eventually

if TYPE_CHECKING:
    from demo.jira_cloud.control.verbs import Control
    from demo.jira_cloud.server import RunningJiraCloud

ENG_CLOUD = "1f3c9b52-8d7e-4a60-b1c4-5e2d7f809a13"
SERVICE = "unpack@acme.test"


@dataclass
class Acme:
    """What engine tests arrange and look at. Rows are read anew each time."""

    jira: "RunningJiraCloud"

    @property
    def organization(self) -> Organization:
        return db.session.scalars(select(Organization).filter_by(slug="acme")).one()

    @property
    def connection(self) -> JiraConnection:
        return db.session.scalars(select(JiraConnection)).one()

    @property
    def retrospective(self) -> Retrospective:
        return db.session.scalars(select(Retrospective).filter_by(title="Sprint 14 Retro")).one()

    @property
    def items(self) -> list[ActionItem]:
        return list(self.retrospective.action_items)

    @property
    def links(self) -> list[IssueLink]:
        return list(
            db.session.scalars(select(IssueLink).filter_by(active=True).order_by(IssueLink.id))
        )

    def commit_items(self) -> None:
        """Make every action item due, as entering Commit does."""
        outbound_links.commit_action_items(self.retrospective)
        db.session.commit()

    def issues(self) -> list[dict[str, Any]]:
        """What Jira holds."""
        return self.jira.control.issues()

    def map_to(self, project: str, type_name: str = "Task") -> ProjectMapping:
        """Send action items of every team to a project of Acme Engineering."""
        from demo.jira_cloud.catalog.sites import PROJECTS, issue_types

        chosen = next(each for each in PROJECTS["acme-eng"] if each.key == project)
        kind = issue_types("acme-eng")[type_name]
        db.session.query(ProjectMapping).delete()
        mapping = ProjectMapping(
            organization_id=self.organization.id,
            team_id=None,
            cloud_id=ENG_CLOUD,
            project_id=chosen.id,
            project_key=chosen.key,
            project_name=chosen.name,
            issue_type_id=kind.id,
            issue_type_name=kind.name,
            check_state=CheckState.READY,
        )
        db.session.add(mapping)
        db.session.commit()
        return mapping

    def connect(self, account: str = SERVICE) -> None:
        """Store a fresh grant of `account`, as a consent would."""
        from demo.jira_cloud.catalog.accounts import by_email

        answer = self.jira.control.issue_tokens(account)
        row = db.session.scalar(select(JiraConnection)) or JiraConnection(
            organization=self.organization, generation=0, connected_at=utcnow()
        )
        row.state = ConnectionState.CONNECTED
        row.generation += 1
        row.cloud_id, row.site_name = ENG_CLOUD, "Acme Engineering"
        row.site_url = self.jira.url.replace("localhost", "acme-eng.localhost")
        row.account_id = by_email(account).id
        row.access_token = tokens.encrypt(answer["access_token"])
        row.refresh_token = tokens.encrypt(answer["refresh_token"])
        row.access_expires_at = utcnow() + timedelta(seconds=answer["expires_in"])
        db.session.add(row)
        db.session.commit()

    def reconnect(self) -> None:
        """Finish a new consent of the same account and site."""
        answer = self.jira.control.issue_tokens(SERVICE)
        old = self.connection
        granted = Granted(
            access_token=tokens.encrypt(answer["access_token"]),
            refresh_token=tokens.encrypt(answer["refresh_token"]),
            access_expires_at=utcnow() + timedelta(seconds=answer["expires_in"]),
            account_id=old.account_id,
            account_name=old.account_name,
            sites=(Site(ENG_CLOUD, "Acme Engineering", old.site_url),),
        )
        user = db.session.scalars(select(User).filter_by(email="admin@acme.test")).one()
        assert connection_connect.settle(self.organization, user, granted)
        db.session.commit()


@pytest.fixture
def acme(app: Flask, sample: None, jira: "RunningJiraCloud") -> Acme:
    """Acme with its sample data, connected, everything mapped to PLAT as Tasks."""
    acme = Acme(jira)
    acme.connect()
    acme.map_to("PLAT")
    jira.control.clear_requests()
    return acme


@pytest.fixture
def checked(acme: Acme) -> None:
    """The mapping was checked just now, so that nothing asks Jira for it."""
    db.session.query(ProjectMapping).one().checked_at = utcnow()


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Acme commits leaves one by one, as one or two creates of a project do."""
    monkeypatch.setattr(batches, "SINGLE_CREATES", 8)


@pytest.fixture
def drain(acme: Acme) -> Callable[[], None]:
    """Run the connection's job once, in this process, and read the rows anew."""
    from jobs import sync_connection

    def run() -> None:
        connection_id = acme.connection.id
        db.session.commit()
        sync_connection.run(connection_id)
        db.session.expire_all()

    return run


def wait_for_request(control: "Control", operation: str) -> None:
    """Until Jira is working on one: others may have come before it."""
    eventually(lambda: operation in [each["operation"] for each in control.in_flight()])


@pytest.fixture
def beside_a_drain(app: Flask, acme: Acme) -> Callable[..., None]:
    """Run the connection's job in a thread, and something else while Jira takes its time."""
    from jobs import sync_connection

    def in_thread(connection_id: int) -> None:
        with app.app_context():
            sync_connection.run(connection_id)

    def run(operation: str, act: Callable[[], object], slow: int = 600) -> None:
        """`act` while the first request of the operation is under way, for `slow` milliseconds."""
        control = acme.jira.control
        control.fault("latency", operation, min_ms=slow, max_ms=slow, times=1)
        connection_id = acme.connection.id
        db.session.commit()
        draining = threading.Thread(target=in_thread, args=(connection_id,))
        draining.start()
        wait_for_request(control, operation)
        act()
        db.session.commit()
        draining.join()
        db.session.expire_all()

    return run


@pytest.fixture
def tick(app: Flask) -> Callable[[], None]:
    """Let the ticker tick once, and read the rows anew."""
    from jobs import ticker

    def once() -> None:
        db.session.commit()
        assert ticker.tick(app), "the database or Redis is out of reach"
        db.session.expire_all()

    return once
