"""Jira's status beside the key: in its category's colour, or as of when it was read."""

from datetime import UTC, datetime

import pytest

from app.models import (
    ActionItem,
    CompletedIn,
    ConnectionState,
    IssueLink,
    JiraConnection,
    LinkState,
    User,
)
from app.models.field_note import Note, NoteReason, keep_notes
from app.services.panel.advice import Place
from app.services.panel.circumstances import Circumstances
from app.services.panel.item_states import ItemState, state_of
from app.services.panel.shown_issues import ShownStatus, shown_status

NOW = datetime(2026, 11, 19, 13, 0, tzinfo=UTC)
READ = datetime(2026, 11, 19, 12, 5, tzinfo=UTC)


def linked(
    state: LinkState = LinkState.SYNCED,
    name: str | None = "In Review",
    category: str | None = "indeterminate",
) -> IssueLink:
    return IssueLink(
        state=state,
        tries=0,
        issue_id="1",
        issue_key="PLAT-142",
        cloud_id="one",
        site_url="https://acme.atlassian.net",
        seen_status_name=name,
        seen_status_category=category,
        status_seen_at=READ if category else None,
    )


def said(
    link: IssueLink,
    item: ActionItem | None = None,
    *,
    webhooks: bool = True,
    connection: ConnectionState = ConnectionState.CONNECTED,
    plan: bool = True,
    cloud_id: str = "one",
    restored: bool = False,
) -> ItemState:
    row = JiraConnection(state=connection, cloud_id=cloud_id)
    row.on_hold_since = READ if restored else None
    around = Circumstances(row, plan, True, True, Place(), webhooks=webhooks)
    return state_of(item or ActionItem(title="x"), link, around, NOW)


@pytest.mark.parametrize(
    ("name", "category", "shown"),
    [
        ("To Do", "new", ShownStatus("To Do", "jira-new", "circle")),
        ("Backlog", "new", ShownStatus("Backlog", "jira-new", "circle", "to do")),
        (
            "In Progress",
            "indeterminate",
            ShownStatus("In Progress", "jira-doing", "circle-half-2"),
        ),
        (
            "In Review",
            "indeterminate",
            ShownStatus("In Review", "jira-doing", "circle-half-2", "in progress"),
        ),
        ("Done", "done", ShownStatus("Done", "jira-done", "circle-check")),
        ("Won’t Do", "done", ShownStatus("Won’t Do", "jira-done", "circle-check", "done")),
        (None, "done", ShownStatus("Done", "jira-done", "circle-check")),
        ("Odd", "undefined", ShownStatus("Odd", "jira-new", "circle", "to do")),
        ("Odd", "in-flight", ShownStatus("Odd", "jira-new", "circle", "to do")),
    ],
)
def test_a_status_has_jiras_name_and_its_categorys_colour(
    name: str | None, category: str, shown: ShownStatus
) -> None:
    assert shown_status(linked(name=name, category=category), live=True) == shown
    assert shown_status(linked(name=name, category=category), live=False) == ShownStatus(
        shown.name, as_of=READ
    )


def test_what_nobody_has_read_is_not_shown() -> None:
    state = said(linked(name=None, category=None))

    assert (state.status, state.chip, state.words) == (None, "synced", "Synced")


def test_jiras_status_takes_the_place_of_synced() -> None:
    state = said(linked())

    assert (state.chip, state.status) == (
        "",
        ShownStatus("In Review", "jira-doing", "circle-half-2", "in progress"),
    )


def test_what_jira_completed_is_known_by_its_status() -> None:
    item = ActionItem(title="x", completed_at=NOW, completed_in=CompletedIn.JIRA)

    state = said(linked(name="Released", category="done"), item)

    assert (state.chip, state.status and state.status.name) == ("", "Released")


@pytest.mark.parametrize(
    ("state", "chip"),
    [
        (LinkState.WAITING, "waiting"),
        (LinkState.SYNCING, "syncing"),
        (LinkState.RETRYING, "retrying"),
        (LinkState.ERROR, "error"),
    ],
)
def test_one_chip_of_ours_stands_before_it(state: LinkState, chip: str) -> None:
    shown = said(linked(state))

    assert (shown.chip, shown.status and shown.status.chip) == (chip, "jira-doing")


def test_a_field_note_is_a_sentence_and_no_chip() -> None:
    link = linked()
    keep_notes(link, {"duedate": Note(NoteReason.REFUSED)})

    state = said(link, ActionItem(title="x", assignee=User(name="Tom Becker")))

    assert state.chip == ""
    assert state.status is not None
    assert state.message is not None


def test_a_deleted_issue_has_no_status() -> None:
    assert said(linked(LinkState.DELETED)).status is None


@pytest.mark.parametrize(
    "around",
    [
        {"webhooks": False},
        {"connection": ConnectionState.DISCONNECTED},
        {"connection": ConnectionState.NEEDS_RECONNECT},
        {"plan": False},
        {"cloud_id": "another"},
    ],
)
def test_where_nothing_tells_of_changes_it_is_as_of_when_it_was_read(around) -> None:
    assert said(linked(), **around).status == ShownStatus("In Review", as_of=READ)


def test_of_an_issue_out_of_sight_it_is_as_of_when_it_was_read() -> None:
    state = said(linked(LinkState.UNSEEN))

    assert (state.words, state.status) == (
        "Cannot be seen",
        ShownStatus("In Review", as_of=READ),
    )


def test_after_a_restore_jira_is_still_read() -> None:
    state = said(linked(), restored=True)

    assert state.status is not None
    assert state.status.as_of is None
