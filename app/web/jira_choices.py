"""What of the settings page depends on Jira. It is asked for here, and arrives by a job."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models import JiraConnection, Organization
from app.services.errors import JiraNotConnected
from app.services.grants.asking import usable_connection
from app.services.owed import metadata_reads
from app.services.pulses import Watched
from app.services.settings import form, project_choices, status_choices
from app.services.settings.drafts import DEFAULT, DO_NOT_SYNC, Draft
from app.web import polls, value_drafts
from app.web.access import administered_organization_or_404, require, require_jira
from app.web.jira_drafts import arguments_of, draft_from, draft_named
from app.web.jira_settings import page_context
from app.web.one_moment import only_read_from_now_on
from app.web.partials import html_partial, wants_partial

bp = Blueprint(
    "jira_choices", __name__, url_prefix="/organizations/<slug>/settings/integrations/jira"
)

LONGEST_ADDRESS = 3_500  # characters; web servers refuse a request line of 4,096


@bp.get("/projects")
def index(slug: str) -> ResponseReturnValue:
    """The rows of the project list that match what was typed."""
    _, connection = connected(slug)
    query = request.args.get("query", "")
    found = project_choices.search(connection, query)
    return render_template(
        "jira_settings/_projects.html",
        found=found,
        query=query.strip(),
        connection=connection,
        with_default="default" in request.args,
        do_not_sync=DO_NOT_SYNC,
    )


@bp.get("/issue-types")
def show(slug: str) -> ResponseReturnValue:
    """The choices as filled in, once something in Jira's part of them has changed."""
    watched = administered_organization_or_404(slug)
    filled = request.args.get("filled") == form.filled_in(draft_named(request.args))
    if wants_partial() and filled and polls.nothing_new(watched, Watched.CHOICES):
        return "", 204
    organization, connection = connected(slug)
    draft = draft_from(request.args, organization)
    if not wants_partial():
        return _page(organization, connection, draft)
    if request.args.get("seen") == form.news_of(connection, draft):
        return "", 204
    answer = make_response(_fragment(organization, connection))
    answer.headers["HX-Trigger-After-Swap"] = "jira-fields"  # the rows look by themselves
    return answer


@bp.post("/issue-types")
def choose(slug: str) -> ResponseReturnValue:
    """A project was chosen: its issue types are wanted."""
    organization, connection = connected(slug)
    draft = draft_from(request.form, organization)
    chosen = {choice.project_id for choice in draft.choices.values() if choice.project_id}
    metadata_reads.want_types(connection, chosen)
    db.session.commit()
    only_read_from_now_on()
    if not wants_partial():
        return _page(organization, connection, draft)
    return _fragment(organization, connection)


@bp.post("/projects")
def refresh(slug: str) -> ResponseReturnValue:
    """Try again: the project list is wanted once more, and with it whatever else is owed."""
    organization, connection = connected(slug)
    metadata_reads.want_projects(connection)
    metadata_reads.want_types(connection, status_choices.unread(connection))
    db.session.commit()
    only_read_from_now_on()
    if not wants_partial():
        return _page(organization, connection, draft_from(request.form, organization))
    return _fragment(organization, connection)


@bp.get("/checks")
def status(slug: str) -> ResponseReturnValue:
    """The connection card, once something in it has changed."""
    if polls.nothing_new(administered_organization_or_404(slug), Watched.CHOICES):
        return "", 204
    organization, connection = connected(slug)
    if not wants_partial():
        return redirect(url_for("jira_settings.edit", slug=slug), 303)
    if request.args.get("seen") == form.news_of(connection):
        return "", 204
    return html_partial("jira_settings/_status.html", **page_context(organization, connection))


@bp.post("/checks")
def create(slug: str) -> ResponseReturnValue:
    """Check now: the project list and every mapping are looked at again."""
    organization, connection = connected(slug)
    metadata_reads.want_projects(connection)
    metadata_reads.owe_checks(connection)
    db.session.commit()
    only_read_from_now_on()
    if not wants_partial():
        return redirect(url_for("jira_settings.edit", slug=slug), 303)
    html = html_partial("jira_settings/_status.html", **page_context(organization, connection))
    answer = make_response(html)
    answer.headers["HX-Trigger"] = "jira-look"  # the choices begin to poll as well
    return answer


def connected(slug: str) -> tuple[Organization, JiraConnection]:
    """The organization and its connection, for Owner and Admins; 403 without plan or grant."""
    organization = administered_organization_or_404(slug)
    require_jira(organization)
    connection = usable_connection(organization)
    require(connection is not None, JiraNotConnected.sentence)
    assert connection is not None
    return organization, connection


def _page(
    organization: Organization, connection: JiraConnection, draft: Draft
) -> ResponseReturnValue:
    """The whole page as filled in, for a browser without scripts: at an address that may be loaded
    again, unless so much is filled in that no server would take it."""
    address = url_for("jira_settings.edit", slug=organization.slug, **arguments_of(draft))
    if len(address) <= LONGEST_ADDRESS:
        return redirect(address, 303)
    context = page_context(organization, connection, draft)
    return render_template("jira_settings/edit.html", **context)


def _fragment(organization: Organization, connection: JiraConnection) -> str:
    """Drawn from the form as it is filled in now, so that nothing typed is lost by a swap. With the
    field values, if they were drawn for another project or type."""
    draft = draft_from(request.values, organization)
    context = page_context(organization, connection, draft)
    chosen = draft.choice(DEFAULT)
    shown = request.values.get(value_drafts.SHOWN)
    moved = request.method == "POST" and shown != f"{chosen.project_id}/{chosen.issue_type_id}"
    return html_partial("jira_settings/_news.html", moved=moved, **context)
