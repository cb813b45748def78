"""Issues that people write in the stand-in, and action items that are linked to them."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.extensions import db
from app.models import ActionItem, IssueLink
from app.services.grants import clients
from demo.jira_cloud.catalog.sites import PROJECTS
from tests.support.people import Person

if TYPE_CHECKING:
    from tests.support.connected import Acme

PROPERTY = "unpack.action-item"
ELSEWHERE = "0" * 32  # a link that no database of the tests has
FATIMA = "facilitator@acme.test"
OTHER = next(each.key for each in PROJECTS["acme-eng"] if each.key != "PLAT")


def issue(acme: "Acme", summary: str, project: str = "PLAT", **fields: Any) -> dict[str, Any]:
    """Somebody in Jira writes an issue."""
    return acme.jira.control.create_issue(project, summary, **fields)


def address(item: ActionItem, what: str = "issue") -> str:
    return f"/action-items/{item.id}/{what}"


def choose(person: Person, item: ActionItem, typed: str, **how: Any) -> Any:
    """Link the item to the issue with that key, or at that address."""
    return person.post(address(item), {"query": typed}, **how)


def press(person: Person, item: ActionItem, typed: str) -> Callable[[], Any]:
    """The same, to be called in a thread that has no rows."""
    return partial(person.post, address(item), {"query": typed})


def search(person: Person, item: ActionItem, typed: str, **how: Any) -> Any:
    """Look for issues that the item might be linked to."""
    return person.get(address(item), query_string={"query": typed}, **how)


def has_no_link(item: ActionItem) -> bool:
    db.session.expire_all()
    return db.session.query(IssueLink).filter_by(action_item_id=item.id).count() == 0


def link_of(item: ActionItem) -> IssueLink:
    """The item's active link, as the database has it now."""
    db.session.expire_all()
    active = select(IssueLink).filter_by(action_item_id=item.id, active=True)
    return db.session.scalars(active).one()


def mark_in(acme: "Acme", key: str) -> dict[str, str] | None:
    """What the issue says of whose it is."""
    found: dict[str, str] | None = acme.jira.control.issue(key)["properties"].get(PROPERTY)
    return found


def claim_elsewhere(acme: "Acme", key: str) -> None:
    """Somebody else's Unpack says that the issue is theirs."""
    connection_id = acme.connection.id
    db.session.commit()
    client = clients.client_of(connection_id)
    client.set_issue_property(key, PROPERTY, {"id": "theirs", "link": ELSEWHERE})
    client.close()


def linked(acme: "Acme", person: Person, drain: Any, **fields: Any) -> tuple[ActionItem, str]:
    """The first item, linked to an issue that somebody wrote, and the issue's key."""
    key = issue(acme, fields.pop("summary", "Incident reviews with Support"), **fields)["key"]
    item = acme.items[0]
    choose(person, item, key)
    drain()
    acme.jira.control.clear_requests()
    return item, key
