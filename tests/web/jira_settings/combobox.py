"""What is remembered of Jira, and the list of projects as somebody at a browser uses it."""

from datetime import timedelta
from typing import TYPE_CHECKING

from app.clock import utcnow
from app.extensions import db
from app.models import JiraIssueType, JiraProject
from tests.support.acme import connect

if TYPE_CHECKING:
    from playwright.sync_api import Page


PROJECTS = {
    "PLAT": "Platform Engineering",
    "PLAN": "Planning and Forecasts",
    "MOB": "Mobile Apps",
    "SEC": "Security Reviews",
}


SCREEN = ("summary", "description", "duedate", "assignee")


def remember_jira() -> None:
    """Four projects with two types each, as a job would have read them."""
    connection = connect()
    connection.projects_fetched_at = utcnow()
    for number, (key, name) in enumerate(PROJECTS.items()):
        project_id = str(10000 + number)
        db.session.add(
            JiraProject(
                connection_id=connection.id,
                project_id=project_id,
                key=key,
                name=name,
                may_create=key != "SEC",
                types_fetched_at=utcnow() + timedelta(minutes=1),
            )
        )
        for type_id, type_name in (("1", "Task"), ("2", "Sub-task")):
            db.session.add(
                JiraIssueType(
                    connection_id=connection.id,
                    project_id=project_id,
                    issue_type_id=type_id,
                    name=type_name,
                    subtask=type_id == "2",
                    hierarchy_level=-1 if type_id == "2" else 0,
                    fields=[
                        {"id": id, "name": id, "required": False, "has_default": False}
                        for id in SCREEN
                    ],
                )
            )
    db.session.commit()


def project(page: "Page", label: str = "Default Project"):
    # The input that takes the select's place: before the script has run there is only the select.
    named = page.get_by_role("combobox", name=label, exact=True)
    return page.locator("input").and_(named)


def search(page: "Page", text: str) -> None:
    project(page).fill(text)
    page.locator(".combo-foot", has_text=" of ").or_(
        page.locator(".combo-foot", has_text="None")
    ).first.wait_for()
