"""What a row says while its issue owes a status."""

from datetime import UTC, datetime, timedelta

import pytest

from app.models import (
    ActionItem,
    CompletedIn,
    ConnectionState,
    FailureCode,
    IssueLink,
    JiraConnection,
    LinkState,
    OwedCategory,
    OwedStatus,
)
from app.models.owed_status import NEEDS_SOMEBODY, OwnTransition
from app.services.panel.advice import Place
from app.services.panel.advice_words import words_of
from app.services.panel.item_states import Circumstances, ItemState, Stage, state_of

NOW = datetime(2026, 11, 19, 13, 0, tzinfo=UTC)
SOON, LATER = NOW + timedelta(seconds=5), NOW + timedelta(minutes=5)
ITEM = ActionItem(title="x", completed_at=NOW, completed_in=CompletedIn.UNPACK)
PLACE = Place("PLAT", "Task", "Unpack Service", "acme.atlassian.net")


def owing(**values) -> IssueLink:
    given = {"owed": OwedCategory.DONE, "status_name": "Done", "tries": 0, "own": [], **values}
    return IssueLink(
        state=LinkState.SYNCED,
        tries=0,
        issue_id="1",
        issue_key="PLAT-141",
        cloud_id="one",
        site_url="https://acme.atlassian.net",
        owed_status=OwedStatus(**given),
    )


def said(link: IssueLink, connection: ConnectionState = ConnectionState.CONNECTED) -> ItemState:
    row = JiraConnection(state=connection, cloud_id="one")
    around = Circumstances(row, True, True, True, PLACE, webhooks=True)
    return state_of(ITEM, link, around, NOW)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"due_at": SOON}, "Moving to Done…"),
        ({"due_at": SOON, "owed": OwedCategory.OPEN, "status_name": "To Do"}, "Moving to To Do…"),
        ({"due_at": SOON, "status_name": None}, "Moving to Done…"),
    ],
)
def test_what_is_about_to_be_moved_says_where_to(values, words):
    state = said(owing(**values))

    assert (state.chip, state.words, state.moving, state.stage) == (
        "syncing",
        words,
        True,
        Stage.ON_THE_WAY,
    )


def test_what_failed_is_tried_again_at_a_time():
    state = said(owing(due_at=LATER, tries=2, failure_code=FailureCode.JIRA_UNAVAILABLE))

    assert (state.chip, state.words, state.at) == ("retrying", "Retrying 2 of 3 at", LATER)
    assert state.message.heading == "PLAT-141 did not move to Done. Jira did not answer"


def test_what_was_moved_often_waits_and_says_so():
    link = owing(due_at=LATER)
    link.owed_status.remember([OwnTransition(NOW, "done", NOW), OwnTransition(NOW, "new", NOW)])

    state = said(link)

    assert (state.chip, state.words, state.at) == ("waiting", "Moves to Done at", LATER)
    assert "twice within ten minutes" in state.message.admin


@pytest.mark.parametrize("code", sorted(NEEDS_SOMEBODY))
def test_what_needs_somebody_says_why_and_where(code):
    state = said(owing(failure_code=code, failure_fields=["Root cause"]))

    assert (state.chip, state.icon, state.words) == (
        "limited",
        "user-exclamation",
        "Needs somebody in Jira",
    )
    assert state.stage is Stage.NEEDS_YOU
    read = words_of(state.message, administers=False)
    assert read.strong.startswith("PLAT-141 did not move to Done. Jira ")
    assert read.in_jira == "https://acme.atlassian.net/browse/PLAT-141"


def test_the_fields_of_a_screen_are_named():
    code = FailureCode.SCREEN_ASKS_MORE

    state = said(owing(failure_code=code, failure_fields=["Root cause", "Team"]))

    assert state.message.admin.startswith("Root cause and Team: only a person can fill that in.")


def test_jiras_own_sentence_is_quoted():
    link = owing(failure_code=FailureCode.STATUS_REFUSED, failure_message="Not now.")

    assert "Jira said: “Not now.”" in words_of(said(link).message, administers=True).strong


def test_without_an_answer_at_all_it_is_an_error():
    state = said(owing(failure_code=FailureCode.JIRA_UNAVAILABLE, tries=4))

    assert (state.chip, state.words) == ("error", "Status not sent")


def test_while_reconnecting_is_owed_it_waits():
    state = said(owing(due_at=SOON), ConnectionState.NEEDS_RECONNECT)

    assert (state.chip, state.words) == ("waiting", "Waiting to sync")


@pytest.mark.parametrize("values", [{"owed": None}, {"failure_code": FailureCode.MAY_NOT_BROWSE}])
def test_what_is_settled_or_out_of_sight_says_nothing(values):
    assert said(owing(**values)).words == "Synced"
