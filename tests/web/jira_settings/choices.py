"""The choices of the form, and what is kept of them."""

from typing import Any

from app.extensions import db
from app.models import JiraProject, ProjectMapping
from tests.support.acme import team
from tests.support.atlassian import JIRA
from tests.support.pages import text_of
from tests.support.people import Person

TASK, STORY, EPIC, SUBTASK, CHANGE, ILLUSTRATION = (
    "10001", "10002", "10000", "10004", "10005", "10006",
)  # fmt: skip


def project(key: str) -> JiraProject:
    return db.session.query(JiraProject).filter_by(key=key).one()


def chosen(key: str, issue_type: str = TASK, version: int = 0, **more: Any) -> dict[str, Any]:
    """The form with a default project and type."""
    return {"version": version, "project": project(key).project_id, "type": issue_type} | more


def ask_for_types(person: Person, work, *keys: str) -> None:
    """Choose projects one after the other, as the page does, and let Jira answer."""
    for key in keys:
        person.post(f"{JIRA}/issue-types", chosen(key), htmx=True)
    work()


def mapping(team_name: str | None = None) -> ProjectMapping | None:
    db.session.expire_all()
    team_id = team(team_name).id if team_name else None
    return db.session.query(ProjectMapping).filter_by(team_id=team_id).one_or_none()


def options(answer, field: str) -> dict[str, bool]:
    """The options of a select by their words, and whether they can be chosen."""
    select = next(each for each in answer.page.all("select") if each.get("name") == field)
    return {text_of(each): "disabled" not in each.attrib for each in select.iter("option")}
