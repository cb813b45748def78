"""The Sync Log, and Sync past action items."""

from datetime import date
from typing import TYPE_CHECKING

from app.clock import utcnow
from app.extensions import db
from app.models import (
    Backfill,
    BackfillState,
    EntryState,
    FailureCode,
    LinkState,
    MappingValue,
    Outcome,
    ProjectMapping,
)
from tests.support import factories
from tests.support.acme import acme, connect_and_choose, items, link, person, sprint_14, team
from tests.support.backfilling import past
from tests.support.sync_entries import NO, attempt, entry, failed, of_every_kind, synced
from tests.web.pages.integrations import JIRA
from tests.web.pages.row import Row, Scene

if TYPE_CHECKING:
    from playwright.sync_api import Page

LOG = f"{JIRA}/sync-log"
BACKFILL = f"{JIRA}/backfill"


def full(_: Scene) -> None:
    """A failed, a retrying, a waiting and many synced entries."""
    of_every_kind()


def on_hold(scene: Scene) -> None:
    full(scene)
    acme().connection.on_hold_since = utcnow()


def one_cause(_: Scene) -> None:
    connect_and_choose()
    for item in items():
        failed(item, NO)


def many_of_one_cause(scene: Scene) -> None:
    one_cause(scene)
    for number in range(25):
        failed(factories.action_item(sprint_14(), f"Look into alert {number + 1}"), NO)


def every_failure(_: Scene) -> None:
    connect_and_choose()
    first, *_rest = items()
    broken = link(first, LinkState.ERROR, key=None)
    for code in FailureCode:
        log = entry(broken, EntryState.ERROR, failure_code=code, failure_message="No.")
        attempt(log, Outcome.REFUSED, status=400, message="No.")
    for outcome in Outcome:
        attempt(log, outcome, status=400, message="No.")


def to_sync(_: Scene) -> None:
    connect_and_choose()
    synced(items()[0])
    past(14, held_on=date(2026, 3, 1))
    past(9, "Mobile", held_on=date(2026, 5, 1))


def to_sync_with_values(scene: Scene) -> None:
    """Each new issue gets a label and whoever facilitates, who was not looked for."""
    to_sync(scene)
    mapping = db.session.query(ProjectMapping).one()
    for position, (field_id, name, kind, value) in enumerate(
        (
            ("labels", "Labels", "labels", ["retro", "team-{team}"]),
            ("customfield_3", "Reviewer", "user", {"role": "facilitator", "fallback": None}),
        )
    ):
        row = MappingValue(field_id=field_id, name=name, kind=kind, value=value, position=position)
        row.fingerprint = kind
        mapping.values.append(row)


def run(state: BackfillState) -> Backfill:
    row = Backfill(
        organization_id=team().organization_id,
        connection_id=link_of_connection(),
        state=state,
        team_ids=[team().id],
        started_by=person("Adam"),
        total=14,
    )
    db.session.add(row)
    db.session.flush()
    return row


def link_of_connection() -> int:
    connection = team().organization.connection
    assert connection
    return connection.id


def running(scene: Scene) -> None:
    to_sync(scene)
    run(BackfillState.RUNNING)


def stopped(scene: Scene) -> None:
    to_sync(scene)
    row = run(BackfillState.STOPPED)
    row.ended_at, row.stopped_by = utcnow(), person("Owen")


def open_entry(page: "Page") -> None:
    page.get_by_text("3 tries").click()


def open_numbers(page: "Page") -> None:
    page.get_by_text("Show the numbers").click()


def open_all(page: "Page") -> None:
    for summary in page.locator("summary").all():
        summary.click()


def retry_all(page: "Page") -> None:
    ready(page)
    page.get_by_role("link", name="Retry all failed").click()
    page.get_by_role("dialog").locator("#confirm").wait_for()


def choose_past(page: "Page") -> None:
    ready(page)
    page.get_by_role("link", name="Sync past action items").click()
    page.get_by_role("dialog").get_by_role("button", name="Sync 23 action items").wait_for()


def stop(page: "Page") -> None:
    ready(page)
    page.get_by_role("link", name="Stop…").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop").wait_for()


def ready(page: "Page") -> None:
    page.wait_for_function("document.body['htmx-internal-data'] !== undefined")


SYNC_LOG = [
    Row("sync-log-empty", LOG, state=lambda _: connect_and_choose()),
    Row("sync-log", LOG, state=full),
    Row("sync-log-on-hold", LOG, state=on_hold),
    Row("sync-log-open", LOG, state=full, act=open_entry),
    Row("sync-log-failures", LOG, state=every_failure, act=open_all),
    Row("sync-log-none-found", f"{LOG}?text=nowhere", state=full),
    Row("sync-log-failed", f"{LOG}?shown=failed", state=full),
    Row("sync-log-one-cause", f"{LOG}?shown=failed", state=one_cause),
    Row("sync-log-many", f"{LOG}?shown=failed", state=many_of_one_cause),
    Row("sync-log-by-time", f"{LOG}?shown=failed&by=time", state=many_of_one_cause),
    Row("sync-log-wrong-days", f"{LOG}?from=soon", state=full),
    Row("sync-log-section", JIRA, state=full, act=open_numbers),
    Row("sync-log-retry-all", LOG, state=full, act=retry_all),
    Row("sync-log-retry-all-page", f"{LOG}/retries/new", state=full),
    Row("backfill", BACKFILL, state=to_sync),
    Row("backfill-with-values", BACKFILL, state=to_sync_with_values),
    Row("backfill-nothing", BACKFILL, state=lambda _: connect_and_choose()),
    Row("backfill-dialog", LOG, state=to_sync, act=choose_past),
    Row("backfill-running", BACKFILL, state=running),
    Row("backfill-stopping", BACKFILL, state=running, act=stop),
    Row("backfill-stopped", BACKFILL, state=stopped),
    Row("backfill-offer", JIRA, state=to_sync),
]
