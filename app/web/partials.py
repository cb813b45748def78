"""One truth for page and fragment: a partial that the page includes and the route returns."""

from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue


def wants_partial() -> bool:
    """True for a request of htmx that swaps a part of the page (style.md §7.2)."""
    return (
        request.headers.get("HX-Request") == "true"
        and "HX-Boosted" not in request.headers
        and "HX-History-Restore-Request" not in request.headers
    )


def html_partial(template: str, *, announce: str = "", **context: Any) -> str:
    """Render a partial. `announce` is said to screen readers, beside what is swapped."""
    html = render_template(template, **context)
    return html + render_template("_announcement.html", words=announce) if announce else html


def partial_or_redirect(
    template: str, page: str, *, announce: str = "", **context: Any
) -> ResponseReturnValue:
    """After a write: the fragment for htmx, else 303 to `page`, which says `announce` itself."""
    if wants_partial():
        return html_partial(template, announce=announce, **context)
    if announce:
        flash(announce, "ok")
    return redirect(page, 303)


def invalid(template: str, partial: str, **context: Any) -> ResponseReturnValue:
    """The form with its errors and what was typed: 422, as a page or as its fragment."""
    return render_template(partial if wants_partial() else template, **context), 422
