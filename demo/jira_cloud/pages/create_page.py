"""The page that creates an issue, filled in by its address (jira-platform.md §11.5)."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import NotFound, RequestURITooLarge
from werkzeug.wrappers import Response as AnyResponse

from demo.jira_cloud.catalog.accounts import ACCOUNTS
from demo.jira_cloud.catalog.sites import PROJECTS, Project
from demo.jira_cloud.pages.field_form import Input, filled, inputs
from demo.jira_cloud.pages.frame import control, desk, frame, people, site, world
from demo.jira_cloud.state import permissions

blueprint = Blueprint("create", __name__)

PATH = "/secure/CreateIssueDetails!init.jspa"
# Longer ones were seen to fail on their way.
LONGEST_ADDRESS = 4_000
# Other parameters change nothing: a date would have to be in the reader's own form.
_READ = ("summary", "description", "priority", "labels", "components", "fixVersions", "versions")


@blueprint.get(PATH)
def show() -> str:
    """The form, with what the address says already in it."""
    if len(request.url) > LONGEST_ADDRESS:
        raise RequestURITooLarge
    project, type_name = _target()
    with world().transaction():
        shown = inputs(desk(), project, type_name, {})
    return _page(project, type_name, [_from_address(each) for each in shown])


@blueprint.post(PATH)
def create() -> str | AnyResponse | tuple[str, int]:
    """Create it as whoever is chosen, with their permissions and every validator."""
    project, type_name = _target()
    person = ACCOUNTS.get(request.form.get("person", ""))
    if person is None:
        raise NotFound
    with world().transaction():
        shown = inputs(replace(desk(), account=person), project, type_name, {})
    form = {name: request.form.getlist(name) for name in request.form}
    fields = filled(form, shown)
    try:
        made = control().create_issue(
            project.key,
            fields.pop("summary", ""),
            site=site().slug,
            type=type_name,
            actor=person.email,
            **fields,
        )
    except ValueError as error:
        typed = [replace(each, values=form.get(each.id, [])) for each in shown]
        return _page(project, type_name, typed, problem=str(error)), 422
    return redirect(f"/browse/{made['key']}", 303)


def _page(
    project: Project, type_name: str, shown: Sequence[Input], problem: str | None = None
) -> str:
    return render_template(
        "jira/create.html",
        project=project,
        type_name=type_name,
        inputs=shown,
        people=people(),
        problem=problem,
        **frame(),
    )


def _target() -> tuple[Project, str]:
    """The project and type that the address names by id, or no page."""
    asked = request.args.get("pid", "")
    for project in PROJECTS[site().slug]:
        if project.id == asked:
            type_id = request.args.get("issuetype", "")
            name = permissions.type_name_of(world(), project, type_id)
            if name is not None:
                return project, name
    raise NotFound


def _from_address(shown: Input) -> Input:
    readable = shown.id in _READ or shown.id.startswith("customfield_")
    values = request.args.getlist(shown.id) if readable else []
    known = {value for value, _ in shown.choices}
    if shown.widget in ("line", "area"):
        values = [" ".join(values) if shown.id == "labels" else values[0]] if values else []
    elif known:
        values = [value for value in values if value in known]
    return replace(shown, values=values)
