"""Retry: one failed entry of the sync log, or all of them."""

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.identifiers import is_number
from app.models import Organization, SyncEntry
from app.services.labels import plural
from app.services.outbound.links import failed_count
from app.services.sync_log import pages, retry, views
from app.services.sync_log.rows import LogRow, rows_of
from app.web.access import administered_organization_or_404, signed_in_user
from app.web.formatting import today
from app.web.partials import partial_or_redirect
from app.web.sync_log import page_of
from app.web.sync_log_filters import place_from_request

bp = Blueprint(
    "retries", __name__, url_prefix="/organizations/<slug>/settings/integrations/jira/sync-log"
)


@bp.post("/<int:entry_id>/retries")
def create(slug: str, entry_id: int) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    entry = _entry_or_404(organization, entry_id)
    retried = retry.retry_entry(organization, signed_in_user(), entry)
    db.session.commit()
    row = _row(organization, _entry_or_404(organization, entry_id))
    said = _trying(organization) if retried else row.state.fact
    answer = make_response(
        partial_or_redirect(
            "sync_log/_entry.html",
            page_of(slug, anchor=row.id),
            announce=f"{said}: {row.title}",
            organization=organization,
            row=row,
            has_focus=True,
            today=today(),
            asked=place_from_request(),
        )
    )
    answer.headers["HX-Trigger"] = "log-changed"  # the counts around the row look again
    return answer


@bp.get("/retries/new")
def new(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    failed = failed_count(organization)
    if not failed or not views.may_retry(organization):
        flash(_NOTHING_FAILED if not failed else _CANNOT, "busy")
        return redirect(url_for("sync_log.index", slug=slug), 303)
    return render_template(
        "sync_log/retry_all.html",
        organization=organization,
        failed=failed,
        teams=retry.failed_by_team(organization),
    )


@bp.post("/retries")
def create_all(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    named = request.form.getlist("entry")
    only = [int(each) for each in named if is_number(each)] if named else None
    count = retry.retry_all(organization, signed_in_user(), only)
    db.session.commit()
    if count:
        verb = "is" if count == 1 else "are"
        after = " after Resume" if _suspended(organization) else ""
        flash(f"{plural(count, 'action item')} {verb} tried again{after}.", "ok")
    else:
        flash(_NOTHING_FAILED, "busy")
    return redirect(page_of(slug), 303)


_NOTHING_FAILED = "Nothing has failed, so there is nothing to retry."
_CANNOT = "Jira is not connected, so nothing can be retried now."


def _trying(organization: Organization) -> str:
    return "Tried again after Resume" if _suspended(organization) else "Trying again"


def _suspended(organization: Organization) -> bool:
    connection = organization.connection
    return connection is not None and connection.suspended


def _entry_or_404(organization: Organization, entry_id: int) -> SyncEntry:
    entry = pages.entry_of(organization, entry_id)
    if entry is None:
        abort(404)
    return entry


def _row(organization: Organization, entry: SyncEntry) -> LogRow:
    may_retry = views.may_retry(organization)
    return rows_of(organization, [entry], may_retry=may_retry)[0]
