"""Rows of a panel that were drawn before: who looks at the same row is given the same bytes, with
the token of their own answer in its forms.

A retrospective's people look at the same rows, and of 50 rows one is new. What a row is drawn from
is its key, so nothing is given that is not what would be drawn.
"""

from typing import Any

from flask import Flask, current_app, request
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from app.services.panel.panels import Row
from app.services.retrospectives import due_words
from app.web import listings
from app.web.formatting import viewer_zone
from app.web.parameters import NUL

TEMPLATE = "action_items/_row.html"
MOST = 5_000  # some 3 kB each


_drawn: dict[tuple[object, ...], str] = {}


def init_app(app: Flask) -> None:
    app.jinja_env.globals["drawn_row"] = drawn_row


@pass_context
def drawn_row(context: Context, row: Row) -> Markup:
    """What the template of a row makes of it in that context."""
    if row.state.differences or context["focus"] or context["undo"]:
        return Markup(_draw(context, row))  # nosec B704 # noqa: S704 - a template's own HTML
    key = _key(context, row)
    html = _drawn.get(key)
    if html is None:
        if len(_drawn) >= MOST:
            _drawn.clear()
        html = _drawn[key] = for_anybody(_draw(context, row))
    return Markup(for_this_answer(html))  # nosec B704 # noqa: S704 - as above


def for_anybody(html: str) -> str:
    """What was drawn for this answer, without its token."""
    return html.replace(_token(), NUL)  # no text of anybody has a NUL in it


def for_this_answer(html: str) -> str:
    """What was drawn for anybody, with the token of this answer."""
    return html.replace(NUL, _token())


def _token() -> str:
    """As the forms of this answer have it."""
    masked_token: Any = current_app.jinja_env.globals["csrf_token"]
    return str(masked_token())


def _key(context: Context, row: Row) -> tuple[object, ...]:
    item, viewer = row.item, context["viewer"]
    assignee = item.assignee and (item.assignee.name, item.assignee.initials)
    due = due_words.words_of(item, context["today"], row.state.key.text if row.state.key else None)
    shown = (item.id, item.title, assignee, due)
    offers = viewer.offers(row, context["panel"])
    around = (context["slug"], context["today"], str(viewer_zone()), request.script_root)
    listing = listings.named_for(item.id)
    return (row.version, *shown, offers, viewer.administers, listing, *around)


def _draw(context: Context, row: Row) -> str:
    template = context.environment.get_template(TEMPLATE)
    values: dict[str, Any] = {**context.get_all(), "row": row}
    return template.render(values)
