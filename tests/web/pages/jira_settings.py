"""The Jira settings: choices, checks, webhooks; and People."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from app.clock import utcnow
from app.extensions import db
from app.models import (
    CheckState,
    ConnectionState,
    JiraConnection,
    JiraIssueType,
    JiraSettings,
    MatchState,
    ProjectMapping,
    Reconciliation,
    WebhookDelivery,
    WebhookTest,
    WorkKind,
)
from tests.support import webhook_posts
from tests.support.acme import acme, choose_project, connect, items, link, person, suspend, team
from tests.support.connected import Acme
from tests.support.matches import match
from tests.support.remembered import remember_jira
from tests.support.service_levels import committed_with_key_after, counted_hour
from tests.web.pages.integrations import JIRA
from tests.web.pages.row import ADMIN, Row, Scene

if TYPE_CHECKING:
    from playwright.sync_api import Page

PEOPLE = f"{JIRA}/people"


def on_hold(_: Scene) -> None:
    connection = known()
    db.session.add(JiraSettings(organization=connection.organization, webhooks_enabled=True))
    connection.on_hold_since = utcnow()


def known(state: CheckState = CheckState.READY, *codes: str) -> JiraConnection:
    """Jira's lists are there, and PLAT is chosen and checked."""
    connection = remember_jira()
    mapping = choose_project()
    mapping.project_id, mapping.issue_type_id = "10000", "1"
    mapping.check_state, mapping.checked_at = state, utcnow()
    mapping.findings = [{"code": code, "fields": ["Team", "Cost centre"]} for code in codes]
    return connection


def checked(state: CheckState, *codes: str) -> Callable[[Scene], None]:
    def arrange(_: Scene) -> None:
        known(state, *codes)

    return arrange


def checking(_: Scene) -> None:
    known(CheckState.OWED)
    db.session.query(ProjectMapping).one().check_wanted_at = utcnow()


def per_team(_: Scene) -> None:
    known()
    settings(per_team_overrides=True)
    db.session.add(
        ProjectMapping(
            organization_id=acme().id,
            team_id=team("Mobile").id,
            cloud_id="cloud-1",
            project_id="10002",
            project_key="MOB",
            project_name="Mobile Apps",
            issue_type_id="2",
            issue_type_name="Sub-task",
            check_state=CheckState.BLOCKED,
            checked_at=utcnow(),
            findings=[{"code": "needs-parent", "fields": []}],
        )
    )


def statuses(_: Scene) -> None:
    """Two done statuses; one that is gone is chosen, a resolution that is gone goes along, and the
    account may not move issues."""
    known(CheckState.LIMITED, "may-not-move")
    mapping = db.session.query(ProjectMapping).one()
    mapping.findings = [{"code": "may-not-move", "fields": []}]
    mapping.completed_status_id, mapping.completed_status_name = "3", "Done"
    mapping.reopened_status_id, mapping.reopened_status_name = "9", "Waiting for the other team"
    mapping.completed_resolution_id, mapping.completed_resolution_name = "8", "Superseded"
    db.session.query(JiraConnection).one().resolutions = [{"id": "1", "name": "Won’t Do"}]
    listed = (("1", "To Do", "new"), ("2", "In Review", "indeterminate"), ("3", "Done", "done"))
    for row in db.session.query(JiraIssueType):
        row.statuses = [
            dict(zip(("id", "name", "category"), each, strict=True))
            for each in (*listed, ("4", "Won’t Do", "done"))
        ]


def choose_nothing_there(page: "Page") -> None:
    page.locator("#completed option").last.evaluate("each => { each.value = '77' }")
    page.locator("#completed").select_option("77")
    page.get_by_role("button", name="Save Settings").click()
    page.locator("#completed-error").wait_for()


def left_out(scene: Scene) -> None:
    """One that has issues; another that is left out as soon as it is saved would be the same."""
    known()
    settings(per_team_overrides=True)
    team("Platform").do_not_sync = True
    link(items()[0])


def pause_without_reason(page: "Page") -> None:
    page.get_by_role("button", name="Pause syncing").click()
    page.locator(".field-error").first.wait_for()


def settings(**values: object) -> JiraSettings:
    row = JiraSettings(organization_id=acme().id, version=1, **values)
    db.session.add(row)
    db.session.flush()
    return row


def registered(*, life: timedelta = timedelta(days=29)) -> JiraConnection:
    connection = known()
    settings(webhooks_enabled=True, take_over_title=True)
    webhook_posts.registered(
        connection,
        url="https://unpack.example.com/webhooks/jira",
        registered_at=utcnow() - timedelta(hours=2),
        expires_at=utcnow() + life,
        token_life=180,
    )
    return connection


def arriving(_: Scene) -> None:
    connection = registered()
    link(items()[0])
    delivery = {"identifier": "a", "event": "jira:issue_updated", "issue_id": "10001"}
    look = {"generation": connection.generation, "finished_at": utcnow(), "caught": 1}
    db.session.add(WebhookDelivery(connection_id=connection.id, **delivery))
    db.session.add(Reconciliation(connection_id=connection.id, **look))
    connection.works[WorkKind.READING].due_at = utcnow() + timedelta(hours=1)


def tested(**values: object) -> Callable[[Scene], None]:
    """A test was sent, with what became of it."""

    def arrange(_: Scene) -> None:
        connection = registered()
        row = link(items()[0])
        db.session.add(WebhookTest(connection_id=connection.id, link=row, **values))

    return arrange


def refused(_: Scene) -> None:
    connection = known()
    settings(webhooks_enabled=True)
    connection.works[WorkKind.WEBHOOK].error = "Jira said: “No such project.”"


def registering(_: Scene) -> None:
    connection = known()
    settings(webhooks_enabled=True)
    connection.works[WorkKind.WEBHOOK].due_at = utcnow()


def silent_jira(_: Scene) -> None:
    connection = connect()
    connection.works[WorkKind.METADATA].error = "Jira did not answer."


def in_state(state: ConnectionState) -> Callable[[Scene], None]:
    def arrange(_: Scene) -> None:
        known().state = state
        link(items()[0], due_at=utcnow(), key=None)

    return arrange


def save_nothing_chosen(page: "Page") -> None:
    page.get_by_role("button", name="Save").first.click()
    page.locator(".field-error").first.wait_for()


def open_projects(page: "Page") -> None:
    named = page.get_by_role("combobox", name="Default Project", exact=True)
    page.locator("input").and_(named).click()
    page.locator(".combo-foot").first.wait_for()


def people_in(*states: MatchState) -> Callable[[Scene], None]:
    def arrange(_: Scene) -> None:
        known()
        settings(unmatched_account_id="sam", unmatched_account_name="Sam Rivera")
        for name, state in zip(("Maya", "Tom", "Adam", "Fatima"), states, strict=False):
            match(person(name), state)

    return arrange


def looking(_: Scene) -> None:
    known(CheckState.READY).works[WorkKind.PEOPLE].due_at = utcnow()


def connected(scene: Scene) -> None:
    """To the stand-in itself, which is searched."""
    there = Acme(scene.jira)
    there.connect()
    there.map_to("PLAT")


def levels(_: Scene) -> None:
    """Commits are missed, deliveries just now, which is both said."""
    known()
    counted_hour(5000, 40)
    for seconds in [1.0] * 25 + [30.0]:
        committed_with_key_after(seconds)


def account_of_tom() -> str:
    return f"{PEOPLE}/{person('Tom').memberships[0].id}/account"


JIRA_SETTINGS = [
    Row("settings-loading", JIRA, state=lambda _: connect()),
    Row("settings-nothing-chosen", JIRA, state=lambda _: remember_jira()),
    Row("settings-without-jira", JIRA, state=silent_jira),
    Row("settings-ready", JIRA, state=checked(CheckState.READY)),
    Row("settings-checking", JIRA, state=checking),
    Row("settings-on-hold", JIRA, state=on_hold),
    Row(
        "settings-limited",
        JIRA,
        state=checked(CheckState.LIMITED, "may-not-edit", "may-not-set", "no-due-date"),
    ),
    Row(
        "settings-blocked",
        JIRA,
        state=checked(CheckState.BLOCKED, "type-gone", "required-fields", "may-not-create"),
    ),
    Row("settings-per-team", JIRA, state=per_team),
    Row("settings-suspended", JIRA, state=lambda _: suspend(known())),
    Row("settings-left-out", JIRA, state=left_out),
    Row("settings-statuses", JIRA, state=statuses),
    Row(
        "settings-statuses-wrong",
        JIRA,
        state=statuses,
        act=choose_nothing_there,
        complaints=("Failed to load resource: the server responded with a status of 422",),
    ),
    Row("pause", f"{JIRA}/pause", state=checked(CheckState.READY)),
    Row(
        "pause-without-reason",
        f"{JIRA}/pause",
        state=checked(CheckState.READY),
        act=pause_without_reason,
    ),
    Row("settings-wrong", JIRA, state=lambda _: remember_jira(), act=save_nothing_chosen),
    Row("settings-projects", JIRA, state=checked(CheckState.READY), act=open_projects),
    *[
        Row(f"settings-{state.value}", JIRA, state=in_state(state))
        for state in (
            ConnectionState.NEEDS_RECONNECT,
            ConnectionState.SITE_UNAVAILABLE,
            ConnectionState.MISCONFIGURED,
        )
    ],
    Row("webhooks-arriving", JIRA, state=arriving),
    Row("webhooks-registering", JIRA, state=registering),
    Row("webhooks-refused", JIRA, state=refused),
    Row("webhooks-watching", JIRA, state=tested(written_at=utcnow())),
    Row(
        "webhooks-not-arriving",
        JIRA,
        state=lambda scene: tested(
            requested_at=utcnow() - timedelta(minutes=3), written_at=utcnow() - timedelta(minutes=2)
        )(scene),
    ),
    Row("webhooks-test-failed", JIRA, state=tested(error="The issue is gone.")),
    Row("levels", JIRA, state=levels),
    Row("people-not-checked", PEOPLE, state=checked(CheckState.READY)),
    Row("people-looking", PEOPLE, state=looking),
    Row("people", PEOPLE, state=people_in(*list(MatchState)[:4])),
    Row("people-not-found", f"{PEOPLE}?shown=need-a-look", state=people_in(*list(MatchState)[4:])),
    Row("people-nobody-fits", f"{PEOPLE}?q=zzz", state=people_in(*list(MatchState)[:4])),
    Row("people-account", account_of_tom, state=connected),
    Row("people-account-found", lambda: f"{account_of_tom()}?query=sam", state=connected),
    Row("people-account-none", lambda: f"{account_of_tom()}?query=zzz", state=connected),
    Row("people-substitute", f"{PEOPLE}/unmatched-owners/account?query=maya", ADMIN, connected),
]
