"""Finish in Jira: Jira's own form, held for the person who fills it in, and its key beneath."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, FailureCode, Finishing
from app.services import pulses
from app.services.errors import TeamNotMapped
from app.services.linking import choices, finishing, issue_search, own_issues
from app.services.linking.choices import Choice
from app.services.linking.finishing import SUGGESTS
from app.services.linking.prefilled_form import address_of
from app.services.mapping.mappings import mapping_for
from app.services.outbound.links import active_link
from app.services.panel.advice import listed
from app.web import issue_searches
from app.web.access import signed_in_user
from app.web.existing_issues import to_be_linked
from app.web.formatting import today
from app.web.listings import listing_of
from app.web.panel_fragments import page_of, row_or_page
from app.web.partials import html_partial

bp = Blueprint("finishings", __name__, url_prefix="/action-items/<int:item_id>/finishing")


@bp.get("")
def show(item_id: int) -> ResponseReturnValue:
    item = to_be_linked(item_id)
    return render_template("finishings/show.html", **_context(item))


@bp.post("")
def create(item_id: int) -> ResponseReturnValue:
    item = to_be_linked(item_id)
    finishing.begin(item, signed_in_user())
    db.session.commit()
    return redirect(url_for("finishings.show", item_id=item.id), 303)


@bp.post("/removal")
def destroy(item_id: int) -> ResponseReturnValue:
    item = to_be_linked(item_id)
    finishing.stop(item, signed_in_user())
    db.session.commit()
    said = f"No longer waiting: {item.title}"
    return row_or_page(item, announce=said, focus=f"m-{item.id}-button")


@bp.get("/suggestions")
@issue_searches.always_limited
def suggestions(item_id: int) -> ResponseReturnValue:
    """What the person has just created. Asked for every few seconds, for some minutes: of Jira
    each time, so that a pulse of our own rows would not say whether there is news."""
    item = to_be_linked(item_id)
    mine = _mine(item)
    query = own_issues.query_of(item, signed_in_user(), mine, utcnow()) if mine else ""
    found = _suggested(item, mine, query) if mine and query else []
    context = _context(item, found)
    db.session.commit()
    if request.args.get("seen") == context["token"]:
        return "", 204
    said = f"You have just created {found[0].issue.key}" if found else ""
    return html_partial("finishings/_suggestions.html", announce=said, **context)


def _suggested(item: ActionItem, mine: Finishing, query: str) -> list[Choice]:
    """No transaction stays open while Jira answers."""
    question = choices.question_of(item, signed_in_user(), "")
    db.session.commit()
    answered = own_issues.ask(question.connection_id, query)
    issue_search.keep_pause(question.connection_id, answered)
    found = choices.shown_of(question, answered, item, signed_in_user())
    return own_issues.suggestions(found, mine)


def _mine(item: ActionItem) -> Finishing | None:
    row = finishing.now_of(item)
    return row if row is not None and row.user_id == signed_in_user().id else None


def _lacking(item: ActionItem) -> str:
    """What the project demands and Unpack cannot fill, as Jira has refused it."""
    link = active_link(item)
    if link is None or link.failure_code is not FailureCode.REQUIRED_FIELD:
        return ""
    return listed(tuple(link.failure_fields or ()))


def _shown(choice: Choice) -> tuple[str | None, ...]:
    issue = choice.issue
    return (choice.url, issue.key, issue.summary, issue.status_name)


def _context(item: ActionItem, suggested: Sequence[Choice] = ()) -> dict[str, Any]:
    """What the page and its part show. It looks for ten minutes, where it knows for whom."""
    row, now = finishing.now_of(item), utcnow()
    mapping = mapping_for(item.retrospective.team)
    connection = item.retrospective.team.organization.connection
    if mapping is None or connection is None:
        raise TeamNotMapped
    looks = _mine(item) and own_issues.query_of(item, signed_in_user(), row, now) if row else ""
    seen = map(_shown, suggested)
    looks_until = row.started_at + SUGGESTS if row and looks else None
    return {
        "item": item,
        "retrospective": listing_of(item),
        "page": page_of(listing_of(item), item),
        "mapping": mapping,
        "lacking": _lacking(item),
        "today": today(),
        "finishing": row,
        "mine": _mine(item),
        "form": address_of(item, mapping, connection.site_url),
        "looks_until": looks_until,
        "suggested": suggested,
        "token": pulses.digest((looks_until, mapping.project_key, today(), *seen)),
    }
