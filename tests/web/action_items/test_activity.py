"""The page of an action item tells what happened to it, here and in Jira, in order."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    CompletedIn,
    EntryState,
    ItemChange,
    ItemChangeKind,
    LinkState,
    Operation,
    Phase,
    SyncEntry,
)
from app.services import item_changes
from app.services.activity import timeline
from app.services.schedule import tick
from tests.support.acme import acme, connect, items, link, person, sprint_14
from tests.support.people import Person

SignedIn = Callable[..., Person]
FACILITATOR = "facilitator@acme.test"
NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)


def entry(row, operation: Operation, at: datetime, **values) -> SyncEntry:
    values.setdefault("state", EntryState.SYNCED)
    values.setdefault("fields", [])
    return SyncEntry(
        organization_id=acme().id,
        team_id=row.action_item.retrospective.team_id,
        link=row,
        action_item=row.action_item,
        operation=operation,
        issue_key=row.issue_key,
        started_at=at,
        updated_at=at,
        **values,
    )


def lines(reader: Person, item: ActionItem, which: str = "") -> list[str]:
    page = reader.get(f"/action-items/{item.id}?activity={which}").page
    told = list(page.by_id("activity").iter("ol"))
    found = [" ".join("".join(line.itertext()).split()) for each in told for line in each]
    return [re.sub(r", opens in Jira (?=[:,])|, opens in Jira", "", line) for line in found]


@pytest.fixture
def fatima(signed_in: SignedIn) -> Person:
    sprint_14().committed_at = None
    for item in items():
        item.created_at = NOON - timedelta(days=1)
    db.session.commit()
    return signed_in(FACILITATOR)


def save(fatima: Person, item: ActionItem, **fields: str) -> None:
    form = {
        "title": item.title,
        "description": item.description,
        "assignee": str(item.assignee_id or ""),
        "due": item.due_on.isoformat() if item.due_on else "",
    }
    assert fatima.post(f"/action-items/{item.id}", form | fields).status_code in {200, 303}
    db.session.expire_all()


def test_an_edit_tells_who_changed_what_from_what(fatima: Person) -> None:
    item, maya = items()[0], person("Maya")
    item.assignee, item.due_on, item.title = None, date(2026, 11, 20), "Old"
    db.session.commit()
    save(fatima, item, title="New", assignee=str(maya.id), due="2026-11-27", description="x")

    found = "\n".join(lines(fatima, item))

    who = person("Fatima").name
    assert f"{who} changed the title Old to New" in found
    assert f"{who} assigned it to {maya.name}" in found
    assert f"{who} changed the due date 20 Nov to 27 Nov" in found
    assert f"{who} changed the description" in found


def test_a_text_is_not_kept_twice(fatima: Person) -> None:
    save(fatima, items()[0], description="A secret plan")

    [change] = db.session.query(ItemChange)
    assert (change.kind, change.before, change.after) == (ItemChangeKind.DESCRIPTION, None, None)


def test_saving_what_stands_there_says_nothing(fatima: Person) -> None:
    save(fatima, items()[0])

    assert db.session.query(ItemChange).count() == 0


def test_completing_and_opening_again_are_told(fatima: Person) -> None:
    item = items()[0]
    fatima.post(f"/action-items/{item.id}/completion", {})
    fatima.post(f"/action-items/{item.id}/completion/removal", {})

    first, second, *_ = lines(fatima, item)
    assert "opened it again" in first
    assert "completed it" in second


def test_what_was_completed_before_it_was_recorded_is_told(fatima: Person) -> None:
    item = items()[0]
    item.completed_at, item.completed_in = NOON, CompletedIn.UNPACK
    item.completed_by = person("Maya")
    db.session.commit()

    assert lines(fatima, item)[0].startswith("Maya Lindqvist completed it")


def test_what_went_to_jira_and_came_back_stands_among_it(fatima: Person) -> None:
    item = items()[0]
    sprint_14(Phase.COMMIT).committed_at = NOON
    connect()
    row = link(item)
    minute = timedelta(minutes=1)
    db.session.add_all(
        [
            entry(row, Operation.CREATE, NOON + minute, tries=2),
            entry(row, Operation.UPDATE, NOON + 2 * minute, fields=["duedate"], tries=1),
            entry(row, Operation.TAKE_OVER, NOON + 3 * minute, fields=["summary"]),
            entry(row, Operation.COMPLETE, NOON + 4 * minute),
            entry(row, Operation.UPDATE, NOON + 5 * minute, state=EntryState.RETRYING),
        ]
    )
    db.session.commit()

    found = lines(fatima, item)

    assert [line.rsplit(" ", 1)[0] for line in found] == [
        "Completed in Jira by PLAT-142",
        "Taken over from PLAT-142: title",
        "Sent to PLAT-142: due date",
        "Created in Jira as PLAT-142, after 1 retry.",
        "Committed with Sprint 14 Retro",
        f"{item.created_by.name if item.created_by else 'Somebody'} wrote it in Sprint 14 Retro",
    ]


def test_a_failure_says_what_jira_said_and_leads_admins_to_the_tries(
    fatima: Person, signed_in: SignedIn
) -> None:
    item = items()[0]
    connect()
    row = link(item, LinkState.ERROR, key=None)
    no = "No <b>."
    failed = {"state": EntryState.ERROR, "failure_message": no, "tries": 4}
    db.session.add(entry(row, Operation.CREATE, NOON, **failed))
    db.session.commit()

    [said, _] = lines(fatima, item)
    assert f"Could not be created in Jira, after 4 tries. Jira said: “{no}”" in said
    assert "See the tries" not in said

    admin = signed_in("admin@acme.test")
    assert "See the tries" in lines(admin, item)[0]


def test_an_issue_that_it_had_before_is_told(fatima: Person) -> None:
    item = items()[0]
    connect()
    link(item, active=False, closed_at=NOON)
    link(item, key="PLAT-200")
    db.session.commit()

    assert lines(fatima, item)[0].startswith("No longer linked to PLAT-142")


@pytest.mark.parametrize(("which", "words"), [("here", "wrote it in"), ("jira", "Created in Jira")])
def test_somebody_may_ask_for_one_side_alone(fatima: Person, which: str, words: str) -> None:
    item = items()[0]
    connect()
    db.session.add(entry(link(item), Operation.CREATE, NOON, tries=1))
    db.session.commit()

    [line] = lines(fatima, item, which)

    assert words in line


def test_a_word_that_is_none_shows_all(fatima: Person) -> None:
    assert len(lines(fatima, items()[0], "nowhere")) == 1


def test_many_changes_cost_as_many_statements_as_few(fatima: Person, asked: list[str]) -> None:
    item = items()[0]

    def cost() -> int:
        asked.clear()
        fatima.get(f"/action-items/{item.id}")
        return len(asked)

    item_changes.record_values(item, {"assignee_id": person("Maya").id}, person("Fatima"))
    db.session.commit()
    few = cost()
    for number in range(120):
        item_changes.record_values(item, {"title": str(number)}, person("Fatima"))
    item_changes.record_values(item, {"assignee_id": person("Maya").id}, person("Fatima"))
    db.session.commit()

    assert cost() == few
    assert len(lines(fatima, item)) == timeline.LONGEST
    assert "The latest 100 lines." in fatima.get(f"/action-items/{item.id}").page.text


def test_after_two_years_a_change_is_forgotten(fatima: Person) -> None:
    item = items()[0]
    for days in (800, 700):
        with time_machine.travel(utcnow() - timedelta(days=days), tick=False):
            item_changes.record_values(item, {"title": str(days)}, None)
            db.session.commit()

    tick.clean_up(utcnow())

    assert [each.before for each in db.session.query(ItemChange)] == ["700"]
