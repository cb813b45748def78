"""Action items: the list, one alone, and the pages of what is done to one."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from app.clock import utcnow
from app.extensions import db
from app.models import (
    CompletedIn,
    EntryState,
    FailureCode,
    JiraSettings,
    LinkState,
    Operation,
    OwedCategory,
    OwedStatus,
    Phase,
    SyncEntry,
)
from app.models.difference import Difference, keep_differences
from app.services import item_changes
from tests.support.acme import acme, connect_and_choose, items, link, links_of, person, sprint_14
from tests.web.pages.row import ADMIN, FACILITATOR, MEMBER, Row, Scene

if TYPE_CHECKING:
    from playwright.sync_api import Page

CANARY = "Add a canary stage to the deploy pipeline"
LIST = "/organizations/acme/action-items"
STATUSES = (
    ("To Do", "new"),
    ("In Review", "indeterminate"),
    ("Waiting for the other team’s approval and a maintenance window", "indeterminate"),
    ("Won’t Do", "done"),
)
WRITTEN = """\
# A heading

To **do** with *care*, ~~soon~~ `now`, see <https://wiki.acme.test/a_b>:

- [ ] rotate the **key**
- [x] tell [Mia](mailto:mia@acme.test)
  1. first
  2. second

| step | who |
|:-----|----:|
| 1    | Tom |

> a quote

> [!NOTE]
> A note.

```python
print("code")
```

---

<details><summary>More</summary>inside</details> H<sub>2</sub>O<br>x<sup>2</sup> <kbd>Ctrl</kbd>
"""


def choose(page: "Page", title: str, entry: str) -> None:
    page.wait_for_function("document.body['htmx-internal-data'] !== undefined")
    page.get_by_role("button", name=f"More for: {title}").click()
    page.locator(".menu:popover-open").get_by_text(entry, exact=True).click()


def add_form(page: "Page") -> None:
    page.wait_for_function("document.body['htmx-internal-data'] !== undefined")
    page.get_by_role("link", name="Add action item").click()
    page.get_by_label("Title").wait_for()


def preview_description(page: "Page") -> None:
    add_form(page)
    page.get_by_label("Description").fill(WRITTEN)
    page.get_by_role("radio", name="Preview").check()
    page.get_by_role("region", name="Preview").get_by_text("A note.").wait_for()


def some_states(_: Scene) -> None:
    connect_and_choose()
    sprint_14(Phase.COMMIT)
    first, second, third, *_rest = items()
    first.description = WRITTEN
    link(first)
    link(second, LinkState.ERROR, key=None, failure_code=FailureCode.MAY_NOT_CREATE, tries=4)
    link(third, LinkState.DELETED)


def statuses(*, webhooks: bool) -> Callable[[Scene], None]:
    """Issues whose status is known: while Jira tells us of changes, or as it was read."""

    def arrange(_: Scene) -> None:
        connection = connect_and_choose()
        sprint_14(Phase.COMMIT)
        organization_id = connection.organization_id
        db.session.add(JiraSettings(organization_id=organization_id, webhooks_enabled=webhooks))
        states = (LinkState.SYNCED, LinkState.SYNCED, LinkState.ERROR, LinkState.SYNCED)
        for number, (state, status) in enumerate(zip(states, STATUSES, strict=True)):
            row = link(items()[number], state, key=f"PLAT-14{number}")
            row.seen_status_name, row.seen_status_category = status
            row.status_seen_at = utcnow() - timedelta(days=number)

    return arrange


def owing(scene: Scene) -> None:
    """Completed here, and on the way to a status, or not."""
    statuses(webhooks=True)(scene)
    found = (
        {"due_at": utcnow()},
        {"due_at": utcnow() + timedelta(minutes=5), "tries": 2,
         "failure_code": FailureCode.STATUS_REFUSED, "failure_message": "Not now."},
        {"failure_code": FailureCode.SCREEN_ASKS_MORE, "failure_fields": ["Root cause"]},
        {"failure_code": FailureCode.JIRA_UNAVAILABLE, "tries": 4},
    )  # fmt: skip
    for item, values in zip(items(), found, strict=False):
        item.completed_at, item.completed_in = utcnow(), CompletedIn.UNPACK
        db.session.flush()
        row = links_of(item)[0]
        row.state, row.seen_status_category = LinkState.SYNCED, "new"
        row.seen_status_name = "In Review"
        given = {"tries": 0, **values}
        db.session.add(
            OwedStatus(
                link=row,
                owed=OwedCategory.DONE,
                since=utcnow(),
                status_name="Done",
                own=[],
                **given,
            )
        )


def two_texts(scene: Scene) -> None:
    some_states(scene)
    known = Difference("sha256:seen", "Other words.", by="Maya Lindqvist", at=utcnow())
    keep_differences(links_of(items()[0])[0], {"description": known})


def much_happened(_: Scene) -> None:
    connect_and_choose()
    sprint_14(Phase.COMMIT).committed_at = utcnow()
    first, *_rest = items()
    row = link(first)
    was = {"assignee_id": None, "due_on": date(2026, 11, 20), "title": "Canaries " + "W" * 90}
    item_changes.record_values(first, was, person("Fatima"))
    item_changes.record_values(first, {"due_on": None}, None, from_jira=True)
    for number, operation in enumerate(Operation):
        db.session.add(
            SyncEntry(
                organization_id=acme().id,
                team_id=first.retrospective.team_id,
                link=row,
                action_item=first,
                operation=operation,
                state=EntryState.ERROR if operation is Operation.UPDATE else EntryState.SYNCED,
                fields=["summary", "duedate"],
                failure_message="The title is too long.",
                tries=3,
                updated_at=utcnow() - number * timedelta(hours=5),
            )
        )


def item(number: int, what: str = "") -> object:
    return lambda: f"/action-items/{items()[number].id}{what}"


def new() -> str:
    return f"/retrospectives/{items()[0].retrospective_id}/action-items/new"


def panel() -> str:
    return f"/retrospectives/{items()[0].retrospective_id}"


def save_nothing(page: "Page") -> None:
    page.get_by_label("Title").fill("   ")
    page.get_by_role("button", name="Save").or_(page.get_by_role("button", name="Add")).click()
    page.get_by_text("An action item needs a title.").wait_for()


ACTION_ITEMS = [
    Row("action-items", LIST, MEMBER, some_states),
    Row("action-items-all", f"{LIST}?state=all&owner=", ADMIN, some_states),
    Row("action-items-none-found", f"{LIST}?text=nowhere", MEMBER),
    Row("action-item", item(0), ADMIN, some_states),
    Row("action-item-failed", item(1), ADMIN, some_states),
    Row("action-item-deleted-in-jira", item(2), ADMIN, some_states),
    Row("action-item-two-texts", item(0), FACILITATOR, two_texts),
    Row("action-items-statuses", LIST, MEMBER, statuses(webhooks=True)),
    Row("action-items-statuses-as-read", LIST, MEMBER, statuses(webhooks=False)),
    Row("action-item-status", item(1), MEMBER, statuses(webhooks=True)),
    Row("action-item-status-as-read", item(1), MEMBER, statuses(webhooks=False)),
    Row("home-statuses", "/organizations/acme", MEMBER, statuses(webhooks=True)),
    Row("panel-statuses", panel, FACILITATOR, statuses(webhooks=True)),
    Row("panel-statuses-as-read", panel, FACILITATOR, statuses(webhooks=False)),
    Row("action-item-activity", item(0), ADMIN, much_happened),
    Row("panel-owing", panel, FACILITATOR, owing),
    Row("action-item-owing", item(2), FACILITATOR, owing),
    Row("action-item-new", new, FACILITATOR),
    Row("action-item-new-wrong", new, FACILITATOR, act=save_nothing),
    Row("action-item-edit", item(0, "/edit"), FACILITATOR, some_states),
    Row("action-item-edit-of-owner", item(0, "/edit"), MEMBER),
    Row("action-item-edit-wrong", item(0, "/edit"), FACILITATOR, act=save_nothing),
    Row("action-item-deletion", item(0, "/deletion"), FACILITATOR, some_states),
    Row("action-item-unlink", item(0, "/link/removal"), FACILITATOR, some_states),
]
