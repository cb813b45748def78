"""The Sync Log of an organization: the page, what it polls, and the log as CSV."""

from functools import partial
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    make_response,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from app.clock import utcnow
from app.extensions import db
from app.models import Organization
from app.services.connection import cards
from app.services.labels import plural
from app.services.pulses import Watched
from app.services.sync_log import csv_export, views
from app.services.sync_log.views import Log
from app.web import csv_answers, polls
from app.web.access import administered_organization_or_404, signed_in_user, writes
from app.web.formatting import today, viewer_zone
from app.web.partials import html_partial
from app.web.sync_log_filters import (
    cursor_from_request,
    days_from_request,
    filter_words,
    filters_from_request,
    is_by_time,
    ordered_words,
    other_order_words,
    place_from_request,
    place_words,
    singly_words,
)

bp = Blueprint(
    "sync_log", __name__, url_prefix="/organizations/<slug>/settings/integrations/jira/sync-log"
)
FILTER = "log-filter"


@bp.get("")
def index(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    card = cards.card_of(organization, utcnow())
    return render_template(
        "sync_log/index.html",
        card=card,
        **log_context(organization, _log(organization)),
    )


@bp.get("/entries")
def show(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    if polls.nothing_new(organization, Watched.LOG):
        return "", 204
    log = _log(organization)
    if request.headers.get("HX-Trigger") != FILTER:
        return _fragment("sync_log/_log.html", organization, log)
    words = f"{plural(log.page.total, 'entry', 'entries')} found"
    context = log_context(organization, log)
    answer = make_response(html_partial("sync_log/_log.html", announce=words, **context))
    # The address of the page that shows the same, with what was typed, right or wrong.
    answer.headers["HX-Push-Url"] = page_of(slug)
    return answer


@bp.get("/section")
def section(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    if polls.nothing_new(organization, Watched.LOG):
        return "", 204
    return _fragment("sync_log/_section.html", organization, _section(organization))


@bp.get("/entries.csv")
@writes  # that it was downloaded
def download(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    if days_from_request().errors:
        abort(400)  # the page's own link asks for days that there are
    if request.method == "GET":
        csv_export.record_download(organization, signed_in_user())
        db.session.commit()
    name = f"sync-log-{organization.slug}-{today().isoformat()}.csv"
    batch = partial(csv_export.batch, organization.id, filters_from_request())
    return csv_answers.download(name, csv_export.HEADINGS, batch)


@bp.app_template_global()
def sync_log_section(organization: Organization) -> dict[str, Any]:
    """What the section of the settings page is drawn from, wherever it is included."""
    return log_context(organization, _section(organization))


def log_context(organization: Organization, log: Log) -> dict[str, Any]:
    """The variables of the log's templates. `asked` is the place in the log, for addresses."""
    return {
        "organization": organization,
        "log": log,
        "filtered": filter_words(log.filters),
        "ordered": ordered_words(log.filters),
        "other_order": other_order_words(log.filters),
        "singly": singly_words(log.filters),
        "asked": place_words(log.filters, log.before, log.after),
        "days": days_from_request(),
        "today": today(),
        "kept_days": current_app.config["SYNC_ATTEMPT_DAYS"],
    }


def page_of(slug: str, anchor: str | None = None) -> str:
    """The log's page as it was filtered when the request was made."""
    return url_for("sync_log.index", slug=slug, _anchor=anchor, **place_from_request())


def _log(organization: Organization) -> Log:
    filters = filters_from_request()
    return views.log_of(
        organization,
        filters,
        utcnow(),
        before=cursor_from_request("before"),
        after=cursor_from_request("after"),
        by_time=is_by_time(filters),
    )


def _section(organization: Organization) -> Log:
    return views.section_of(organization, viewer_zone(), utcnow())


def _fragment(template: str, organization: Organization, log: Log) -> ResponseReturnValue:
    if request.args.get("seen") == log.token:
        return "", 204
    settled = "" if log.interval else f"Nothing is under way. {log.failed} failed."
    return html_partial(template, announce=settled, **log_context(organization, log))
