"""The job of *Send test*: sent once, on an issue, or the reason why it was not."""

from collections.abc import Callable

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import WebhookTest
from app.queue import SEND_WEBHOOK_TEST
from app.services.outbound import links
from app.services.schedule import tick
from app.services.webhooks import webhook_tests
from jobs import send_webhook_test
from tests.support.connected import Acme
from tests.support.webhooks import switch


@pytest.fixture
def asked(acme: Acme, drain, keep) -> Acme:
    """Five issues in Jira, a webhook, and a test that somebody has asked for."""
    links.commit_action_items(acme.retrospective)
    drain()
    switch(acme, True)
    keep()
    webhook_tests.request(acme.connection)
    db.session.commit()
    acme.jira.control.clear_requests()
    return acme


@pytest.fixture
def send(asked: Acme) -> Callable[[], WebhookTest]:
    def run() -> WebhookTest:
        connection_id = asked.connection.id
        db.session.commit()
        send_webhook_test.run(connection_id)
        db.session.expire_all()
        return db.session.query(WebhookTest).one()

    return run


def writes(acme: Acme) -> list[dict]:
    return [each for each in acme.jira.control.requests() if each["method"] == "PUT"]


def test_the_newest_issue_is_marked_once_even_if_the_bell_was_lost(asked, send):
    bell = (SEND_WEBHOOK_TEST, asked.connection.id)
    assert bell in tick.bells(utcnow())

    send()
    test = send()

    [write] = writes(asked)
    newest = asked.links[-1]
    assert f"/issue/{newest.issue_id}/properties/unpack.webhook-test" in write["path"]
    assert test.issue_link_id == newest.id
    assert test.written_at is not None
    assert test.error is None
    assert bell not in tick.bells(utcnow())


def test_a_token_that_was_turned_down_is_refreshed(asked, send):
    asked.jira.control.expire_access_tokens()

    assert send().error is None
    assert len(writes(asked)) == 2


def test_a_jira_that_is_down_is_the_reason(asked, send):
    asked.jira.control.set(down=True)

    assert send().error == f"{asked.links[-1].issue_key} could not be marked. Jira did not answer."


def test_an_issue_that_is_gone_is_the_reason(asked, send):
    key = asked.links[-1].issue_key
    asked.jira.control.delete_issue(key)

    assert send().error == f"Jira does not show {key} to the connected account any more."


def test_an_access_that_has_ended_is_the_reason(asked, send):
    asked.jira.control.revoke()
    asked.jira.control.expire_access_tokens()

    assert "Unpack’s access to Jira has ended." in str(send().error)


def test_an_issue_of_a_site_that_is_connected_no_more_is_left_alone(asked, send):
    asked.connection.cloud_id = "another-site"

    assert "Another site was connected meanwhile." in str(send().error)
    assert writes(asked) == []


def test_a_report_that_came_all_the_same_counts_more_than_a_lost_answer(asked, send):
    send()
    test, link = db.session.query(WebhookTest).one(), asked.links[-1]
    name = webhook_tests.name_of(test)
    claimed = webhook_tests.ClaimedTest(
        test.id, name, link.connection_id, str(link.cloud_id), str(link.issue_id), "PLAT-1"
    )
    webhook_tests.delivered(asked.connection.id, name, utcnow())
    webhook_tests.record_failure(claimed, "Jira did not answer.")
    db.session.commit()
    db.session.expire_all()

    assert db.session.query(WebhookTest).one().error is None
