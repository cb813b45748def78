"""The People page: whose Jira account is whose, found by e-mail or picked by hand."""

from datetime import timedelta

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import ConnectionState, JiraPerson, MatchState, Organization, ProjectMapping
from app.services.people import matches
from app.services.people.matches import Match
from app.services.schedule import tick
from tests.support.acme import person
from tests.support.atlassian import JIRA, connection
from tests.support.pages import text_of
from tests.support.people import Person

pytestmark = pytest.mark.usefixtures("checked")

PEOPLE = f"{JIRA}/people"
THOMAS = {"query": "sam", "account": "5e1c7d2f4a6b8c0d2e4f6a31"}


def look(admin: Person, work) -> None:
    admin.post(f"{PEOPLE}/look-ups")
    work()


def row(answer, name: str) -> str:
    """What the page says of a member."""
    (found,) = [each for each in answer.page.all("tr") if name in "".join(each.itertext())]
    return text_of(found)


def account_of(name: str) -> str:
    return f"{PEOPLE}/{person(name).memberships[0].id}/account"


def match_of(name: str) -> Match | None:
    db.session.expire_all()
    user_id = person(name).id
    return matches.known(connection().id, [user_id]).get(user_id)


def test_the_page_is_there_before_anybody_was_looked_up(admin, acme):
    acme.jira.control.set(down=True)

    answer = admin.get(PEOPLE)

    assert "Not checked now" in row(answer, "Maya Lindqvist")
    assert acme.jira.control.requests() == []


@pytest.mark.both_databases
def test_looking_finds_each_members_account(admin, work):
    look(admin, work)

    answer = admin.get(PEOPLE)
    assert "Matched" in row(answer, "Maya Lindqvist")
    assert "E-mail hidden" in row(answer, "Fatima Said")
    assert "Not found" in row(answer, "Tom Becker")
    triggers = answer.page.values("hx-trigger")
    assert [each for each in triggers if each.startswith("every")] == []
    assert (
        "3 of 5 members are matched with a Jira account. 2 need a look."
        in admin.get(JIRA).page.text
    )


def test_the_list_asks_again_only_while_members_are_looked_up(admin, work):
    answer = admin.post(f"{PEOPLE}/look-ups", {"unknown": "1"}, htmx=True)
    assert "every 2s, came-back from:body" in answer.page.values("hx-trigger")
    assert "Looking…" in answer.page.text

    work()

    answer = admin.get(f"{PEOPLE}/list", htmx=True)
    assert "every 2s" not in " ".join(answer.page.values("hx-trigger"))


def test_a_second_visit_asks_jira_nothing(admin, acme, work):
    look(admin, work)
    acme.jira.control.clear_requests()

    admin.post(f"{PEOPLE}/look-ups", {"unknown": "1"})
    work()

    assert acme.jira.control.requests() == []


def test_a_match_of_last_week_is_looked_up_again(admin, acme, work):
    look(admin, work)
    old = db.session.query(JiraPerson).filter_by(user_id=person("Maya").id).one()
    old.found_at = utcnow() - timedelta(days=8)
    acme.jira.control.clear_requests()

    assert "Not checked now" in row(admin.get(PEOPLE), "Maya Lindqvist")
    admin.post(f"{PEOPLE}/look-ups", {"unknown": "1"})
    work()

    assert "Matched" in row(admin.get(PEOPLE), "Maya Lindqvist")
    assert len(acme.jira.control.requests()) == 1


def test_what_was_found_is_deleted_after_a_week_and_what_was_picked_stays(admin, work):
    look(admin, work)
    admin.post(account_of("Tom"), THOMAS)

    tick.clean_up(utcnow() + timedelta(days=8))

    assert [each.user_id for each in db.session.query(JiraPerson)] == [person("Tom").id]


def test_while_jira_is_down_the_page_says_so_and_tries_again(admin, acme, work):
    acme.jira.control.set(down=True)
    look(admin, work)

    assert "Jira did not answer. We try again" in admin.get(PEOPLE).page.text

    acme.jira.control.set(down=False)
    look(admin, work)
    assert "Matched" in row(admin.get(PEOPLE), "Maya Lindqvist")


def test_a_project_that_is_gone_ends_the_looking_with_jiras_words(admin, acme, work):
    db.session.query(ProjectMapping).one().project_key = "GONE"
    look(admin, work)

    answer = admin.get(PEOPLE)
    assert "Members could not be looked up. Jira said:" in answer.page.text
    assert connection().works["people"].due_at is None


def test_without_a_project_the_page_says_what_to_choose(admin, acme):
    db.session.query(ProjectMapping).delete()

    assert "Save a Default Project first." in admin.get(PEOPLE).page.text


@pytest.mark.parametrize("htmx", [False, True])
def test_a_search_offers_accounts_that_can_be_assigned(admin, htmx):
    answer = admin.get(f"{account_of('Tom')}?query=maya", htmx=htmx)

    assert "Maya Lindqvist member1@acme.test" in " ".join(answer.page.text.split())
    assert bool(answer.page.all("title")) is not htmx


def test_a_search_while_jira_is_down_says_so(admin, acme):
    acme.jira.control.set(down=True)

    answer = admin.get(f"{account_of('Tom')}?query=maya")

    assert answer.status_code == 200
    assert "The search did not work. Jira did not answer." in answer.page.text


def test_a_search_that_has_to_slow_down_pauses_the_connection(admin, acme):
    acme.jira.control.fault("rate_limit", times=1, retry_after=60)

    answer = admin.get(f"{account_of('Tom')}?query=maya")

    assert "Jira asked us to slow down." in answer.page.text
    assert acme.connection.paused_until is not None


def test_nobody_uses_up_by_searching_what_jira_gives_all(admin, acme, signed_in):
    def search() -> int:
        return admin.get(f"{account_of('Tom')}?query=maya").status_code

    codes = [search() for _ in range(61)]
    asked = len(acme.jira.control.requests())

    assert (codes[:60], codes[60]) == ([200] * 60, 429)
    assert admin.post(account_of("Tom"), THOMAS).status_code == 429
    assert len(acme.jira.control.requests()) == asked
    assert admin.get(account_of("Tom")).status_code == 200
    assert signed_in("owner@acme.test").get(f"{account_of('Tom')}?query=maya").status_code == 200


def test_odd_searches_break_nothing(admin):
    for query in ("%", "' or 1=1", "\0", "ü" * 300, "<b>"):
        answer = admin.get(account_of("Tom"), query_string={"query": query})
        assert answer.status_code == 200, query


@pytest.mark.both_databases
def test_a_picked_account_is_used_and_survives_looking_again(admin, work):
    look(admin, work)
    admin.post(account_of("Tom"), THOMAS)
    look(admin, work)

    assert match_of("Tom").account_id == THOMAS["account"]
    said = row(admin.get(PEOPLE), "Tom Becker")
    assert "Sam Rivera" in said
    assert "By Adam Novak" in said
    assert "Picked by hand" in said


def test_a_picked_account_gets_the_issue(admin, acme, drain):
    admin.post(account_of("Tom"), THOMAS)
    acme.commit_items()
    drain()

    assert THOMAS["account"] in [issue["fields"]["assignee"] for issue in acme.issues()]


def test_an_account_that_the_search_does_not_show_is_refused(admin):
    answer = admin.post(account_of("Tom"), {"query": "maya", "account": "somebody"})

    assert answer.status_code == 422
    assert "Choose one of the accounts." in answer.page.text
    assert match_of("Tom") is None


def test_a_cleared_account_is_looked_up_again(admin, work):
    admin.post(account_of("Tom"), THOMAS)
    admin.post(f"{account_of('Tom')}/removal")
    work()

    assert match_of("Tom").state is MatchState.NONE


def test_a_hidden_email_can_be_confirmed(admin, work):
    look(admin, work)
    before = match_of("Fatima").account_id
    admin.post(f"{account_of('Fatima')}/confirmation")

    assert "Picked by hand" in row(admin.get(PEOPLE), "Fatima Said")
    assert match_of("Fatima").account_id == before


def test_nothing_can_be_confirmed_where_nothing_was_found(admin, work):
    look(admin, work)
    admin.post(f"{account_of('Tom')}/confirmation")

    assert "There is no account to confirm any more." in admin.get(PEOPLE).page.text
    assert match_of("Tom").state is MatchState.NONE


def test_what_is_found_late_does_not_replace_what_was_picked(admin):
    admin.post(account_of("Tom"), THOMAS)

    matches.store(connection().id, person("Tom").id, Match(MatchState.NONE, None))

    assert match_of("Tom").account_id == THOMAS["account"]


def test_one_member_can_be_looked_up_again(admin, acme, work):
    look(admin, work)
    acme.jira.control.clear_requests()

    admin.post(account_of("Tom").replace("/account", "/look-ups"), htmx=True)
    work()

    asked = [each["operation"] for each in acme.jira.control.requests()]
    assert asked == ["assignable_search", "user_search", "mypermissions"]
    assert "Not found" in row(admin.get(PEOPLE), "Tom Becker")


def test_the_pills_show_one_group(admin, work):
    look(admin, work)

    text = admin.get(f"{PEOPLE}?shown=need-a-look").page.text

    assert "Tom Becker" in text
    assert "Maya Lindqvist" not in text


def test_a_reconnect_has_the_members_looked_up(acme, work):
    acme.reconnect()

    work()

    assert match_of("Fatima") is not None
    assert match_of("Maya") is not None


def test_while_a_reconnect_is_needed_nobody_is_looked_up(admin, acme):
    acme.connection.state = ConnectionState.NEEDS_RECONNECT

    text = admin.get(PEOPLE).page.text
    assert "Look again" not in text
    assert "Pick…" not in text


def test_a_member_of_another_organization_is_not_found(admin):
    tiny = db.session.query(Organization).filter_by(slug="tiny").one()

    assert admin.get(f"{PEOPLE}/{tiny.memberships[0].id}/account").status_code == 404


def test_an_admin_is_led_from_the_item_to_people(admin, acme, drain):
    acme.commit_items()
    drain()

    page = admin.get(f"/retrospectives/{acme.retrospective.id}").page.text
    assert "Match Tom in People" in page
