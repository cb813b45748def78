"""Issues that were created without the active sprint, and what Jira then is and was asked."""

from datetime import timedelta

import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import JiraProject, MappingValue, Operation, ProjectMapping, SyncEntry

FIELD = "customfield_10020"


def map_sprint(acme) -> None:
    """Action items become Tasks of KIND, and are to be in its active sprint."""
    acme.map_to("KIND")
    acme.jira.control.add_field("sprint", "KIND", type="Task")
    mapping = db.session.query(ProjectMapping).one()
    row = MappingValue(field_id=FIELD, name="Sprint", kind="sprint", position=0)
    row.fingerprint = "com.pyxis.greenhopper.jira:gh-sprint/array/json"
    row.value = {"board": None, "label": ""}
    mapping.values.append(row)
    of_connection = {"connection_id": acme.connection.id, "project_id": mapping.project_id}
    db.session.add(JiraProject(key="KIND", name="Kinds", may_create=True, **of_connection))
    db.session.commit()


def begin(acme, name: str = "Sprint 15", board: int = 1) -> int:
    """A sprint with an issue in it: only those are found."""
    number = acme.jira.control.create_sprint("KIND", name, board=board)["id"]
    acme.jira.control.create_issue("KIND", f"In {name}", **{FIELD: number})
    acme.jira.control.catch_up()
    acme.jira.control.clear_requests()
    return number


def created(acme, drain) -> None:
    acme.commit_items()
    drain()
    acme.jira.control.clear_requests()


def later(drain, **wait: int) -> None:
    with time_machine.travel(utcnow() + timedelta(**wait)):
        drain()


def sprints(acme) -> list:
    db.session.expire_all()
    return [acme.jira.control.issue(link.issue_key)["fields"].get(FIELD) for link in acme.links]


def asked(acme) -> list[str]:
    return [each["operation"] for each in acme.jira.control.requests()]


def lines(acme, operation: Operation = Operation.UPDATE) -> list[SyncEntry]:
    found = db.session.query(SyncEntry).filter_by(issue_link_id=acme.links[0].id)
    return found.filter_by(operation=operation).all()
