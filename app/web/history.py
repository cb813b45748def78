"""Organization Settings, History: who changed what, and when."""

from functools import partial
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.identifiers import is_number
from app.models import Organization
from app.services.history import change_table, change_views
from app.services.history.change_pages import Wanted
from app.services.history.subjects import Subject
from app.web import csv_answers
from app.web.access import administered_organization_or_404, signed_in_user, writes
from app.web.formatting import today
from app.web.sync_log_filters import TypedDays, days_from_request

bp = Blueprint("history", __name__, url_prefix="/organizations/<slug>/settings/history")


@bp.get("")
def index(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    days = days_from_request()
    wanted = _wanted(days)
    history = change_views.history_of(
        organization, wanted, before=_number("before"), after=_number("after")
    )
    return render_template(
        "history/index.html",
        organization=organization,
        history=history,
        subjects=list(Subject),
        days=days,
        asked=_words(wanted),
        operator=change_table.OPERATOR,
    )


@bp.get("/changes.csv")
@writes  # that it was downloaded
def download(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    days = days_from_request()
    if days.errors:
        abort(400)  # the page's own link asks for days that there are
    if request.method == "GET":
        change_table.record_download(organization, signed_in_user())
        db.session.commit()
    return csv_answers.download(
        _file_name(organization),
        change_table.HEADINGS,
        partial(change_table.lines_before, organization.id, _wanted(days)),
    )


def _file_name(organization: Organization) -> str:
    return f"history-{organization.slug}-{today().isoformat()}.csv"


def _wanted(days: TypedDays) -> Wanted:
    """The filters of `?subject=&who=&from=&to=`; what makes no sense is left out."""
    subject = request.args.get("subject", "")
    return Wanted(
        subject=Subject(subject) if subject in list(Subject) else None,
        who=_number("who"),
        days=days.days,
    )


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if is_number(text) else None


def _words(wanted: Wanted) -> dict[str, Any]:
    """The filters as the words of an address."""
    words: dict[str, Any] = {}
    if wanted.subject:
        words["subject"] = wanted.subject.value
    if wanted.who is not None:
        words["who"] = wanted.who
    for name, day in [("from", wanted.days.first), ("to", wanted.days.last)] if wanted.days else []:
        if day:
            words[name] = day.isoformat()
    return words
