"""`flask jira explain`: what the engine knows of a link, and what it will do next, and when."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import ConnectionState, IssueLink, LinkState, Plan, WorkKind
from app.operations.explaining.next_step import next_step
from app.services.work.due_links import due_links
from tests.support.acme import choose_project, connect, items, link
from tests.support.connected import Acme

pytestmark = pytest.mark.usefixtures("app")

MINUTE = timedelta(minutes=1)
Arranged = Callable[[IssueLink, datetime], Any]


def explained(app: Flask, asked: str) -> str:
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["jira", "explain", asked])
    assert result.exit_code == 0, result.output
    return result.output


def paused(link: IssueLink, now: datetime) -> None:
    link.connection.paused_until = now + MINUTE


def on_hold(link: IssueLink, now: datetime) -> None:
    link.connection.on_hold_since = now


def elsewhere(link: IssueLink, now: datetime) -> None:
    link.cloud_id, link.issue_id = "another", "1"


def near_the_limit(link: IssueLink, now: datetime) -> None:
    link.connection.near_limit_until = now + MINUTE
    link.issue_id, link.cloud_id = "1", link.connection.cloud_id


def of_state(state: ConnectionState) -> Arranged:
    return lambda link, _: setattr(link.connection, "state", state)


def at(**times: timedelta) -> Arranged:
    def arrange(link: IssueLink, now: datetime) -> None:
        for name, distance in times.items():
            setattr(link, name, now + distance)

    return arrange


def given_up(link: IssueLink, now: datetime) -> None:
    link.state, link.due_at = LinkState.ERROR, None


def deleted(link: IssueLink, now: datetime) -> None:
    link.action_item.deleted_at = now


def stamped(link: IssueLink, now: datetime) -> None:
    link.stamped_at, link.stamped_cloud_id = now - MINUTE, link.connection.cloud_id
    link.empty_probes, link.state = 1, LinkState.UNKNOWN


def deleted_and_stamped(link: IssueLink, now: datetime) -> None:
    deleted(link, now)
    stamped(link, now)


def on_the_free_plan(link: IssueLink, now: datetime) -> None:
    link.connection.organization.plan = Plan.FREE


CASES: list[tuple[str, Arranged, timedelta | None]] = [
    ("a create, try 1 of 4, with the next tick", lambda link, now: None, None),
    ("a create, try 1 of 4", at(due_at=MINUTE), MINUTE),
    ("a create, try 1 of 4", at(not_before=2 * MINUTE), 2 * MINUTE),
    ("waits until an admin connects", of_state(ConnectionState.NEEDS_RECONNECT), None),
    ("waits for the operator", of_state(ConnectionState.MISCONFIGURED), None),
    ("waits for a plan with Jira", on_the_free_plan, None),
    ("the pause that Jira asked for", paused, MINUTE),
    ("`flask jira release`", on_hold, None),
    ("the site that its issue is on", elsewhere, None),
    ("Jira's limit is not near any more", near_the_limit, MINUTE),
    ("gave up: waits for Retry", given_up, None),
    ("its action item was deleted", deleted, None),
    ("probe 2 of 2", stamped, None),
    ("probe 2 of 2", deleted_and_stamped, None),
]


@pytest.mark.both_databases
@pytest.mark.parametrize(("words", "arrange", "distance"), CASES, ids=[c[0] for c in CASES])
def test_it_promises_what_the_engine_does(
    sample: None, words: str, arrange: Arranged, distance: timedelta | None
) -> None:
    connect()
    choose_project()
    now = utcnow()
    row = link(items()[0], LinkState.WAITING, key=None, due_at=now - MINUTE)
    arrange(row, now)
    db.session.flush()

    step = next_step(row, now)

    is_due = row.id in db.session.scalars(due_links(select(IssueLink.id), now)).all()
    assert words in step.words
    assert step.now is is_due
    assert step.at == (now + distance if distance else None)


def test_a_drain_that_is_at_it_and_one_that_died_are_told_apart(sample: None) -> None:
    connection, now = connect(), utcnow()
    choose_project()
    row = link(items()[0], LinkState.SYNCING, key=None, due_at=now, claim_id="lease")
    work = connection.works[WorkKind.DRAIN]
    work.lease_id, work.lease_until = "lease", now + timedelta(seconds=30)
    alive = next_step(row, now).words
    work.lease_until = now - timedelta(seconds=1)
    dead = next_step(row, now).words

    assert "a drain is at this link just now" in alive
    assert "a drain that died had it" in dead


def test_a_drain_that_ended_with_an_error_is_waited_for(sample: None) -> None:
    connection, now = connect(), utcnow()
    choose_project()
    row = link(items()[0], LinkState.WAITING, key=None, due_at=now)
    connection.works[WorkKind.DRAIN].not_before = now + MINUTE

    step = next_step(row, now)

    assert step.at == now + MINUTE
    assert "unexpected error" in step.words


def test_a_team_without_a_project_is_said(sample: None) -> None:
    connect()
    row = link(items()[0], LinkState.WAITING, key=None, due_at=utcnow())

    assert "has no project yet" in next_step(row, utcnow()).words


@pytest.mark.usefixtures("one_by_one")
def test_what_happened_is_told_in_order_and_what_comes(
    app: Flask, acme: Acme, drain: Callable[[], None]
) -> None:
    acme.commit_items()
    acme.jira.control.fault("drop_after", "create")
    drain()
    item = acme.items[0]

    said = explained(app, str(item.id))

    before, _, after = said.partition("  Now ")
    told = re.findall(r"^  ([\d-]+ [\d:]+Z)  (.*)$", before, re.MULTILINE)
    assert [time for time, _ in told] == sorted(time for time, _ in told)
    words = [each for _, each in told]
    assert words[0].endswith("opened")
    assert any(each.startswith("stamped: a create was about to leave") for each in words)
    assert any(each.startswith("create: unknown") for each in words)
    assert re.search(r"^    state unknown, tries used: 1,", after, re.MULTILINE)
    assert re.search(r"^  Next: .* \(in \d+ s\): probe 1 of 2", after, re.MULTILINE)
    assert item.title not in said


def test_an_issue_is_found_by_its_key_with_its_tries(
    app: Flask, acme: Acme, drain: Callable[[], None]
) -> None:
    acme.commit_items()
    drain()
    [key] = {row.issue_key for row in acme.links if row.action_item_id == acme.items[0].id}
    assert key is not None

    said = explained(app, key.lower())

    assert "create: succeeded, status 201" in said
    assert "trace " in said
    assert "Next: nothing is owed" in said


@pytest.mark.both_databases
def test_it_only_reads(app: Flask, acme: Acme, asked: list[str]) -> None:
    acme.commit_items()
    requests = len(acme.jira.control.requests())
    asked.clear()

    explained(app, str(acme.items[0].id))

    assert asked
    assert [each for each in asked if each.startswith(("INSERT", "UPDATE", "DELETE"))] == []
    assert len(acme.jira.control.requests()) == requests


def test_what_was_never_linked_is_one_sentence(app: Flask, sample: None) -> None:
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["jira", "explain", "NOPE-1"])

    assert result.exit_code == 1
    assert "No action item was ever linked to 'NOPE-1'" in result.output
