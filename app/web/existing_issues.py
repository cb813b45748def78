"""Linking an action item to an issue that exists: looking for it, and choosing it."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models import ActionItem
from app.services.linking import by_hand, choices, issue_search
from app.services.linking.by_hand import NotFree
from app.services.linking.choices import Choice, Choices
from app.services.organizations import permissions
from app.web import issue_searches
from app.web.access import action_item_or_404, require, signed_in_user
from app.web.listings import listing_of
from app.web.panel_fragments import page_of, row_or_page
from app.web.partials import html_partial, wants_partial

bp = Blueprint("existing_issues", __name__, url_prefix="/action-items/<int:item_id>/issue")


@dataclass(frozen=True)
class Found:
    """What was asked for, and what was found; None: nothing was asked for."""

    query: str = ""
    found: Choices | None = None


@bp.get("")
@issue_searches.limited
def new(item_id: int) -> ResponseReturnValue:
    item = to_be_linked(item_id)
    found = find(item, issue_searches.asked())
    if wants_partial() and request.headers.get("HX-Target") == "found":
        in_dialog = "dialog" in request.args
        return html_partial("existing_issues/_found.html", **_context(item, found, in_dialog))
    return render_template("existing_issues/new.html", **_context(item, found, wants_partial()))


@bp.post("")
@issue_searches.limited
def create(item_id: int) -> ResponseReturnValue:
    item = to_be_linked(item_id)
    key = issue_searches.asked()
    found = find(item, key)
    chosen = only_free(found)
    if chosen is None or found.found is None:
        return _refused(item, found)
    try:
        by_hand.link(item, chosen, found.found.cloud_id, signed_in_user())
    except NotFree as taken:
        db.session.rollback()
        return _refused(item, Found(key, Choices(trouble=taken.sentence)))
    db.session.commit()
    return linked(item, chosen.issue.key)


def to_be_linked(item_id: int) -> ActionItem:
    """The action item, for who may choose its issue."""
    item = action_item_or_404(item_id)
    require(permissions.may_sync(signed_in_user(), item))
    return item


def find(item: ActionItem, query: str) -> Found:
    """Ask Jira. No transaction stays open meanwhile."""
    question = choices.question_of(item, signed_in_user(), query)
    db.session.commit()
    answered = choices.ask(question)
    issue_search.keep_pause(question.connection_id, answered)
    found = choices.choices_of(question, answered, item, signed_in_user())
    db.session.commit()
    return Found(query, found if query else None)


def only_free(found: Found) -> Choice | None:
    """The one issue that the key names, if it may be chosen."""
    free = found.found.free if found.found is not None else []
    return free[0] if len(free) == 1 else None


def linked(item: ActionItem, key: str) -> ResponseReturnValue:
    """Its row in the panel; else the item's own page, where differences will stand."""
    said = f"Linked to {key}. Nothing was changed on either side."
    if wants_partial():
        return row_or_page(item, announce=said, focus=f"m-{item.id}-button")
    flash(said, "ok")
    return redirect(url_for("action_items.show", item_id=item.id), 303)


def _refused(item: ActionItem, found: Found) -> ResponseReturnValue:
    """What was chosen cannot be had: the page, or the part of it that shows what was found."""
    if found.found is None:
        found = Found(found.query, Choices(trouble="Paste the key of an issue, or search for one."))
    context = _context(item, found, wants_partial())
    if not wants_partial():
        return render_template("existing_issues/new.html", **context), 422
    answer = make_response(html_partial("existing_issues/_found.html", **context), 422)
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#found", "outerHTML"
    return answer


def _context(item: ActionItem, found: Found, in_dialog: bool) -> dict[str, Any]:
    connection = item.retrospective.team.organization.connection
    assert connection is not None  # or nothing could have been asked
    return {
        "item": item,
        "retrospective": listing_of(item),
        "query": found.query,
        "found": found.found,
        "in_dialog": in_dialog,
        "reach": choices.reach_of(item, signed_in_user(), connection),
        "page": page_of(listing_of(item), item),
    }
