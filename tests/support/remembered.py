"""What is remembered of Jira, as a job would have read it."""

from datetime import timedelta

from app.clock import utcnow
from app.extensions import db
from app.models import JiraConnection, JiraIssueType, JiraProject
from tests.support.acme import connect

PROJECTS = {
    "PLAT": "Platform Engineering",
    "PLAN": "Planning and Forecasts",
    "MOB": "Mobile Apps",
    "SEC": "Security Reviews",
}
SCREEN = ("summary", "description", "duedate", "assignee")


def remember_jira() -> JiraConnection:
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
    return connection
