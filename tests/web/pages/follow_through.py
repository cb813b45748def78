"""Follow-through: with everything, of one team, without Jira, and before there is anything."""

from app.extensions import db
from app.models import ActionItem, JiraSettings
from app.services.organizations import team_archive
from tests.support import follow_through
from tests.support.acme import acme, connect_and_choose, person, team
from tests.web.pages.doors import LONG
from tests.web.pages.row import ADMIN, MEMBER, Row, Scene

PAGE = "/organizations/acme/follow-through"


def full(_: Scene) -> None:
    follow_through.months_of_items()


def without_webhooks(_: Scene) -> None:
    connect_and_choose()
    db.session.add(JiraSettings(organization=acme(), version=1, webhooks_enabled=False))
    follow_through.months_of_items()
    team().name = LONG[:120]


def archived(scene: Scene) -> None:
    full(scene)
    team_archive.archive(team("Mobile"), person("Adam"))


def behind(_: Scene) -> None:
    follow_through.months_of_items()
    follow_through.written(follow_through.retrospective(), 3)


def few(_: Scene) -> None:
    follow_through.written(follow_through.retrospective(), 40, 3)
    follow_through.count()


def nothing_written(_: Scene) -> None:
    for item in db.session.query(ActionItem):
        item.deleted_at = item.created_at
    follow_through.count()


def of_team() -> str:
    return f"{PAGE}?team={team().id}&months=12"


FOLLOW_THROUGH = [
    Row(
        "follow-through", PAGE, ADMIN, full, act=lambda page: page.locator("summary").first.click()
    ),
    Row(
        "follow-through-numbers",
        f"{PAGE}?months=12",
        ADMIN,
        full,
        act=lambda page: page.locator(".chart summary").click(),
    ),
    Row("follow-through-of-team", of_team, MEMBER, full),
    Row("follow-through-of-archived", PAGE, ADMIN, archived),
    Row("follow-through-without-webhooks", PAGE, ADMIN, without_webhooks),
    Row("follow-through-behind", PAGE, ADMIN, behind),
    Row("follow-through-too-few", f"{PAGE}?months=3", MEMBER, few),
    Row("follow-through-empty", PAGE, MEMBER),
    Row("follow-through-nothing-written", PAGE, ADMIN, nothing_written),
    Row("home-follow-through", "/organizations/acme", ADMIN, full),
    Row("action-items-untouched", "/organizations/acme/action-items?touched=no", ADMIN, full),
]
