"""Sync past action items: choosing, watching and stopping a backfill."""

from dataclasses import dataclass
from datetime import date
from typing import Any

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

from app.clock import utcnow
from app.extensions import db
from app.models import Backfill, JiraConnection, Organization, StopReason
from app.services.backfill import past_items
from app.services.backfill import progress as backfill_progress
from app.services.backfill import runs as backfill_runs
from app.services.backfill.past_items import Wanted
from app.services.backfill.progress import Progress
from app.services.backfill.progress_words import Part, part_of
from app.services.backfill.runs import BackfillRunning, NothingToSync, OtherCount
from app.services.backfill.samples import samples_of
from app.services.connection import cards
from app.services.counts import Count
from app.services.labels import plural
from app.services.pulses import Watched
from app.services.sync_log.rows import digest
from app.web import polls
from app.web.access import administered_organization_or_404, require_jira, signed_in_user
from app.web.partials import html_partial, invalid, partial_or_redirect, wants_partial

bp = Blueprint(
    "backfill", __name__, url_prefix="/organizations/<slug>/settings/integrations/jira/backfill"
)
BRISK, CALM = 2, 5  # seconds between two looks
MOST_DIGITS = 10  # more may not fit into an id's column


@dataclass(frozen=True)
class Offer:
    """What other pages say of past action items: how many could go out, or what is running."""

    count: Count
    run: Progress | None


@bp.get("")
def index(slug: str) -> ResponseReturnValue:
    organization, connection = _usable_connection(slug)
    if connection is None:
        return redirect(url_for("integrations.index", slug=slug), 303)
    wanted, error = _wanted_from(request.args)
    context = _context(organization, wanted, error)
    if not wants_partial():
        return render_template("backfill/index.html", **context)
    if context["part"] is Part.CHOICE:
        template = "backfill/_choice.html" if "chosen" in request.args else "backfill/_form.html"
        return html_partial(template, **context)
    answer = make_response("")  # there is nothing to choose, so there is no dialog
    answer.headers["HX-Redirect"] = url_for(".index", slug=slug)
    return answer


@bp.get("/progress")
def show(slug: str) -> ResponseReturnValue:
    watched = administered_organization_or_404(slug)
    if polls.nothing_new(watched, Watched.CHOICES, Watched.BACKFILL):
        return "", 204
    organization, connection = _usable_connection(slug)
    if connection is None:
        return redirect(url_for("integrations.index", slug=slug), 303)
    wanted, error = _wanted_from(request.args)
    context = _context(organization, wanted, error)
    if request.args.get("seen") == context["token"]:
        return "", 204
    ended = not context["interval"] and context["runs"]
    said = _result_words(context["runs"][0]) if ended else ""
    return html_partial("backfill/_body.html", announce=said, **context | {"in_dialog": False})


@bp.get("/offer")
def offer(slug: str) -> ResponseReturnValue:
    organization, connection = _usable_connection(slug)
    if connection is None:
        return redirect(url_for("integrations.index", slug=slug), 303)
    return html_partial("backfill/_offer.html", organization=organization)


@bp.post("")
def create(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    require_jira(organization)
    wanted, error = _wanted_from(request.form)
    try:
        if not error:
            backfill_runs.start(organization, signed_in_user(), wanted, _promised())
    except BackfillRunning as running:
        db.session.rollback()
        flash(running.sentence, "busy")
        return _body(administered_organization_or_404(slug))
    except (NothingToSync, OtherCount) as other:
        error = _not_begun(other)
    if error:
        return _again(slug, wanted, error)
    db.session.commit()
    return _body(organization)


@bp.get("/<int:backfill_id>/stop")
def confirm_stop(slug: str, backfill_id: int) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    run = backfill_progress.progress_of(_run_or_404(organization, backfill_id))
    if not run.running:
        flash("It has ended already.", "busy")
        return redirect(url_for(".index", slug=slug), 303)
    return render_template("backfill/stop.html", organization=organization, progress=run)


@bp.post("/<int:backfill_id>/stop")
def stop(slug: str, backfill_id: int) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    run = _run_or_404(organization, backfill_id)
    stopped = backfill_runs.stop(run, StopReason.PERSON, signed_in_user())
    db.session.commit()
    words = _result_words(backfill_progress.progress_of(run))
    return _body(organization, f"Stopped. {words}" if stopped else "It had ended already.")


@bp.app_template_global()
def past_items_offer(organization: Organization) -> Offer:
    """For a line on another page of the Jira settings."""
    running = backfill_progress.running_of(organization)
    if running is not None:
        return Offer(Count(0), backfill_progress.progress_of(running))
    return Offer(past_items.ready_count(organization), None)


def _usable_connection(slug: str) -> tuple[Organization, JiraConnection | None]:
    """The organization, for its admins; its connection, if the plan lets it be used."""
    organization = administered_organization_or_404(slug)
    connection = organization.connection if organization.plan.includes_jira else None
    return organization, connection


def _run_or_404(organization: Organization, backfill_id: int) -> Backfill:
    run = db.session.get(Backfill, backfill_id)
    if run is None or run.organization_id != organization.id:
        abort(404)
    return run


def _wanted_from(fields: Any) -> tuple[Wanted, str]:
    """What was chosen, and a sentence if it cannot be read."""
    if "chosen" not in fields:
        return Wanted(), ""
    teams = frozenset(number for each in fields.getlist("team") if (number := _number(each)))
    since = fields.get("since", "").strip()
    try:
        day = date.fromisoformat(since) if since else None
    except ValueError:
        return Wanted(teams), f"“{since[:20]}” is not a date. Write it as 2026-03-31."
    return Wanted(teams, day), ""


def _promised() -> int:
    """The number on the button that was pressed."""
    return _number(request.form.get("count", ""))


def _number(text: str) -> int:
    """What `text` says in digits, if a row's id or a count can be as large; else 0."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < MOST_DIGITS else 0


def _not_begun(why: NothingToSync | OtherCount) -> str:
    if isinstance(why, OtherCount):
        return f"This comes to {plural(why.count, 'action item')}. Nothing is sent yet."
    return "Choose a team with action items that are left to sync."


def _again(slug: str, wanted: Wanted, error: str) -> ResponseReturnValue:
    """The form as it was sent, with its number. Nothing has begun."""
    db.session.rollback()
    context = _context(administered_organization_or_404(slug), wanted, error)
    return invalid("backfill/index.html", "backfill/_form.html", **context)


def _body(organization: Organization, announce: str = "") -> ResponseReturnValue:
    page = url_for(".index", slug=organization.slug)
    context = _context(organization, Wanted()) | {"in_dialog": False}
    return partial_or_redirect("backfill/_body.html", page, announce=announce, **context)


def _context(organization: Organization, wanted: Wanted, error: str = "") -> dict[str, Any]:
    card = cards.card_of(organization, utcnow())
    runs = backfill_progress.runs_of(organization)
    running = runs[0] if runs and runs[0].running else None
    choice = past_items.choice_of(organization, wanted)
    part = part_of(
        running=running is not None,
        holds_grant=card.holds_grant,
        to_choose=bool(choice.teams),
    )
    return {
        "organization": organization,
        "card": card,
        "connection": card.connection,
        "choice": choice,
        "part": part,
        "samples": samples_of(organization, choice) if part is Part.CHOICE else (),
        "error": error,
        "running": running,
        "runs": runs,
        "interval": _interval(runs, card),
        "token": digest([run.shown for run in runs], card.state, card.paused_until),
        "in_dialog": wants_partial(),
    }


def _interval(runs: list[Progress], card: cards.Card) -> int | None:
    """Seconds until the page looks again; None when nothing changes by itself."""
    if not any(run.moving for run in runs):
        return None
    return BRISK if card.state is cards.CardState.CONNECTED else CALM


def _result_words(progress: Progress) -> str:
    words = f"{progress.done} of {plural(progress.total, 'action item')} synced"
    return f"{words}, {progress.failed} failed." if progress.failed else f"{words}."
