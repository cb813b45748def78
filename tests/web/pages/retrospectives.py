"""A retrospective in its phases, its panel of action items in every state, and Commit's preview."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from app.clock import utcnow
from app.extensions import db
from app.models import (
    AssigneeNote,
    CompletedIn,
    ConnectionState,
    FailureCode,
    JiraSettings,
    LinkState,
    MatchState,
    Phase,
)
from app.models.difference import Difference, keep_differences
from app.models.field_note import Note, NoteReason, keep_notes
from tests.support import factories
from tests.support.acme import (
    acme,
    connect,
    connect_and_choose,
    items,
    link,
    links_of,
    make_free,
    person,
    sprint_14,
    suspend,
    team,
)
from tests.support.matches import match
from tests.web.pages.action_items import CANARY, add_form, choose, preview_description
from tests.web.pages.row import ADMIN, FACILITATOR, MEMBER, Row, Scene

if TYPE_CHECKING:
    from playwright.sync_api import Page

LONG = "Fail over by hand first, then by Sentinel.\n\n" + "Done when it is done. " * 40


def of_sprint_14() -> str:
    return f"/retrospectives/{sprint_14_as_it_is().id}"


def sprint_14_as_it_is():
    return items()[0].retrospective


def commit_page() -> str:
    return f"{of_sprint_14()}/commit"


def in_phase(phase: Phase) -> Callable[[Scene], None]:
    def arrange(_: Scene) -> None:
        connect_and_choose()
        sprint_14(phase)

    return arrange


def empty() -> str:
    return f"/retrospectives/{factories.retrospective(team(), Phase.DISCUSS).id}"


def all_states(_: Scene) -> None:
    """Each state of a link at an item, and its issue or failure."""
    connect_and_choose()
    of = sprint_14(Phase.COMMIT)
    for state in LinkState:
        item = factories.action_item(of, f"{state.value}: {'Wörd' * 30}")
        key = None if state in {LinkState.ERROR, LinkState.WAITING, LinkState.SYNCING} else "PLAT-1"
        row = link(item, state, key=key, due_at=utcnow() if state.moving else None)
        if state is LinkState.ERROR:
            row.failure_code, row.failure_message = FailureCode.REQUIRED_FIELD, "Nope " * 60
            row.tries = 4
        if state is LinkState.RETRYING:
            row.not_before, row.tries = utcnow() + timedelta(minutes=3), 2
            row.failure_code = FailureCode.JIRA_UNAVAILABLE


def noted(_: Scene) -> None:
    """Issues that lack something, or have it otherwise, and completed items."""
    connect_and_choose()
    of = sprint_14(Phase.COMMIT)
    for note in AssigneeNote:
        item = factories.action_item(of, f"Note {note.value}", assignee=person("Tom"))
        link(item, assignee_note=note)
    for reason in NoteReason:
        row = link(factories.action_item(of, f"Field {reason.value}"))
        keep_notes(row, {"duedate": Note(reason), "description": Note(reason)})
    for where in CompletedIn:
        item = factories.action_item(of, f"Completed {where.value}")
        item.completed_at, item.completed_in = utcnow(), where
        link(item)


def one_cause(_: Scene) -> None:
    connect_and_choose()
    sprint_14(Phase.COMMIT)
    for item in items():
        why = {"failure_code": FailureCode.MAY_NOT_CREATE, "failure_message": "No."}
        link(item, LinkState.ERROR, key=None, tries=4, **why)


def many(scene: Scene) -> None:
    looked_up(scene)
    for number in range(15):
        factories.action_item(sprint_14_as_it_is(), f"Item {number}", assignee=person("Tom"))


def failing_codes(_: Scene) -> None:
    """Each thing that can go wrong."""
    connect_and_choose()
    of = sprint_14(Phase.COMMIT)
    for code in FailureCode:
        item = factories.action_item(of, f"Failed: {code.value}")
        link(item, LinkState.ERROR, key=None, failure_code=code, failure_message="No.", tries=4)


def held(state: ConnectionState) -> Callable[[Scene], None]:
    def arrange(_: Scene) -> None:
        connect_and_choose().state = state
        sprint_14(Phase.COMMIT)
        first, second, *_rest = items()
        link(first)
        link(second, LinkState.WAITING, key=None, due_at=utcnow())

    return arrange


def paused(scene: Scene) -> None:
    held(ConnectionState.CONNECTED)(scene)
    links_of(items()[0])[0].connection.paused_until = utcnow() + timedelta(minutes=5)


def on_hold(scene: Scene) -> None:
    held(ConnectionState.CONNECTED)(scene)
    links_of(items()[0])[0].connection.on_hold_since = utcnow()


def suspended(scene: Scene) -> None:
    held(ConnectionState.CONNECTED)(scene)
    suspend(links_of(items()[0])[0].connection)


def left_out(scene: Scene) -> None:
    held(ConnectionState.CONNECTED)(scene)
    db.session.add(JiraSettings(organization=acme(), per_team_overrides=True))
    team().do_not_sync = True


def on_free(scene: Scene) -> None:
    held(ConnectionState.CONNECTED)(scene)
    make_free()


def not_mapped(_: Scene) -> None:
    connect()
    sprint_14(Phase.COMMIT)


def two_texts(_: Scene) -> None:
    """A description that was changed in Jira, too."""
    connect_and_choose()
    sprint_14(Phase.COMMIT)
    item = next(item for item in items() if item.title == CANARY)
    item.description = LONG
    row = link(item, key="PLAT-145", snapshot={"source": {}})
    words = "Fail over by hand first.\nSee https://wiki.acme.test/" + "recording" * 30
    known = Difference("sha256:seen", words, by="Maya Lindqvist", at=utcnow())
    keep_differences(row, {"description": known})


def linked(_: Scene) -> None:
    connect_and_choose()
    sprint_14(Phase.COMMIT)
    for item in items():
        link(item)


def looked_up(_: Scene) -> None:
    """Some owners are matched, some are not, and one issue is there already."""
    connect_and_choose()
    first, *_rest = items()
    first.title = "Wörd" * 60
    link(first)
    for who, state in (("Maya", MatchState.MATCHED), ("Tom", MatchState.NONE)):
        match(person(who), state)


def edit(page: "Page") -> None:
    choose(page, CANARY, "Edit")
    page.get_by_label("Title").wait_for()


def ask(entry: str) -> "Callable[[Page], None]":
    def act(page: "Page") -> None:
        choose(page, CANARY, entry)
        page.get_by_role("dialog").locator("#confirm").wait_for()

    return act


def complete(page: "Page") -> None:
    page.get_by_role("checkbox", name=f"Complete: {CANARY}").click()
    page.get_by_role("button", name="Undo").wait_for()


def open_menu(page: "Page") -> None:
    page.get_by_role("button", name=f"More for: {CANARY}").click()
    page.locator(".menu:popover-open").wait_for()


def add_nothing(page: "Page") -> None:
    add_form(page)
    page.get_by_label("Title").fill("   ")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_text("An action item needs a title.").wait_for()


def sync_one(page: "Page") -> None:
    page.get_by_role("button", name="Sync to Jira").first.click()
    page.get_by_text("1 on the way").wait_for()


RETROSPECTIVES = [
    Row("retrospective-draft", of_sprint_14, FACILITATOR, in_phase(Phase.DRAFT)),
    Row("retrospective-discuss", of_sprint_14, FACILITATOR, in_phase(Phase.DISCUSS)),
    Row("retrospective-closed", of_sprint_14, FACILITATOR, in_phase(Phase.CLOSED)),
    Row("retrospective-empty", empty, FACILITATOR),
    Row("retrospective-of-member", of_sprint_14, MEMBER, in_phase(Phase.DISCUSS)),
    Row("panel-all-states", of_sprint_14, ADMIN, all_states),
    Row("panel-all-states-of-member", of_sprint_14, MEMBER, all_states),
    Row("panel-all-failures", of_sprint_14, ADMIN, failing_codes),
    Row("panel-all-failures-of-facilitator", of_sprint_14, FACILITATOR, failing_codes),
    Row("panel-one-cause", of_sprint_14, FACILITATOR, one_cause),
    Row("panel-notes", of_sprint_14, ADMIN, noted),
    Row("panel-two-texts", of_sprint_14, FACILITATOR, two_texts),
    Row("panel-paused", of_sprint_14, FACILITATOR, paused),
    Row("panel-on-hold", of_sprint_14, FACILITATOR, on_hold),
    Row("panel-suspended", of_sprint_14, FACILITATOR, suspended),
    Row("panel-left-out", of_sprint_14, ADMIN, left_out),
    Row("panel-on-free", of_sprint_14, FACILITATOR, on_free),
    Row("panel-not-mapped", of_sprint_14, ADMIN, not_mapped),
    *[
        Row(f"panel-{state.value}", of_sprint_14, ADMIN, held(state))
        for state in ConnectionState
        if state is not ConnectionState.CONNECTED
    ],
    Row("panel-menu", of_sprint_14, FACILITATOR, linked, open_menu),
    Row("panel-add", of_sprint_14, FACILITATOR, act=add_form),
    Row("panel-add-wrong", of_sprint_14, FACILITATOR, act=add_nothing),
    Row("panel-description-preview", of_sprint_14, FACILITATOR, act=preview_description),
    Row("panel-edit", of_sprint_14, FACILITATOR, linked, edit),
    Row("panel-undo", of_sprint_14, FACILITATOR, linked, complete),
    Row("panel-sync", of_sprint_14, FACILITATOR, in_phase(Phase.COMMIT), sync_one),
    Row("panel-delete", of_sprint_14, FACILITATOR, linked, ask("Delete…")),
    Row("panel-unlink", of_sprint_14, FACILITATOR, linked, ask("Unlink…")),
    Row("commit-looking", commit_page, FACILITATOR, in_phase(Phase.DISCUSS)),
    Row("commit-looked-up", commit_page, FACILITATOR, looked_up),
    Row("commit-many", commit_page, FACILITATOR, many),
    Row("commit-not-connected", commit_page, FACILITATOR),
    Row("commit-not-mapped", commit_page, ADMIN, lambda _: connect()),
    *[
        Row(f"commit-{state.value}", commit_page, ADMIN, lambda _, state=state: connect(state))
        for state in ConnectionState
        if state is not ConnectionState.CONNECTED
    ],
]
