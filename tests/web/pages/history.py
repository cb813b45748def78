"""The history, and the page before a change is undone."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.extensions import db
from app.models import JiraIssueType, JiraProject
from app.services import audit
from tests.support import factories
from tests.support.acme import acme, connect_and_choose, items, person, team
from tests.web.pages.doors import LONG
from tests.web.pages.jira_settings import known
from tests.web.pages.row import Row, Scene

if TYPE_CHECKING:
    from playwright.sync_api import Page

HISTORY = "/organizations/acme/settings/history"
UNDOING = f"{HISTORY}/1/0/undoing"  # of the first change that is recorded
PLAT, PLAN, GONE = ["10000", "1"], ["10001", "1"], ["10999", "1"]


def every_kind(_: Scene) -> None:
    known()
    adam, maya = person("Adam"), person("Maya")
    maya.name = "Wörd" * 25
    record = audit.record
    record(acme(), adam, "plan-changed", before="free", after="pro")
    record(acme(), adam, "team-renamed", team=team().id, before=LONG, after="Platform " * 12)
    record(acme(), maya, "role-changed", member=adam.id, role="admin")
    record(acme(), None, "sessions-ended", member=maya.id, sessions=2)
    record(acme(), adam, "jira.unlinked", action_item=items()[0].id, before="PLAT-142")
    factories.settings_saved(acme(), adam, {"0": GONE}, {"0": PLAN})
    undone = factories.settings_saved(acme(), adam, {"0": PLAN}, {"0": GONE})
    record(acme(), maya, "undone", event=undone.id, part="0")
    factories.settings_saved(acme(), adam, {"0": PLAN}, {"0": PLAT, str(team().id): PLAN})


def changed(before: list[str], after: list[str] = PLAT) -> Callable[[Scene], None]:
    def arrange(_: Scene) -> None:
        known()
        factories.settings_saved(acme(), person("Adam"), {"0": before}, {"0": after})

    return arrange


def asked(scene: Scene) -> None:
    changed(PLAN)(scene)
    db.session.query(JiraIssueType).filter_by(project_id=PLAN[0]).delete()
    db.session.query(JiraProject).filter_by(project_id=PLAN[0]).one().types_fetched_at = None


def changed_then_connected(_: Scene) -> None:
    connect_and_choose()
    factories.settings_saved(acme(), person("Adam"), {}, {"0": ["10001", "10101"]})


def undo(page: "Page") -> None:
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("alert").get_by_text("Choose the project").wait_for()


ROWS = [
    Row("history-empty", HISTORY),
    Row("history", HISTORY, state=every_kind),
    Row("history-none-found", f"{HISTORY}?subject=plan&who=0", state=changed(PLAN)),
    Row("history-wrong-days", f"{HISTORY}?from=soon&to=later", state=every_kind),
    Row("history-undo", UNDOING, state=changed(PLAN)),
    Row("history-undo-checking", UNDOING, state=asked),
    Row("history-undo-gone", UNDOING, state=changed(GONE)),
    Row("history-undo-changed-since", UNDOING, state=changed(PLAN, GONE)),
    Row("history-undo-refused", UNDOING, state=changed_then_connected, act=undo),
]
