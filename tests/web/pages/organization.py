"""An organization's own pages: home, teams, members, plan; and where somebody is in none."""

from datetime import timedelta
from typing import TYPE_CHECKING

from app.clock import utcnow
from app.extensions import db
from app.models import FailureCode, LinkState, Phase
from app.services.organizations import team_archive
from tests.support import factories
from tests.support.acme import (
    acme,
    connect,
    connect_and_choose,
    items,
    link,
    make_free,
    person,
    sprint_14,
    team,
)
from tests.web.pages.doors import LONG, NO_MAIL, PROVIDER, press, without_password
from tests.web.pages.row import ADMIN, FACILITATOR, MEMBER, OWNER, Row, Scene

if TYPE_CHECKING:
    from playwright.sync_api import Page

HOME = "/organizations/acme"
SETTINGS = f"{HOME}/settings"


def in_nothing_yet(_: Scene) -> None:
    for membership in list(person("Maya").memberships):
        db.session.delete(membership)


def failing(_: Scene) -> None:
    connect_and_choose()
    sprint_14(Phase.COMMIT)
    first, second, third, *_rest = items()
    link(first)
    link(second, LinkState.ERROR, key=None, failure_code=FailureCode.MAY_NOT_CREATE, tries=4)
    link(third, LinkState.WAITING, key=None, due_at=utcnow())


def overdue(_: Scene) -> None:
    connect_and_choose()
    sprint_14(Phase.COMMIT)
    for number, item in enumerate(items()):
        item.title = f"{item.title} {'Wörd' * 40}" if number == 1 else item.title
        item.due_on = utcnow().date() + timedelta(days=number - 2)


def without_teams(scene: Scene) -> None:
    factories.organization(person("Adam"), name="Empty Hall", slug="empty")


def invited(_: Scene) -> None:
    row = factories.invitation(acme(), person("Adam"), LONG)
    old = factories.invitation(acme(), person("Adam"), "old@acme.test")
    old.expires_at = utcnow() - timedelta(days=1)
    assert row.id != old.id


def archived(_: Scene) -> None:
    connect_and_choose()
    team_archive.archive(team(), person("Adam"))


def open_menu(page: "Page") -> None:
    page.get_by_role("button", name="More for: Maya Lindqvist").click()
    page.locator(".menu:popover-open").wait_for()


def ask_to(entry: str) -> object:
    """Open the dialog behind an entry of Maya's menu."""

    def act(page: "Page") -> None:
        page.wait_for_function("document.body['htmx-internal-data'] !== undefined")
        open_menu(page)
        page.locator(".menu:popover-open").get_by_text(entry).click()
        page.get_by_role("dialog").locator("#confirm").wait_for()

    return act


def ask_to_leave(page: "Page") -> None:
    page.wait_for_function("document.body['htmx-internal-data'] !== undefined")
    page.get_by_role("link", name="Leave… Acme").click()
    page.get_by_role("dialog").locator("#confirm").wait_for()


def of_fatima() -> str:
    return f"{SETTINGS}/members/{person('Fatima').memberships[0].id}/removal"


def ask_to_own(page: "Page") -> None:
    page.wait_for_function("document.body['htmx-internal-data'] !== undefined")
    page.get_by_role("button", name="More for: Adam Novak").click()
    page.locator(".menu:popover-open").get_by_text("Make Owner…").click()
    page.get_by_role("dialog").locator("#confirm").wait_for()


def ownership_of_adam() -> str:
    return f"{SETTINGS}/members/{person('Adam').memberships[0].id}/ownership"


def of_maya(what: str) -> object:
    def path() -> str:
        return f"{SETTINGS}/members/{person('Maya').memberships[0].id}/{what}"

    return path


def team_page() -> str:
    return f"{SETTINGS}/teams/{team().id}"


MEMBERS = f"{SETTINGS}/members"

ORGANIZATION = [
    Row("nowhere", "/", MEMBER, in_nothing_yet, act=lambda page: page.get_by_text("in no").first),
    Row("home", HOME, MEMBER),
    Row("home-of-admin", HOME),
    Row("home-connected", HOME, MEMBER, lambda _: connect_and_choose()),
    Row("home-failing", HOME, ADMIN, failing),
    Row("home-overdue", HOME, MEMBER, overdue),
    Row("home-empty", "/organizations/empty", ADMIN, without_teams),
    Row("team", lambda: f"{HOME}/teams/{team().id}", MEMBER),
    Row("team-empty", lambda: f"{HOME}/teams/{factories.team(acme(), 'Web').id}"),
    Row("retrospective-new", f"{HOME}/retrospectives/new"),
    Row(
        "retrospective-new-wrong",
        f"{HOME}/retrospectives/new",
        act=press("Create retrospective", "Enter a title.", Title="  "),
    ),
    Row("members", MEMBERS, ADMIN, invited),
    Row("members-of-owner", MEMBERS, OWNER),
    Row("members-menu", MEMBERS, OWNER, act=open_menu),
    Row("member-removal", MEMBERS, act=ask_to("Remove…")),
    Row("member-removal-page", of_maya("removal")),
    Row("member-removal-of-facilitator", of_fatima),
    Row("member-ownership", MEMBERS, OWNER, act=ask_to_own),
    Row("member-ownership-page", ownership_of_adam, OWNER),
    Row(
        "member-ownership-wrong",
        ownership_of_adam,
        OWNER,
        act=press("Transfer ownership", "not your current password", Your_password="wrong"),
    ),
    Row(
        "member-ownership-without-password",
        ownership_of_adam,
        OWNER,
        without_password(OWNER),
        environment=PROVIDER,
    ),
    Row(
        "invitation-refused",
        MEMBERS,
        act=press("Send invitation", "e-mail address", **{"E-mail": "nobody@"}),
    ),
    Row(
        "invited-without-mail",
        MEMBERS,
        act=press("Send invitation", f"{LONG} is invited", **{"E-mail": LONG}),
        environment=NO_MAIL,
    ),
    Row("teams", f"{SETTINGS}/teams"),
    Row("teams-wrong", f"{SETTINGS}/teams", act=press("Create team", "name", Name="Platform")),
    Row("team-settings", team_page),
    Row(
        "team-last-facilitator",
        team_page,
        act=press("Remove Fatima Said", "without a facilitator"),
    ),
    Row("departure-page", f"{HOME}/departure", FACILITATOR),
    Row("departure-without-mail", f"{HOME}/departure", FACILITATOR, environment=NO_MAIL),
    Row("departure", "/account", MEMBER, act=ask_to_leave),
    Row("team-settings-of-nobody", lambda: f"{SETTINGS}/teams/{factories.team(acme(), 'Web').id}"),
    Row("general", f"{SETTINGS}/general"),
    Row("general-wrong", f"{SETTINGS}/general", act=press("Save name", "Enter a name.", Name="  ")),
    Row("team-archive-page", lambda: f"{team_page()}/archive", state=failing),
    Row("team-archived", lambda: f"{HOME}/teams/{team().id}", MEMBER, archived),
    Row("team-settings-archived", team_page, state=archived),
    Row("teams-archived", f"{SETTINGS}/teams", state=archived),
    Row("plan", f"{SETTINGS}/plan", OWNER),
    Row("plan-of-admin", f"{SETTINGS}/plan"),
    Row("plan-free", f"{SETTINGS}/plan", OWNER, lambda _: (connect(), make_free())),
    Row("plan-change-page", f"{SETTINGS}/plan/change/free", OWNER, failing),
    Row("plan-upgrade-page", f"{SETTINGS}/plan/change/enterprise", OWNER),
    Row("outbox", "/demo/outbox", OWNER, lambda scene: (invited(scene), scene.work())),
    Row("outbox-empty", "/demo/outbox", OWNER),
]
