"""Action items: the organization's list, one item, adding and editing."""

from flask import Blueprint, abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.markdown import render_html
from app.models import ActionItem, Retrospective
from app.services.activity import timeline
from app.services.fields.sources import site_of
from app.services.linking import undecided
from app.services.organizations import permissions
from app.services.panel import list_words, panels
from app.services.retrospectives import action_item_search, action_items, item_texts
from app.web.access import (
    action_item_or_404,
    organization_or_404,
    require,
    retrospective_or_404,
    signed_in_user,
)
from app.web.action_item_filters import filter_words, filters_from_request, position_from_request
from app.web.action_item_forms import ActionItemForm, form_for
from app.web.formatting import today, viewer_zone
from app.web.listings import listing_of
from app.web.panel_fragments import panel_context, panel_or_page, row_or_page
from app.web.partials import html_partial, invalid, wants_partial

bp = Blueprint("action_items", __name__)


@bp.get("/organizations/<slug>/action-items")
def index(slug: str) -> ResponseReturnValue:
    organization = organization_or_404(slug)
    teams = action_item_search.readable_teams(signed_in_user(), organization)
    filters = filters_from_request(organization)
    found = action_item_search.search(
        organization,
        teams,
        filters,
        today(),
        after=position_from_request("after"),
        before=position_from_request("before"),
    )
    return render_template(
        "action_items/index.html",
        organization=organization,
        teams=teams,
        people=action_item_search.people_of(teams),
        filters=filters,
        asked=filter_words(filters),
        words=list_words.words_of(
            filters, organization.name, every_team=len(teams) == len(organization.teams)
        ),
        found=found,
        remark=list_words.remark_of(found.reach, cut=found.cut),
        states=panels.states_of(organization, found.items),
        today=today(),
    )


@bp.get("/action-items/<int:item_id>")
def show(item_id: int) -> ResponseReturnValue:
    item = action_item_or_404(item_id)
    panel = panels.panel_of(listing_of(item))
    row = panel.row_of(item)
    context = panel_context(panel, row=row, undecided=undecided.sides_of(item, row.link))
    if wants_partial():
        focus = f"m-{item.id}-button" if request.args.get("focus") == "menu" else None
        return html_partial("action_items/_row.html", **{**context, "focus": focus})
    site = site_of(item.retrospective.team.organization)
    description = render_html(item.description, site)
    return render_template(
        "action_items/show.html",
        description=description,
        activity=timeline.timeline_of(item, _asked_activity(), viewer_zone()),
        **context,
    )


@bp.get("/retrospectives/<int:retrospective_id>/action-items/new")
def new(retrospective_id: int) -> ResponseReturnValue:
    retrospective = _to_be_added_to(retrospective_id)
    if not retrospective.phase.has_action_items:
        abort(409, action_items.ActionItemsNotYet.sentence)
    form = _form(retrospective)
    template = "action_items/_add.html" if wants_partial() else "action_items/new.html"
    return render_template(template, **_form_context(retrospective, form))


@bp.post("/retrospectives/<int:retrospective_id>/action-items")
def create(retrospective_id: int) -> ResponseReturnValue:
    retrospective = _to_be_added_to(retrospective_id)
    form = _form(retrospective)
    if not form.validate():
        context = _form_context(retrospective, form)
        answer = make_response(
            invalid("action_items/new.html", "action_items/_add.html", **context)
        )
        # The form asks for the whole panel; with errors it is only itself that comes back.
        answer.headers["HX-Retarget"] = "#add-line"
        return answer
    item = action_items.add(retrospective, form.fields(None), signed_in_user())
    db.session.commit()
    # The form stays, for the next one.
    again = _form_context(retrospective, _form(retrospective, empty=True)) | {"added": True}
    return panel_or_page(retrospective, announce="Action item added", at=item, **again)


@bp.post("/retrospectives/<int:retrospective_id>/description-previews")
def preview(retrospective_id: int) -> ResponseReturnValue:
    """What a description that somebody is writing will look like. Nothing is kept."""
    site = site_of(retrospective_or_404(retrospective_id).team.organization)
    description = item_texts.clean_description(request.form.get("description", ""))
    return html_partial(
        "action_items/_preview.html",
        announce="Preview shown",
        description=render_html(description, site) if description.strip() else "",
    )


@bp.get("/action-items/<int:item_id>/edit")
def edit(item_id: int) -> ResponseReturnValue:
    item = _to_be_edited(item_id)
    form = _form(listing_of(item), item)
    template = "action_items/_form_row.html" if wants_partial() else "action_items/edit.html"
    return render_template(template, **_form_context(listing_of(item), form, item))


@bp.post("/action-items/<int:item_id>")
def update(item_id: int) -> ResponseReturnValue:
    item = _to_be_edited(item_id)
    form = _form(listing_of(item), item)
    if not form.validate():
        context = _form_context(listing_of(item), form, item)
        return invalid("action_items/edit.html", "action_items/_form_row.html", **context)
    action_items.edit(item, form.fields(item), signed_in_user())
    db.session.commit()
    return row_or_page(item, focus=f"m-{item.id}-button")


def _asked_activity() -> timeline.Where:
    """`?activity=here` or `jira`; all of it for any other word."""
    asked = request.args.get("activity", "")
    return timeline.Where(asked) if asked in set(timeline.Where) else timeline.Where.ALL


def _to_be_added_to(retrospective_id: int) -> Retrospective:
    retrospective = retrospective_or_404(retrospective_id)
    require(permissions.may_add(signed_in_user(), retrospective))
    return retrospective


def _to_be_edited(item_id: int) -> ActionItem:
    item = action_item_or_404(item_id)
    require(permissions.may_edit(signed_in_user(), item))
    return item


def _form(
    retrospective: Retrospective, item: ActionItem | None = None, *, empty: bool = False
) -> ActionItemForm:
    """Members write action items; whose they are is the facilitators' and admins' business."""
    may_assign = permissions.may_assign(signed_in_user(), retrospective.team)
    require(may_assign or "assignee" not in request.form)
    return form_for(retrospective, item, may_assign=may_assign, empty=empty)


def _form_context(
    retrospective: Retrospective, form: ActionItemForm, item: ActionItem | None = None
) -> dict[str, object]:
    page = url_for("retrospectives.show", retrospective_id=retrospective.id)
    return {
        "retrospective": retrospective,
        "form": form,
        "item": item,
        "page": page,
        "in_panel": wants_partial(),
        "added": False,
    }
