"""Follow-through: the page says what a hand count says, and only to whom it concerns."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest

from app.extensions import db
from app.models import AuditEvent, CompletedIn, JiraSettings
from app.services.follow_through import counting
from app.services.organizations import team_archive
from tests.support import factories
from tests.support.acme import acme, connect_and_choose, items, person, team
from tests.support.follow_through import DAY, count, retrospective, written
from tests.support.pages import text_of
from tests.web.follow_through.pages import PAGE, cells, figures, named

LIST = "/organizations/acme/action-items"

pytestmark = pytest.mark.usefixtures("at_noon")


@pytest.fixture
def six(sample) -> None:
    """Of Platform 4 of 6 done within 30 days, of Mobile nothing; the sample's five are of today."""
    platform = retrospective()
    for days in (3, 7, 9, 30):
        written(platform, 60, days)
    written(platform, 61, 31)
    late = written(platform, 62, due_on=(datetime.now(UTC) - 12 * DAY).date())
    again = written(retrospective("Mobile"), 50)
    again.touched_in_jira_at = datetime.now(UTC) - 2 * DAY
    assert late.completed_at is None
    for item in items()[:5]:
        item.due_on = None
    count()


def test_the_page_says_what_a_hand_count_says(signed_in, six):
    found = figures(signed_in("admin@acme.test").get(PAGE).page)

    assert found["Done within 30 days"].startswith("57 % 4 of 7")
    assert found["Median to done"].startswith("9 days")
    assert found["Open"].split()[0] == "7"  # five of the sample, one late, one of Mobile
    assert found["Overdue"] == "1 the oldest by 12 days"
    assert found["Untouched"].split()[0] == "1"


def test_each_team_has_a_line_that_leads_to_its_own_page(signed_in, six):
    page = signed_in("admin@acme.test").get(PAGE).page

    teams = cells(page, "by team")
    assert teams["Platform"][:2] == ["67 % 4 of 6", "9 days"]
    assert teams["Mobile"][:2] == ["Too few to say", "Too few to say"]
    own = signed_in("admin@acme.test").get(f"{PAGE}?team={team().id}").page
    assert figures(own)["Done within 30 days"].startswith("67 % 4 of 6")
    assert "By team" not in own.texts("h2")


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("Open", ""),
        ("Overdue", "?due=overdue"),
        ("Untouched", "?touched=no"),
    ],
)
def test_a_number_leads_to_the_list_that_has_as_many(signed_in, six, name, query):
    admin = signed_in("admin@acme.test")
    value = named(admin.get(PAGE).page)[name]
    [(number, address)] = [(text_of(a), str(a.get("href"))) for a in value.iter("a")]
    assert address.endswith(query or "action-items")

    found = admin.get(address).page

    assert len([a for a in found.all("a") if a.get("class") == "item-title"]) == int(number)


def test_the_table_of_months_adds_up_to_what_was_written(signed_in, six):
    page = signed_in("admin@acme.test").get(f"{PAGE}?months=12").page

    rows = cells(page, "by the month")
    assert len(rows) == 12
    assert sum(int(row[0]) for row in rows.values()) == 12
    for row in rows.values():
        assert int(row[0]) == sum(int(cell.split()[0].rstrip(",")) for cell in row[1:5])


def test_dropped_is_not_done_and_deleted_is_not_there(signed_in, six):
    platform = retrospective()
    dropped, deleted = written(platform, 60), written(platform, 60, 2)
    dropped.completed_at = dropped.dropped_at = datetime.now(UTC)
    deleted.deleted_at = datetime.now(UTC)
    count()

    found = figures(signed_in("admin@acme.test").get(PAGE).page)

    assert found["Done within 30 days"].startswith("50 % 4 of 8")


@pytest.mark.parametrize(
    ("many", "done_after", "said"), [(5, 3, True), (4, 3, False), (5, None, True)]
)
def test_what_was_is_explained_where_it_stands(signed_in, six, many, done_after, said):
    for _ in range(many):
        written(retrospective(), 300, done_after)
    count()

    page = signed_in("admin@acme.test").get(PAGE).page

    shown = [name for name, words in figures(page).items() if re.search(r"was \d", words)]
    assert bool(shown) is said
    assert ("“was” is the 6 months before" in page.text) is said


def test_of_fewer_than_five_nothing_is_said(signed_in, sample):
    written(retrospective(), 40, 3)
    count()

    found = figures(signed_in("admin@acme.test").get(PAGE).page)

    assert found["Done within 30 days"].startswith("Too few to say")
    assert found["Median to done"] == "Too few to say"


def test_members_see_the_teams_that_they_are_in(signed_in, six):
    maya = signed_in("member1@acme.test")

    assert list(cells(maya.get(PAGE).page, "by team")) == ["Platform"]
    assert figures(maya.get(PAGE).page)["Done within 30 days"].startswith("67 % 4 of 6")
    assert maya.get(f"{PAGE}?team={team('Mobile').id}").status_code == 404


@pytest.mark.parametrize("team_id", ["x", "0", "99999999999999999999", "-1"])
def test_a_team_that_is_none_is_not_found(signed_in, six, team_id):
    assert signed_in("admin@acme.test").get(f"{PAGE}?team={team_id}").status_code == 404


@pytest.mark.parametrize("months", ["", "7", "x", "600"])
def test_of_any_other_number_of_months_six_are_shown(signed_in, six, months):
    page = signed_in("admin@acme.test").get(f"{PAGE}?months={months}").page

    assert len(cells(page, "by the month")) == 6


def test_an_archived_team_keeps_its_past_alone(signed_in, six):
    factories.team(acme(), "Silent").archived_at = datetime.now(UTC)
    team_archive.archive(team("Mobile"), person("Adam"))

    teams = cells(signed_in("admin@acme.test").get(PAGE).page, "by team")

    assert sorted(teams) == ["Mobile Archived", "Platform"]


def test_before_anything_is_thirty_days_old_the_page_says_when_it_will_be(signed_in, sample):
    count()

    page = signed_in("admin@acme.test").get(PAGE).page

    # Of the day on which the sample was written, which all tests of a run have in common.
    on = items()[0].created_at.astimezone(counting.zone_of(acme())) + 30 * DAY
    year = "" if on.year == datetime.now(UTC).year else f" {on.year}"
    assert f"on {on.day} {on:%B}{year} for Sprint 14 Retro" in " ".join(page.text.split())
    assert "See the 5 open action items" in page.text


def test_changes_that_are_not_counted_yet_are_said(signed_in, six):
    written(retrospective(), 40)

    page = signed_in("admin@acme.test").get(PAGE).page

    assert "still being counted" in page.text


@pytest.mark.parametrize(("webhooks", "said"), [(False, True), (True, False)])
def test_without_webhooks_it_says_beside_the_number_what_it_knows(signed_in, six, webhooks, said):
    connect_and_choose()
    db.session.add(JiraSettings(organization=acme(), version=1, webhooks_enabled=webhooks))

    found = figures(signed_in("admin@acme.test").get(PAGE).page)

    assert ("completed in Unpack only" in found["Done within 30 days"]) is said
    assert ("In Jira" in found) is said


def table(answer) -> list[dict[str, str]]:
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_table_for_spreadsheets_has_a_line_for_each_team_and_month(signed_in, six):
    team().name = "=cmd|' /C calc'!A0"

    lines = table(signed_in("admin@acme.test").get(f"{PAGE}/figures.csv?months=6"))

    assert len(lines) == 12
    own = [line for line in lines if line["Team"] == "'=cmd|' /C calc'!A0"]
    assert len(own) == 6
    assert sum(int(line["Of these done within 30 days"]) for line in own) == 4
    assert sum(int(line["Open"]) for line in lines) == 7
    [event] = db.session.query(AuditEvent).filter_by(action="follow-through-exported")
    assert event.user.name == "Adam Novak"


def test_the_table_asks_as_often_for_many_teams(signed_in, six, asked):
    admin = signed_in("admin@acme.test")

    def statements() -> int:
        asked.clear()
        admin.get(f"{PAGE}/figures.csv").get_data()
        return len(asked)

    statements()  # what the first request remembers is not asked again
    few = statements()
    for number in range(5):
        factories.team(acme(), f"Team {number}")
    db.session.commit()

    assert statements() == few


def test_the_table_is_not_made_again_and_again_and_the_history_not_filled(signed_in, sample):
    member = signed_in("member1@acme.test")
    answers = [member.get(f"{PAGE}/figures.csv") for _ in range(11)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert "Wait some minutes, then try again." in answers[10].page.text
    assert db.session.query(AuditEvent).filter_by(action="follow-through-exported").count() == 10
    assert signed_in("admin@acme.test").get(f"{PAGE}/figures.csv").status_code == 200


def test_done_again_counts_by_its_first_completion(signed_in, six):
    item = written(retrospective(), 70, 4)
    item.completed_at = None
    item.note_completion(item.created_at + 60 * DAY, CompletedIn.UNPACK)
    count()

    found = figures(signed_in("admin@acme.test").get(PAGE).page)

    assert found["Done within 30 days"].startswith("63 % 5 of 8")
