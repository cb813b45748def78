"""What a row says about Jira, for every state of its link and everything around it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.models import (
    ActionItem,
    AssigneeNote,
    CompletedIn,
    ConnectionState,
    FailureCode,
    IssueLink,
    JiraConnection,
    LinkState,
    User,
)
from app.services.panel.advice import Place, advice_for
from app.services.panel.circumstances import Circumstances
from app.services.panel.item_states import Offer, Stage, state_of, tally
from app.services.panel.shown_issues import key_of

NOW = datetime(2026, 11, 19, 13, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
CONNECTION = JiraConnection(state=ConnectionState.CONNECTED, cloud_id="one")
AROUND = Circumstances(
    connection=CONNECTION,
    plan_includes_jira=True,
    committed=True,
    mapped=True,
    place=Place("PLAT", "Task", "Unpack Service", "acme.atlassian.net"),
)
TOM = User(name="Tom Becker")


def linked(state: LinkState, *, created: bool = False, **values) -> IssueLink:
    issue = {
        "issue_id": "1",
        "issue_key": "PLAT-142",
        "cloud_id": "one",
        "site_url": "https://acme.atlassian.net",
    }
    return IssueLink(state=state, tries=0, **(issue if created else {}), **values)


def said(link: IssueLink | None, item: ActionItem | None = None, **around):
    return state_of(item or ActionItem(title="x"), link, replace(AROUND, **around), NOW)


def test_before_commit_an_item_without_a_link_says_nothing():
    assert said(None, committed=False).chip == ""


def test_after_commit_it_is_not_in_jira_and_can_be_synced():
    state = said(None)

    assert (state.chip, state.words, state.offer) == ("idle", "Not in Jira", Offer.SYNC)
    assert state.stage is Stage.NEEDS_YOU


def test_without_a_project_nothing_is_offered():
    assert said(None, mapped=False).offer is None


@pytest.mark.parametrize("around", [{"connection": None}, {"plan_includes_jira": False}])
def test_without_jira_an_item_says_nothing(around):
    assert said(None, **around).chip == ""


@pytest.mark.parametrize(
    ("state", "chip", "words"),
    [
        (LinkState.WAITING, "waiting", "Waiting to sync"),
        (LinkState.SYNCING, "syncing", "Syncing…"),
        (LinkState.UNKNOWN, "syncing", "Checking with Jira…"),
    ],
)
def test_what_is_on_the_way_moves(state, chip, words):
    shown = said(linked(state))

    assert (shown.chip, shown.words, shown.moving) == (chip, words, True)
    assert shown.stage is Stage.ON_THE_WAY


def test_an_unknown_create_says_that_nothing_is_created_twice():
    assert "before creating it again" in said(linked(LinkState.UNKNOWN)).message.admin


def test_a_retry_says_which_and_when():
    link = linked(LinkState.RETRYING, not_before=LATER, failure_code=FailureCode.JIRA_UNAVAILABLE)
    link.tries = 2
    shown = said(link)

    assert (shown.words, shown.at) == ("Retrying 2 of 3 at", LATER)
    assert shown.message.admin == "Jira did not answer. Nothing for you to do."


def test_a_retry_whose_time_has_come_names_no_time():
    shown = said(linked(LinkState.RETRYING, not_before=NOW))

    assert (shown.words, shown.at) == ("Retrying 1 of 3", None)


def test_an_error_is_what_jira_said_and_who_can_fix_it():
    link = linked(
        LinkState.ERROR,
        failure_code=FailureCode.MAY_NOT_CREATE,
        failure_message="You do not have permission.",
    )
    shown = said(link)

    assert (shown.chip, shown.stage) == ("error", Stage.NEEDS_YOU)
    assert shown.message.heading == "Permission denied"
    assert shown.message.quote == "You do not have permission."
    assert "let Unpack Service create issues in PLAT" in shown.message.admin
    assert shown.message.others.endswith("Ask an admin.")


def test_a_failed_update_keeps_its_key():
    link = linked(LinkState.ERROR, created=True, failure_code=FailureCode.MAY_NOT_EDIT)

    assert said(link).key.text == "PLAT-142"


def test_a_synced_item_links_to_its_issue():
    shown = said(linked(LinkState.SYNCED, created=True))

    assert (shown.chip, shown.moving, shown.message) == ("synced", False, None)
    assert shown.key.url == "https://acme.atlassian.net/browse/PLAT-142"


@pytest.mark.parametrize("note", AssigneeNote)
def test_an_issue_without_its_assignee_says_why(note):
    link = linked(LinkState.SYNCED, created=True, assignee_note=note)
    shown = said(link, ActionItem(title="x", assignee=TOM))

    assert (shown.chip, shown.words) == ("limited", "No assignee in Jira")
    assert "Tom" in shown.message.admin
    assert "PLAT-142" in shown.message.admin


def test_an_item_that_nobody_has_any_more_has_no_note():
    link = linked(LinkState.SYNCED, created=True, assignee_note=AssigneeNote.NOT_FOUND)

    assert said(link).chip == "synced"


def test_what_jira_completed_says_so():
    item = ActionItem(title="x", completed_in=CompletedIn.JIRA)

    assert said(linked(LinkState.SYNCED, created=True), item).words == "Completed in Jira"


def test_a_deleted_issue_can_be_created_again():
    shown = said(linked(LinkState.DELETED, created=True))

    assert (shown.key.gone, shown.offer) == (True, Offer.RENEWAL)
    assert shown.message.admin.startswith("PLAT-142 was deleted in Jira.")


def test_an_unseen_issue_is_the_accounts_trouble():
    shown = said(linked(LinkState.UNSEEN, created=True))

    assert shown.words == "Cannot be seen"
    others = "Unpack Service can no longer see the issues of PLAT. Ask an admin."
    assert shown.message.others == others


def test_a_pause_says_until_when():
    shown = said(linked(LinkState.WAITING), paused_until=LATER)

    assert (shown.chip, shown.words, shown.at) == ("paused", "Waiting until", LATER)


def test_after_a_restore_an_item_waits_and_may_be_asked_for():
    held = JiraConnection(state=ConnectionState.CONNECTED, cloud_id="one", on_hold_since=NOW)

    assert said(linked(LinkState.RETRYING), connection=held).words == "Waiting to sync"
    assert said(None, connection=held).offer is Offer.SYNC


def test_a_pause_that_is_over_is_not_mentioned():
    assert said(linked(LinkState.WAITING), paused_until=NOW).chip == "waiting"


def test_an_issue_that_jira_slows_down_waits_alone():
    link = linked(LinkState.WAITING, failure_code=FailureCode.RATE_LIMITED, not_before=LATER)

    assert said(link).at == LATER


def test_everything_waits_for_a_reconnect_untouched():
    broken = JiraConnection(state=ConnectionState.NEEDS_RECONNECT, cloud_id="one")

    shown = said(linked(LinkState.RETRYING, not_before=LATER), connection=broken)
    assert (shown.words, shown.message) == ("Waiting to sync", None)
    assert said(linked(LinkState.SYNCED, created=True), connection=broken).chip == "synced"


@pytest.mark.parametrize(
    "around",
    [
        {"connection": JiraConnection(state=ConnectionState.DISCONNECTED, cloud_id="one")},
        {"connection": JiraConnection(state=ConnectionState.CONNECTED, cloud_id="two")},
        {"plan_includes_jira": False},
    ],
)
def test_a_key_stays_a_link_when_nothing_is_synced_any_more(around):
    shown = said(linked(LinkState.SYNCED, created=True), **around)

    assert (shown.words, shown.moving) == ("Not checked now", False)
    assert shown.key.url == "https://acme.atlassian.net/browse/PLAT-142"


def test_on_free_what_was_waiting_is_on_hold():
    assert said(linked(LinkState.WAITING), plan_includes_jira=False).words == "On hold"


def test_an_unmapped_item_waits():
    shown = said(linked(LinkState.WAITING, failure_code=FailureCode.NOT_MAPPED), mapped=False)

    assert shown.words == "Waiting to sync"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://x"])
def test_only_web_addresses_become_links(url):
    link = linked(LinkState.SYNCED, created=True)
    link.site_url = url

    assert key_of(link).url is None


def test_every_row_has_its_place_in_the_head():
    states = [
        said(linked(LinkState.SYNCED, created=True)),
        said(linked(LinkState.WAITING)),
        said(linked(LinkState.ERROR)),
        said(None),
    ]

    counted = tally(states)
    assert counted[Stage.IN_JIRA] == 1
    assert counted[Stage.ON_THE_WAY] == 1
    assert counted[Stage.NEEDS_YOU] == 2


@pytest.mark.parametrize("code", FailureCode)
def test_every_failure_has_advice_for_both_kinds_of_people(code):
    advice = advice_for(code, Place(), ("Team", "Sprint", "Epic Link"))

    assert advice.heading
    for sentence in (advice.admin, advice.others):
        assert sentence.endswith(".")
        assert sentence[0].isupper()
        assert "{" not in sentence
    assert (advice.link is None) == (advice.endpoint is None)


def test_required_fields_are_named():
    advice = advice_for(FailureCode.REQUIRED_FIELD, Place("PLAT"), ("Team", "Sprint"))

    assert "PLAT requires Team and Sprint" in advice.admin
