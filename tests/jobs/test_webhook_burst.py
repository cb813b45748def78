"""Somebody changes 300 issues at once, and Jira tells of it a thousand times."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from rq.job import Job

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, IssueLink, LinkState, WebhookDelivery
from app.services.inbound import receive
from jobs import ticker
from tests.support.connected import Acme
from tests.support.inbound import deliver, listening, settings_of, unapplied
from tests.support.webhook_posts import payload, registered

ISSUES, DELIVERIES = 300, 1000
MOST_CALLS = 10


@pytest.fixture(autouse=True)
def checked_today(acme: Acme) -> None:
    """Else the calls of the daily check are counted, too, in the hour that is the connection's."""
    for mapping in acme.connection.mappings:
        mapping.checked_at = utcnow()
    db.session.commit()


@pytest.fixture
def links(acme: Acme) -> list[IssueLink]:
    """300 synced links of a connection with a webhook. Of three issues, two are done in Jira."""
    settings_of(acme).webhooks_enabled = True
    registered(acme.connection)
    db.session.add_all([_link(acme, n) for n in range(ISSUES)])
    db.session.commit()
    links = acme.links
    for link in links:
        if done(link):
            acme.jira.control.transition_issue(str(link.issue_key), "Done")
    acme.jira.control.clear_requests()
    return links


def _link(acme: Acme, number: int) -> IssueLink:
    issue = acme.jira.control.create_issue("PLAT", f"Item {number}")
    with db.session.no_autoflush:
        return IssueLink(
            action_item=ActionItem(retrospective=acme.retrospective, title=f"Item {number}"),
            connection=acme.connection,
            state=LinkState.SYNCED,
            cloud_id=acme.connection.cloud_id,
            site_url=acme.connection.site_url,
            issue_id=issue["id"],
            issue_key=issue["key"],
        )


def done(link: IssueLink) -> bool:
    return link.id % 3 != 0


def told_by_jira(acme: Acme, links: list[IssueLink]) -> Iterator[bytes]:
    """What Jira posts: of each issue three or four times, the issues in turn."""
    host = acme.connection.site_url.partition("://")[2]
    ids = [str(link.issue_id) for link in links]
    for number in range(DELIVERIES):
        body = payload(ids[number % ISSUES], host=host) | {"timestamp": number}
        yield json.dumps(body).encode()


def everything_is_right(acme: Acme) -> bool:
    return all(link.action_item.complete is done(link) for link in acme.links)


def test_a_burst_costs_jira_few_requests_and_leaves_every_item_right(
    app: Flask, acme: Acme, links: list[IssueLink], work: Callable[[], list[Job]]
) -> None:
    """It lasts eight seconds; worker and ticker are there all the time."""
    bodies = list(told_by_jira(acme, links))
    db.session.commit()
    db.session.expunge_all()  # or each commit has 600 rows to expire

    with time_machine.travel(utcnow().replace(second=3), tick=False) as clock:
        for number, body in enumerate(bodies):
            delivery = receive.read(body, None, retried=False)
            now = utcnow()
            [stored] = receive.store_all(receive.addressed([delivery], now), now)
            assert stored.new == 1
            db.session.commit()
            clock.shift(0.008)
            if number < 8 or number % 100 == 0:
                _turn(app, work)
        assert db.session.query(WebhookDelivery).count() == DELIVERIES
        clock.shift(10)
        _turn(app, work)

    assert acme.jira.control.counters()["total"] <= MOST_CALLS
    assert unapplied() == 0
    assert everything_is_right(acme)


def _turn(app: Flask, work: Callable[[], list[Job]]) -> None:
    db.session.commit()
    assert ticker.tick(app)
    work()


def test_what_came_while_no_worker_ran_is_right_as_soon_as_one_starts(
    app: Flask, acme: Acme, work: Callable[[], list[Job]]
) -> None:
    listening(acme)
    first, *others = acme.links
    acme.jira.control.transition_issue(str(first.issue_key), "Done")
    deliver(acme, *[first, *others] * (DELIVERIES // 5))

    _turn(app, work)

    assert acme.jira.control.counters()["total"] == 1
    assert unapplied() == 0
    assert first.action_item.complete
    assert not any(link.action_item.complete for link in others)


def test_after_an_outage_of_ours_every_linked_issue_is_looked_at(app: Flask, acme: Acme) -> None:
    acme.connection.works["reading"].due_at = utcnow() + timedelta(minutes=50)
    db.session.commit()

    assert ticker.tick(app)
    assert acme.connection.works["reading"].due_at > utcnow()
    db.session.commit()

    assert ticker.tick(app, in_outage=True)
    db.session.expire_all()
    assert acme.connection.works["reading"].due_at <= utcnow()
