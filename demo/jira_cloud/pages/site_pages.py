"""What people see on a site: its projects, boards and issues."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, g, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from demo.jira_cloud.answers.refusals import JiraRefusal
from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.catalog.accounts import ACCOUNTS, Account, by_email
from demo.jira_cloud.catalog.fields import FIELDS
from demo.jira_cloud.catalog.sites import PROJECTS, Project, Site, project_by_key
from demo.jira_cloud.catalog.workflows import RESOLUTIONS, Status
from demo.jira_cloud.cloud import Cloud
from demo.jira_cloud.control.verbs import ACTOR, Control
from demo.jira_cloud.issues import actions
from demo.jira_cloud.issues.changelog import plain
from demo.jira_cloud.pages.adf_html import html
from demo.jira_cloud.state import offered, records
from demo.jira_cloud.state.records import Issue

blueprint = Blueprint("site", __name__)

_SHOWN_ELSEWHERE = {"summary", "description", "assignee", "duedate", "reporter", "labels"}


@blueprint.get("/")
def projects() -> str:
    """All projects, those with issues first."""
    counts: dict[str, int] = {}
    for issue in _issues():
        counts[issue["project"]] = counts.get(issue["project"], 0) + 1
    listed = sorted(PROJECTS[_site().slug], key=lambda each: (-counts.get(each.key, 0), each.key))
    return render_template("jira/projects.html", projects=listed, counts=counts, **_frame())


@blueprint.get("/jira/projects/<key>/board")
def board(key: str) -> str:
    """The board of one project."""
    project = _project(key)
    cards = [_card(issue) for issue in _issues() if issue["project"] == key]
    columns = [
        (status, [card for card in cards if card["status"] == status.id])
        for status in _statuses(project)
    ]
    return render_template("jira/board.html", project=project, columns=columns, **_frame())


@blueprint.get("/browse/<key>")
def issue(key: str) -> str | AnyResponse:
    """One issue; a key from before a move leads to the new one, a project's to its board."""
    if any(project.key == key for project in PROJECTS[_site().slug]):
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
    project = project_by_key(_site().slug, found["project"])
    status = next((each for each in _statuses(project) if each.id == wanted), None)
    if status is None:
        raise NotFound
    _control().transition_issue(found["id"], status.name, site=_site().slug)
    return redirect(_back(f"/browse/{found['key']}"), 303)


@blueprint.post("/browse/<key>/edit")
def edit(key: str) -> str | AnyResponse | tuple[str, int]:
    """Summary, assignee and due date."""
    found, form = _find(key), request.form
    assignee = form.get("assignee") or None
    fields: dict[str, Any] = {
        "summary": form.get("summary", ""),
        "assignee": {"accountId": assignee} if assignee else None,
        "duedate": form.get("duedate") or None,
    }
    shown = _editable(found)
    wanted = {name: value for name, value in fields.items() if name in shown}
    try:
        _control().edit_issue(found["id"], site=_site().slug, **wanted)
    except ValueError as error:
        return _issue_page(found, problem=str(error)), 422
    return redirect(f"/browse/{found['key']}", 303)


@blueprint.post("/browse/<key>/move")
def move(key: str) -> AnyResponse:
    """To another project, which gives it a new key."""
    found, project = _find(key), _project(request.form.get("project", ""))
    moved = _control().move_issue(found["id"], project.key, site=_site().slug)
    return redirect(f"/browse/{moved['key']}", 303)


@blueprint.post("/browse/<key>/delete")
def delete(key: str) -> AnyResponse:
    """Gone for good."""
    found = _find(key)
    _control().delete_issue(found["id"], site=_site().slug)
    return redirect(f"/jira/projects/{found['project']}/board", 303)


@blueprint.route("/rest/<path:_>", methods=["GET", "POST", "PUT", "DELETE"])
def rest(_: str) -> tuple[dict[str, Any], int]:
    """A 3LO token is no good here: its audience is api.atlassian.com (jira-platform.md §1.6)."""
    refusal = JiraRefusal(401, text("anonymous"))
    return refusal.collection("en"), 401


def _issue_page(found: Issue, problem: str | None = None) -> str:
    project = project_by_key(_site().slug, found["project"])
    cloud: Cloud = current_app.extensions["cloud"]
    status = actions.status_of(cloud.world, found)
    workflow = offered.workflow(cloud.world, project, found["type"])
    others = [each for each in workflow.statuses if each != status]
    fields = found["fields"]
    return render_template(
        "jira/issue.html",
        issue=found,
        status=status,
        others=others,
        editable=_editable(found),
        description=html(fields.get("description")),
        rows=_rows(found),
        people=_people(),
        targets=sorted(PROJECTS[_site().slug], key=lambda each: each.key),
        problem=problem,
        **_frame(),
    )


def _rows(found: Issue) -> list[tuple[str, str]]:
    """The remaining fields, each in words."""
    zone = ACCOUNTS[found["creator"]].zone
    fields = found["fields"]
    rows = [
        ("Type", found["type"]),
        ("Resolution", RESOLUTIONS.get(found["resolution"] or "", "Unresolved")),
        ("Labels", ", ".join(fields.get("labels") or []) or "None"),
        ("Reporter", ACCOUNTS[fields["reporter"]].name),
        ("Created by", ACCOUNTS[found["creator"]].name),
        ("Created", _readable(found["created"], zone)),
        ("Updated", _readable(found["updated"], zone)),
    ]
    project = project_by_key(_site().slug, found["project"])
    for name, value in fields.items():
        if name not in _SHOWN_ELSEWHERE and value is not None:
            rows.append((FIELDS[name].name, plain(project, name, value) or "None"))
    return rows


def _statuses(project: Project) -> list[Status]:
    """Every status of the project's types, each once."""
    cloud: Cloud = current_app.extensions["cloud"]
    listed = [
        status
        for type_name in project.type_names
        for status in offered.workflow(cloud.world, project, type_name).statuses
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


def _frame() -> dict[str, Any]:
    cloud: Cloud = current_app.extensions["cloud"]
    home = cloud.world.settings.base_url
    return {"site": _site(), "home": home, "actor": by_email(ACTOR), "accounts": ACCOUNTS}


def _site() -> Site:
    site: Site = g.site
    return site


def _control() -> Control:
    control: Control = current_app.extensions["cloud"].control
    return control


def _issues() -> list[Issue]:
    cloud: Cloud = current_app.extensions["cloud"]
    with cloud.world.transaction():
        every = list(cloud.world.table("issues").values())
    return [issue for issue in every if issue["site"] == _site().slug]


def _project(key: str) -> Project:
    for project in PROJECTS[_site().slug]:
        if project.key == key:
            return project
    raise NotFound


def _find(key: str) -> Issue:
    cloud: Cloud = current_app.extensions["cloud"]
    with cloud.world.transaction():
        found = records.find(cloud.world, _site(), key)
    if found is None:
        raise NotFound
    return found


def _people() -> list[Account]:
    slug = _site().slug
    people = [each for each in ACCOUNTS.values() if slug in each.sites]
    return sorted(
        (each for each in people if each.active and each.kind == "atlassian"),
        key=lambda each: each.name,
    )


def _editable(found: Issue) -> set[str]:
    cloud: Cloud = current_app.extensions["cloud"]
    with cloud.world.transaction():
        return records.editable_fields(cloud.world, _site(), found)


def _back(otherwise: str) -> str:
    """The board that a card was moved on; nothing else is believed."""
    target = request.form.get("back", "")
    return target if re.fullmatch(r"/jira/projects/[A-Z]+/board", target) else otherwise
