"""The ways out of an issue's status, and what their screens ask (jira-platform.md §11.10)."""

from typing import Any

from demo.jira_cloud.answers.refusals import BareRefusal, JiraRefusal
from demo.jira_cloud.answers.texts import Text, text
from demo.jira_cloud.catalog.fields import FIELDS
from demo.jira_cloud.catalog.sites import Project
from demo.jira_cloud.catalog.workflows import RESOLUTIONS, Transition
from demo.jira_cloud.issues import actions
from demo.jira_cloud.issues.bad_value import BadValue, Place
from demo.jira_cloud.issues.kinds import check
from demo.jira_cloud.state import offered, permissions
from demo.jira_cloud.state.records import Desk, Issue

RESOLUTION = "resolution"


def ways(desk: Desk, issue: Issue, project: Project) -> list[Transition]:
    """The transitions that the account may use now: none without the permission."""
    if not permissions.allowed(desk.world, desk.account, permissions.TRANSITION, project):
        return []
    return offered.ways_from(desk.world, project, issue["type"], issue["status"])


def carry_out(desk: Desk, issue: Issue, project: Project, body: dict[str, Any]) -> None:
    """Do what the body of a transition asks. Raises JiraRefusal."""
    wanted, given = body.get("transition"), body.get("fields") or {}
    asked = wanted.get("id") if isinstance(wanted, dict) else None
    if not isinstance(given, dict) or body.get("update"):
        raise BareRefusal(400, text("bad_payload"))
    way = next((each for each in ways(desk, issue, project) if each.id == asked), None)
    if way is None:
        raise JiraRefusal(400, text("bad_transition"))
    values = _answers(Place(desk, project, issue["type"]), way, given)
    resolution = values.pop(RESOLUTION, way.resolution)
    if values:
        actions.change(desk, issue, values)
    # Only what is done has one.
    actions.transition(desk, issue, way.to, resolution if way.to.category == "done" else None)


def _answers(place: Place, way: Transition, given: dict[str, Any]) -> dict[str, Any]:
    questions = {each.field: each for each in way.screen}
    values: dict[str, Any] = {}
    errors: dict[str, Text] = {}
    for name, value in given.items():
        try:
            values[name] = _answer(place, name, value, name in questions or name == way.demand)
        except BadValue as bad:
            errors[name] = bad.sentence
    for name, question in questions.items():
        if question.required and name not in errors and values.get(name) in (None, "", []):
            if question.default is None or name in given:
                errors[name] = text("required", name=name_of(name))
            else:
                values[name] = question.default
    if errors:
        raise JiraRefusal(400, errors=errors)
    if way.demand is not None and values.get(way.demand) is None:
        raise JiraRefusal(400, text("validator", name=name_of(way.demand)))
    return values


def _answer(place: Place, name: str, value: Any, asked: bool) -> Any:
    if not asked:
        raise BadValue(text("not_on_screen", field=name))
    return _resolution(value) if name == RESOLUTION else check(place, FIELDS[name], value)


def _resolution(value: Any) -> str:
    if isinstance(value, dict) and len(value) == 1:
        for identity, name in RESOLUTIONS.items():
            if value in ({"id": identity}, {"name": name}):
                return identity
    raise BadValue(text("bad_value", name="Resolution"))


def name_of(field_id: str) -> str:
    """The name of a field on a transition's screen."""
    return "Resolution" if field_id == RESOLUTION else FIELDS[field_id].name
