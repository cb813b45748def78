"""What people see on a site: its projects, boards and issues."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from demo.jira_cloud.answers.refusals import JiraRefusal
from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.catalog.accounts import ACCOUNTS
from demo.jira_cloud.catalog.fields import FIELDS
from demo.jira_cloud.catalog.sites import PROJECTS, Project, project_by_key
from demo.jira_cloud.catalog.workflows import RESOLUTIONS, Status
from demo.jira_cloud.issues import actions
from demo.jira_cloud.issues.changelog import plain
from demo.jira_cloud.pages.adf_html import html
from demo.jira_cloud.pages.field_form import Input, filled, inputs
from demo.jira_cloud.pages.frame import control, desk, frame, project_named, site, world
from demo.jira_cloud.state import offered, records
from demo.jira_cloud.state.records import Issue

blueprint = Blueprint("site", __name__)


@blueprint.get("/")
def projects() -> str:
    """All projects, those with issues first."""
    counts: dict[str, int] = {}
    for issue in _issues():
        counts[issue["project"]] = counts.get(issue["project"], 0) + 1
    listed = sorted(PROJECTS[site().slug], key=lambda each: (-counts.get(each.key, 0), each.key))
    return render_template("jira/projects.html", projects=listed, counts=counts, **frame())


@blueprint.get("/jira/projects/<key>/board")
def board(key: str) -> str:
    """The board of one project."""
    project = project_named(key)
    cards = [_card(issue) for issue in _issues() if issue["project"] == key]
    columns = [
        (status, [card for card in cards if card["status"] == status.id])
        for status in _statuses(project)
    ]
    return render_template("jira/board.html", project=project, columns=columns, **frame())


@blueprint.get("/browse/<key>")
def issue(key: str) -> str | AnyResponse:
    """One issue; a key from before a move leads to the new one, a project's to its board."""
    if any(project.key == key for project in PROJECTS[site().slug]):
        return redirect(f"/jira/projects/{key}/board", 302)
    found = _find(key)
    if found["key"] != key:
        return redirect(f"/browse/{found['key']}", 302)
    return _issue_page(found)


@blueprint.post("/browse/<key>/transition")
def transition(key: str) -> AnyResponse:
    """Bring the issue into the status named by the button."""
    found = _find(key)
    wanted = request.form.get("status", "")
    project = project_by_key(site().slug, found["project"])
    status = next((each for each in _statuses(project) if each.id == wanted), None)
    if status is None:
        raise NotFound
    control().transition_issue(found["id"], status.name, site=site().slug)
    return redirect(_back(f"/browse/{found['key']}"), 303)


@blueprint.post("/browse/<key>/edit")
def edit(key: str) -> str | AnyResponse | tuple[str, int]:
    """Whatever was changed in the form."""
    found = _find(key)
    wanted = filled({name: request.form.getlist(name) for name in request.form}, _inputs(found))
    try:
        control().edit_issue(found["id"], site=site().slug, **wanted)
    except ValueError as error:
        return _issue_page(found, problem=str(error)), 422
    return redirect(f"/browse/{found['key']}", 303)


@blueprint.post("/browse/<key>/move")
def move(key: str) -> AnyResponse:
    """To another project, which gives it a new key."""
    found, project = _find(key), project_named(request.form.get("project", ""))
    moved = control().move_issue(found["id"], project.key, site=site().slug)
    return redirect(f"/browse/{moved['key']}", 303)


@blueprint.post("/browse/<key>/delete")
def delete(key: str) -> AnyResponse:
    """Gone for good."""
    found = _find(key)
    control().delete_issue(found["id"], site=site().slug)
    return redirect(f"/jira/projects/{found['project']}/board", 303)


@blueprint.route("/rest/<path:_>", methods=["GET", "POST", "PUT", "DELETE"])
def rest(_: str) -> tuple[dict[str, Any], int]:
    """A 3LO token is no good here: its audience is api.atlassian.com (jira-platform.md §1.6)."""
    refusal = JiraRefusal(401, text("anonymous"))
    return refusal.collection("en"), 401


def _issue_page(found: Issue, problem: str | None = None) -> str:
    project = project_by_key(site().slug, found["project"])
    status = actions.status_of(world(), found)
    workflow = offered.workflow(world(), project, found["type"])
    others = [each for each in workflow.statuses if each != status]
    fields = found["fields"]
    return render_template(
        "jira/issue.html",
        issue=found,
        status=status,
        others=others,
        inputs=_inputs(found),
        description=html(fields.get("description")),
        rows=_rows(found),
        targets=sorted(PROJECTS[site().slug], key=lambda each: each.key),
        problem=problem,
        **frame(),
    )


def _inputs(found: Issue) -> list[Input]:
    project = project_by_key(site().slug, found["project"])
    with world().transaction():
        return inputs(desk(), project, found["type"], found["fields"])


def _rows(found: Issue) -> list[tuple[str, str]]:
    """The remaining fields, each in words."""
    zone = ACCOUNTS[found["creator"]].zone
    fields = found["fields"]
    rows = [
        ("Type", found["type"]),
        ("Resolution", RESOLUTIONS.get(found["resolution"] or "", "Unresolved")),
        ("Reporter", ACCOUNTS[fields["reporter"]].name),
        ("Created by", ACCOUNTS[found["creator"]].name),
        ("Created", _readable(found["created"], zone)),
        ("Updated", _readable(found["updated"], zone)),
    ]
    project = project_by_key(site().slug, found["project"])
    in_form = {each.id for each in _inputs(found)} | {"summary", "description", "reporter"}
    for name, value in fields.items():
        if name not in in_form and value is not None:
            rows.append((FIELDS[name].name, plain(project, name, value) or "None"))
    return rows


def _statuses(project: Project) -> list[Status]:
    """Every status of the project's types, each once."""
    listed = [
        status
        for type_name in project.type_names
        for status in offered.workflow(world(), project, type_name).statuses
    ]
    return list(dict.fromkeys(listed))


def _readable(timestamp: float, zone: str) -> str:
    return f"{datetime.fromtimestamp(timestamp, ZoneInfo(zone)):%Y-%m-%d %H:%M:%S} {zone}"


def _card(found: Issue) -> dict[str, Any]:
    assignee = found["fields"].get("assignee")
    return {
        "key": found["key"],
        "type": found["type"],
        "status": found["status"],
        "summary": found["fields"]["summary"],
        "due": found["fields"].get("duedate"),
        "assignee": ACCOUNTS[assignee].name if assignee else None,
    }


def _issues() -> list[Issue]:
    with world().transaction():
        every = list(world().table("issues").values())
    return [issue for issue in every if issue["site"] == site().slug]


def _find(key: str) -> Issue:
    with world().transaction():
        found = records.find(world(), site(), key)
    if found is None:
        raise NotFound
    return found


def _back(otherwise: str) -> str:
    """The board that a card was moved on; nothing else is believed."""
    target = request.form.get("back", "")
    return target if re.fullmatch(r"/jira/projects/[A-Z]+/board", target) else otherwise
