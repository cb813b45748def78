"""When its page is opened, Jira is asked what became of what a team committed before."""

from datetime import timedelta

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import LinkState, WorkKind
from app.services.inbound import looking_back
from app.services.outbound import links
from tests.support.carried import next_one
from tests.support.settings import NO_DELAYS
from tests.web.last_time.section import FATIMA, MAYA, address, head, rows, show

pytestmark = pytest.mark.environment(**NO_DELAYS)


@pytest.fixture
def later(in_jira_a_week_ago):
    return next_one()


@pytest.fixture
def fatima(signed_in):
    return signed_in(FATIMA)


def asked(acme) -> list[str]:
    return [each["operation"] for each in acme.jira.control.requests()]


def read(somebody, retrospective, **how):
    show(somebody, retrospective)
    return somebody.post(address(retrospective, rest="/reading"), **how)


def test_opening_it_asks_for_all_of_them_at_once(acme, fatima, later):
    item = acme.items[0]
    acme.jira.control.transition_issue(links.active_link(item).issue_key, "In Progress")
    page = show(fatima, later)
    assert page.by_id("last-time-reading").get("hx-trigger") == "submit, load"

    answer = read(fatima, later, htmx=True)

    assert asked(acme) == ["bulkfetch"]
    assert "In Jira: In Progress as of" in rows(answer.page)[item.title]
    assert "Jira as of" in head(answer.page)
    assert "last-time-reading" not in answer.get_data(as_text=True)


def test_without_script_a_button_asks(acme, fatima, later):
    answer = read(fatima, later, follow_redirects=True)

    assert asked(acme) == ["bulkfetch"]
    assert "In Jira: To Do as of" in list(rows(answer.page).values())[0]


def test_within_five_minutes_nobody_asks_again(acme, fatima, signed_in, later):
    read(fatima, later)
    page = show(signed_in(MAYA), later)
    assert "last-time-reading" not in page.html
    read(signed_in(MAYA), later)
    assert asked(acme) == ["bulkfetch"]

    later.looked_back_at -= timedelta(minutes=5)
    db.session.commit()
    read(fatima, later)
    assert asked(acme) == ["bulkfetch"] * 2


def test_what_was_deleted_in_jira_says_so_and_is_created_by_nothing(acme, fatima, later):
    item = acme.items[0]
    acme.jira.control.delete_issue(links.active_link(item).issue_key)

    answer = read(fatima, later, htmx=True)

    assert asked(acme) == ["bulkfetch", "mypermissions"]
    assert "Deleted in Jira" in rows(answer.page)[item.title]
    assert len(acme.issues()) == 4


def test_what_the_account_may_not_see_is_not_called_deleted(acme, fatima, later):
    acme.jira.control.deny("BROWSE_PROJECTS", project="PLAT")

    answer = read(fatima, later, htmx=True)

    assert "Deleted in Jira" not in answer.page.text
    assert "Cannot be seen" in answer.page.text


def test_what_is_seen_again_is_synced_again(acme, fatima, later):
    row = links.active_link(acme.items[0])
    row.state = LinkState.UNSEEN
    db.session.commit()

    read(fatima, later)

    db.session.refresh(row)
    assert row.state is not LinkState.UNSEEN


def test_it_completes_nothing_by_itself(acme, fatima, later):
    item = acme.items[0]
    acme.jira.control.transition_issue(links.active_link(item).issue_key, "Done")

    answer = read(fatima, later, htmx=True)

    assert "Done in Jira" in rows(answer.page)[item.title]
    db.session.expire_all()
    assert not item.complete


def test_jira_down_shows_the_last_truth_and_asks_once_in_five_minutes(acme, fatima, later):
    read(fatima, later)
    later.looked_back_at = None
    seen = utcnow() - timedelta(days=1)
    db.session.execute(db.text("UPDATE issue_link SET status_seen_at = :at"), {"at": seen})
    db.session.commit()
    acme.jira.control.fault("unavailable", "bulkfetch")

    read(fatima, later, htmx=True)
    page = show(fatima, later)

    assert "Jira as of" in head(page)  # it may still answer
    assert "last-time-reading" not in page.html
    later.looked_back_at -= timedelta(seconds=30)
    db.session.commit()
    assert "Jira did not answer; what it said is as of" in head(show(fatima, later))
    assert "In Jira: To Do as of" in list(rows(show(fatima, later)).values())[0]


def test_what_is_closed_here_does_not_say_that_jira_did_not_answer(acme, fatima, later):
    item = acme.items[0]
    read(fatima, later)
    fatima.post(address(later, item, "/completion"))
    links.active_link(item).status_seen_at = utcnow() - timedelta(days=1)
    later.looked_back_at -= timedelta(seconds=30)
    for other in acme.items[1:]:
        links.active_link(other).status_seen_at = later.looked_back_at
    db.session.commit()

    said = head(show(fatima, later))

    assert "Jira as of" in said
    assert "did not answer" not in said


def test_where_all_is_closed_here_nobody_asks(acme, fatima, later):
    for item in acme.items:
        fatima.post(address(later, item, "/completion"))

    page = show(fatima, later)
    read(fatima, later)

    assert "5 done since" in head(page)
    assert "Asking Jira" not in head(page)
    assert asked(acme) == []


def test_where_jira_asks_to_slow_down_everything_waits(acme, fatima, later):
    acme.jira.control.fault("rate_limit", "bulkfetch", times=1, retry_after=60)

    read(fatima, later)

    db.session.expire_all()
    assert acme.connection.paused_until is not None


def test_while_jira_may_not_be_asked_nobody_asks(acme, fatima, later):
    acme.connection.paused_until = utcnow() + timedelta(minutes=3)

    page = show(fatima, later)
    read(fatima, later)

    assert "last-time-reading" not in page.html
    assert asked(acme) == []


def test_what_webhooks_should_have_told_has_the_issues_looked_at(acme, fatima, later):
    row = links.active_link(acme.items[0])
    row.status_category = "new"
    acme.connection.works[WorkKind.READING].due_at = utcnow() + timedelta(hours=1)
    acme.jira.control.transition_issue(row.issue_key, "Done")
    db.session.commit()

    read(fatima, later)

    db.session.expire_all()
    assert acme.connection.works[WorkKind.READING].due_at <= utcnow()


def test_what_was_dropped_is_not_asked_about(acme, fatima, later):
    for item in acme.items:
        fatima.post(address(later, item, "/drop"))

    read(fatima, later)

    assert asked(acme) == []


def test_what_somebody_reconnected_meanwhile_keeps_nothing(acme, fatima, later):
    rows_of = [links.active_link(item) for item in acme.items]
    look = looking_back.begin(later, rows_of, utcnow())
    db.session.commit()
    looked = looking_back.ask(look)
    acme.connection.generation += 1
    db.session.commit()

    looking_back.keep(look, looked, utcnow())
    db.session.commit()

    assert [row.status_seen_at for row in rows_of] == [None] * 5
