"""What the tests of a restored database look at: what was changed in Jira, and whose issues are."""

from app.extensions import db
from app.models import ActionItem
from app.services.retrospectives import action_items
from app.services.retrospectives.action_items import ActionItemFields
from tests.support.connected import Acme

READS = {
    "bulkfetch", "search", "mypermissions", "token", "editmeta", "changelogs", "myself", "projects",
    "issue_types", "fields", "user_search", "assignable", "sites", "project",
}  # fmt: skip
PROPERTY = "unpack.action-item"


def written(acme: Acme) -> list[str]:
    """What was asked of Jira that changes something there, since the list was last cleared."""
    return [
        each["operation"]
        for each in acme.jira.control.requests()
        if each["method"] != "GET" and each["operation"] not in READS
    ]


def write(item: ActionItem, **changed: object) -> None:
    """Edit an action item as its form does."""
    now = {name: getattr(item, name) for name in vars(ActionItemFields(""))} | changed
    action_items.edit(item, ActionItemFields(**now))
    db.session.commit()


def summaries(acme: Acme) -> dict[str, str]:
    return {each["key"]: each["fields"]["summary"] for each in acme.issues()}


def assert_each_has_its_own(acme: Acme) -> None:
    """Jira holds one issue for each action item, and each is linked to it."""
    named = {each["properties"][PROPERTY]["link"]: each["id"] for each in acme.issues()}
    assert len(acme.issues()) == len(named) == len(acme.items)
    assert {each.public_id: each.issue_id for each in acme.links} == named
