"""What a team committed before, on its next retrospective's page, in each state."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from app.clock import utcnow
from app.extensions import db
from app.models import CompletedIn, JiraSettings, LinkState, Phase, Retrospective
from app.services.retrospectives import dropping
from tests.support import factories
from tests.support.acme import acme, connect_and_choose, person
from tests.support.carried import carried, committed_before, linked, next_one, untouched_here
from tests.web.pages.row import FACILITATOR, MEMBER, Row, Scene

if TYPE_CHECKING:
    from playwright.sync_api import Page


def sprint_15() -> Retrospective:
    return db.session.query(Retrospective).filter_by(title="Sprint 15 Retro").one()


def at(rest: str = "") -> Callable[[], str]:
    """Rows ask for their address before their state is there."""

    def address() -> str:
        committed_before(days=28)
        return f"/retrospectives/{next_one(looked_back_at=utcnow()).id}{rest}"

    return address


def every_rank(_: Scene) -> None:
    """An item in each way in which it may stand, with webhooks."""
    connect_and_choose()
    db.session.add(JiraSettings(organization=acme(), webhooks_enabled=True))
    later = sprint_15()
    before = db.session.query(Retrospective).filter_by(title="Sprint 14 Retro").one()
    overdue, untouched, doing, gone, here = before.action_items
    linked(overdue, "PLAT-143")
    linked(doing, "PLAT-145", "indeterminate", "In Progress")
    linked(untouched, "PLAT-144")
    linked(gone, "PLAT-140", state=LinkState.DELETED)
    linked(here, "PLAT-146", "new", "Ready for development and waiting for somebody")
    for each in before.action_items:
        each.due_on = date(2026, 1, 1) if each is overdue else None
        each.touched_in_jira_at = utcnow() - timedelta(days=1) if each is doing else None
        untouched_here(each)
    overdue.assignee, doing.assignee = person("Tom"), person("Maya")
    carried(overdue, factories.retrospective(before.team, Phase.CLOSED, title="Incident review"))
    carried(here, later)
    done = factories.action_item(before, f"Done since: {'Wörd' * 30}", assignee=person("Maya"))
    linked(done, "PLAT-147", "done", "Done")
    done.completed_at, done.completed_in = utcnow(), CompletedIn.JIRA
    dropped = factories.action_item(before, "Try mob programming for a week")
    linked(dropped, "PLAT-148")
    db.session.flush()
    dropping.drop(dropped, person("Fatima"), "Nobody wants it any more")
    factories.action_item(later, "Try trunk-based development for one sprint")


def jira_down(_: Scene) -> None:
    connect_and_choose()
    later = sprint_15()
    later.phase, later.looked_back_at = Phase.CHECK_IN, utcnow() - timedelta(minutes=1)
    before = db.session.query(Retrospective).filter_by(title="Sprint 14 Retro").one()
    for number, item in enumerate(before.action_items[:3]):
        seen = {"status_seen_at": utcnow() - timedelta(days=1)}
        linked(item, f"PLAT-14{number}", "new", "To Do", **seen)
    linked(before.action_items[3], "PLAT-149", "done", "Done", status_seen_at=utcnow())


def ask_to_drop(page: "Page") -> None:
    page.wait_for_function("document.body['htmx-internal-data'] !== undefined")
    page.get_by_role("link", name="Drop… Rotate the on-call schedule every two weeks").click()
    page.get_by_role("dialog").locator("#confirm").wait_for()


def drop_page() -> str:
    page = at()()
    before = db.session.query(Retrospective).filter_by(title="Sprint 14 Retro").one()
    return f"{page}/last-time/{before.action_items[0].id}/drop"


def sprint_14_page() -> str:
    committed_before(days=28)
    next_one(looked_back_at=utcnow())
    before = db.session.query(Retrospective).filter_by(title="Sprint 14 Retro").one()
    return f"/retrospectives/{before.id}"


LAST_TIME = [
    Row("last-time", at(), FACILITATOR, every_rank),
    Row("last-time-of-a-member", at(), MEMBER, every_rank),
    Row("last-time-jira-down", at(), MEMBER, jira_down),
    Row("last-time-without-jira", at(), FACILITATOR),
    Row("drop", at(), FACILITATOR, act=ask_to_drop),
    Row("drop-page", drop_page, FACILITATOR, every_rank),
    Row("dropped-where-it-was-written", sprint_14_page, FACILITATOR, every_rank),
    Row("preview-of-what-was-carried-over", at("/commit"), FACILITATOR, every_rank),
]
