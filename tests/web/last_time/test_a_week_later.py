"""Two retrospectives a week apart, in the browser, and what the figures say a month later: by
mouse, by keyboard alone, without scripts."""

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from app import clock
from app.clock import utcnow
from app.extensions import db
from app.models import JiraSettings, Phase, WorkKind
from app.services.follow_through.periods import months_before
from app.services.outbound import links
from demo.jira_cloud.machine import Machine
from tests.support import factories
from tests.support.acme import person
from tests.support.carried import next_one, untouched_here
from tests.support.follow_through import count
from tests.support.jira import jira_cloud
from tests.support.main_path import sign_in
from tests.support.settings import NO_DELAYS
from tests.web.last_time.days import DAY, Days, JirasDays
from tests.web.last_time.hand import Hand
from tests.web.last_time.section import FATIMA

if TYPE_CHECKING:
    from demo.jira_cloud.server import RunningJiraCloud

pytestmark = [pytest.mark.environment(**NO_DELAYS), pytest.mark.browser]
NEW = "Show the error budget"


@pytest.fixture
def days() -> Iterator[Days]:
    found = Days()
    with clock.use(found):
        yield found


@pytest.fixture
def jira() -> "Iterator[RunningJiraCloud]":
    with jira_cloud(Machine(clock=JirasDays())) as running:
        yield running


@pytest.fixture
def look(acme, drain):
    """Have the issues read, as reconciliation does in its time."""

    def read() -> None:
        acme.connection.works[WorkKind.READING].due_at = utcnow()
        drain()

    return read


@pytest.fixture
def five(days, acme, drain, look) -> list[str]:
    """The titles of Sprint 14, which was committed a week ago. On the third day one was done in
    Jira, one begun there and one deleted there; of the two that nobody touched, one was due on
    the second day."""
    acme.retrospective.phase = Phase.COMMIT
    acme.retrospective.committed_at = utcnow()
    for number, item in enumerate(acme.items):
        item.due_on = (utcnow() + 2 * DAY).date() if number == 3 else None
        untouched_here(item)
    acme.commit_items()
    drain()
    key = [links.active_link(item).issue_key for item in acme.items]
    db.session.add(JiraSettings(organization=acme.organization, webhooks_enabled=True))
    days.come_to(3)
    acme.jira.control.transition_issue(key[0], "Done")
    acme.jira.control.transition_issue(key[1], "In Progress")
    acme.jira.control.delete_issue(key[4])
    look()
    days.come_to(7)
    return [item.title for item in acme.items]


@pytest.fixture
def later(five) -> str:
    """Sprint 15 has an action item of its own."""
    retrospective = next_one(Phase.DISCUSS)
    factories.action_item(retrospective, NEW, assignee=person("Fatima"))
    address = f"/retrospectives/{retrospective.id}"
    db.session.commit()
    return address


@pytest.mark.parametrize("how", ["mouse", "keyboard", "without script"])
def test_a_team_goes_through_what_it_decided_and_the_figures_tell_of_it(
    acme, five, later, days, drain, look, new_page, address, how
):
    acme.jira.control.clear_requests()
    hand = Hand(new_page(java_script_enabled=how != "without script"), keys=how == "keyboard")
    sign_in(hand.page, address, FATIMA)
    hand.page.goto(f"{address}{later}")
    if how == "without script":
        hand.press("Ask Jira what became of them")

    the_second_opens_with_what_became_of_the_first(hand, five)
    they_go_through_it(hand, five)
    they_commit(hand)
    nothing_can_be_said_yet(hand, days)
    hand.page.goto("about:blank")  # it would ask on while nobody looks
    drain()
    only_what_is_new_was_created(acme, five)
    on_day_25_somebody_begins_the_new_one(acme, days, look)
    days.come_to(31)
    count()
    db.session.commit()
    sign_in(hand.page, address, FATIMA)  # whose session ended after two weeks
    the_figures_are_those_of_a_hand_count(hand, days)
    so_is_the_table(hand, days)


def the_second_opens_with_what_became_of_the_first(hand: Hand, five: list[str]) -> None:
    done, doing, untouched, overdue, gone = map(hand.row, five)
    hand.section.get_by_text("Jira as of").wait_for()
    assert hand.section.get_by_role("listitem").count() == 5
    done.get_by_text("Completed in Jira by").wait_for()
    doing.get_by_text("In Progress").wait_for()
    untouched.get_by_text("Untouched for 7 days").wait_for()
    overdue.get_by_text("Was due").wait_for()
    gone.get_by_text("Deleted in Jira").wait_for()


def they_go_through_it(hand: Hand, five: list[str]) -> None:
    _, doing, untouched, overdue, gone = five
    for title in (untouched, overdue):
        hand.press(f"Carry over {title}")
        hand.page.locator("#panel").get_by_text(title).wait_for()
    hand.tick(doing)
    hand.row(doing).get_by_text("Completed here by Fatima").wait_for()
    hand.follow(f"Drop… {gone}")
    hand.page.get_by_role("heading", name="Drop this action item?").wait_for()
    hand.fill("Why (optional)", "The template does it")
    hand.press("Drop action item")
    hand.row(gone).get_by_text("Why: “The template does it”").wait_for()
    hand.section.get_by_text("2 carried over, 1 dropped, 2 done since").wait_for()


def they_commit(hand: Hand) -> None:
    page = hand.page
    hand.follow("Continue to Commit")
    page.get_by_text("1 action item becomes 1 Task in PLAT · Platform Engineering").wait_for()
    page.get_by_text("2 have their issues already").wait_for()
    hand.press("Commit 3 action items: 1 new, 2 carried over")
    page.locator("#panel").wait_for()
    assert page.locator("#last-time li").count() == 0
    assert page.locator("#panel .item").count() == 3


def only_what_is_new_was_created(acme, five: list[str]) -> None:
    assert sorted(each["fields"]["summary"] for each in acme.issues()) == sorted([*five[:4], NEW])
    creates = [each for each in acme.jira.control.requests() if "create" in each["operation"]]
    assert len(creates) == 1


def on_day_25_somebody_begins_the_new_one(acme, days: Days, look) -> None:
    days.come_to(25)
    [new] = [each for each in acme.links if each.action_item.title == NEW]
    acme.jira.control.transition_issue(new.issue_key, "In Progress")
    look()


def follow_through(hand: Hand) -> None:
    hand.follow("Action items")
    hand.page.get_by_role("heading", name="Action items", level=1).wait_for()
    hand.follow("Follow-through")


def nothing_can_be_said_yet(hand: Hand, days: Days) -> None:
    """On the seventh day nothing is 30 days old."""
    follow_through(hand)
    hand.page.get_by_role("heading", name="Nothing to count yet").wait_for()
    on = days.first + 30 * DAY
    hand.page.get_by_text(f"on {on.day} {on:%B}").wait_for()
    hand.page.get_by_text("for Sprint 14 Retro").wait_for()
    hand.page.get_by_text("See the 3 open action items").wait_for()


def the_figures_are_those_of_a_hand_count(hand: Hand, days: Days) -> None:
    """The five are 31 days old, the new one 24."""
    follow_through(hand)
    hand.page.get_by_role("heading", name="By month").wait_for()
    since = f"{months_before(days.first, 4):%B}"  # of six months the last is the one after
    figures = [
        " ".join(each.split()) for each in hand.page.locator(".figures > div").all_inner_texts()
    ]
    # Day 3 in Jira, day 7 here; of the five.
    assert figures[0] == "Done within 30 days 40 % 2 of 5 that are 30 days old"
    assert figures[1] == "Median to done Too few to say"  # of two
    assert figures[2].startswith(f"Open 3 3 of 6 since {since}")  # the carried ones and the new one
    assert figures[3] == "Overdue 1 the oldest by 29 days"  # due on day 2
    assert (
        figures[4] == "Untouched 2 for 14 days or more"
    )  # the carried ones; carrying is no change
    hand.unfold("Show the numbers")
    [row] = [each for each in rows(hand, "by the month") if each[0].startswith(f"{days.first:%B}")]
    # All six, the carried ones once; the dropped one is neither done nor open.
    assert row[1:] == ["6", "2 so far", "0", "1", "3", "Too few to say"]
    open_ones = ["3 open of Platform", "1 overdue of Platform", "2 untouched of Platform"]
    assert rows(hand, "by team") == [["Platform", "40 % 2 of 5", "Too few to say", *open_ones]]


def rows(hand: Hand, caption: str) -> list[list[str]]:
    table = hand.page.locator("table", has=hand.page.locator("caption", has_text=caption))
    found = [each.locator("td").all_inner_texts() for each in table.locator("tbody tr").all()]
    return [[" ".join(cell.split()) for cell in cells] for cells in found]


def so_is_the_table(hand: Hand, days: Days) -> None:
    """A line for each team and month."""
    text = hand.take_along("Download CSV")
    lines = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(lines) == 6
    [line] = [each for each in lines if each["Written"] != "0"]
    assert list(line.items()) == [
        ("Team", "Platform"),
        ("Month", f"{days.first:%Y-%m}"),
        ("Written", "6"),
        ("30 days old", "5"),  # all but the new one
        ("Of these done within 30 days", "2"),
        ("Done within 30 days in %", "40"),
        ("Median days to done", ""),  # of two there is too little to say
        ("Done within 30 days", "2"),
        ("Done later", "0"),
        ("Dropped", "1"),
        ("Open", "3"),
        ("Overdue", "1"),
        ("Untouched", "2"),
    ]
