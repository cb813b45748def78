"""The Jira settings of an organization: one page, one form."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import utcnow
from app.extensions import db
from app.models import JiraConnection, Organization
from app.operations.levels import level_counts, level_words
from app.services.connection import cards
from app.services.errors import JiraNotConnected, PlanWithoutJira
from app.services.fields.table import TAKEN_OVER
from app.services.grants.asking import usable_connection
from app.services.mapping import sent_values
from app.services.owed import metadata_reads
from app.services.settings import choice_words, default_values, left_out, save, status_choices
from app.services.settings import form as settings_form
from app.services.settings.differences import differences, value_differences
from app.services.settings.drafts import DEFAULT, DO_NOT_SYNC, Draft
from app.services.settings.field_mapping import field_rows
from app.services.settings.save import Errors, SavedMeanwhile, SettingsInvalid
from app.services.settings.value_forms import ValueForm
from app.services.webhooks import health_facts, health_words
from app.web import value_sections
from app.web.access import administered_organization_or_404, signed_in_user
from app.web.jira_drafts import (
    draft_from,
    field_of,
    project_field,
    section_of,
    status_field,
    switch_name,
    type_field,
)
from app.web.one_moment import only_read_from_now_on
from app.web.partials import html_partial, partial_or_redirect, wants_partial
from app.web.value_sections import ValueSection

bp = Blueprint(
    "jira_settings", __name__, url_prefix="/organizations/<slug>/settings/integrations/jira"
)


@bp.get("")
def edit(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    connection = usable_connection(organization)
    if connection is None:
        return redirect(url_for("integrations.index", slug=slug), 303)
    draft = draft_from(request.args, organization) if "version" in request.args else None
    return render_template(
        "jira_settings/edit.html", **page_context(organization, connection, draft)
    )


@bp.post("")
def update(slug: str) -> ResponseReturnValue:
    user, organization = signed_in_user(), administered_organization_or_404(slug)
    draft = draft_from(request.form, organization)
    try:
        save.save(organization, user, draft, utcnow())
    except PlanWithoutJira as lacking:
        abort(403, lacking.sentence)
    except JiraNotConnected:
        return redirect(url_for("integrations.index", slug=slug), 303)
    except SettingsInvalid as invalid:
        return _again(organization, draft, errors=invalid.errors)
    except SavedMeanwhile as other:
        mine = replace(draft, version=other.saved.version)
        return _again(organization, mine, meanwhile=other)
    db.session.commit()
    only_read_from_now_on()
    connection = organization.connection
    assert connection is not None
    return partial_or_redirect(
        "jira_settings/_form.html",
        url_for(".edit", slug=slug),
        announce="Settings saved. They are being checked with Jira.",
        **(page_context(organization, connection) if wants_partial() else {}),
    )


def page_context(
    organization: Organization,
    connection: JiraConnection,
    draft: Draft | None = None,
    errors: Errors = MappingProxyType({}),
) -> dict[str, Any]:
    """What the page and each of its fragments are drawn from. Reads rows only, as of one moment:
    else a check that ends meanwhile is shown as under way, on a page that does not ask again."""
    form = settings_form.form_of(organization, connection, draft)
    values = partial(default_values.form_in, connection, form, errors)
    card = cards.card_of(organization, utcnow())
    poll_seconds = settings_form.poll_seconds(connection, utcnow())
    return {
        "organization": organization,
        "connection": connection,
        "form": form,
        "field_rows": field_rows(form),
        "values_of": partial(_values_of, organization, connection, values),
        "status_rows": status_choices.rows_of(form, connection),
        "status_field": status_field,
        "field_of": field_of,
        "left_out_notes": left_out.notes_of(form, connection),
        "do_not_sync": DO_NOT_SYNC,
        "follows": _following(connection),
        "value_names": sent_values.names_on_site_of(connection),
        "switches": {switch_name(field): field for field in TAKEN_OVER},
        "errors": errors,
        "error_name": partial(_error_name, form, values),
        "wrong_sections": {section_of(*where) for where in errors},
        "settings": organization.settings,
        "card": card,
        "news": settings_form.news_of(connection),
        "form_news": settings_form.news_of(connection, form.draft),
        "filled": settings_form.filled_in(form.draft),
        "poll_seconds": poll_seconds,
        "reading": choice_words.reading_of(
            connection,
            form,
            waited_for=poll_seconds is not None,
            paused_until=card.paused_until,
        ),
        "choice_words": partial(choice_words.words_of, connection=connection),
        "stale": _stale(connection),
        "project_field": project_field,
        "type_field": type_field,
        "conflict": None,
        "health_of": partial(health_facts.health_of, connection),
        "health_words": health_words.words_of,
        "levels_of": partial(_levels_of, organization),
    }


def _values_of(
    organization: Organization,
    connection: JiraConnection,
    values: Callable[[], ValueForm | None],
) -> ValueSection | None:
    form = values()
    return value_sections.section_of(organization, connection, form, DEFAULT) if form else None


def _error_name(
    form: settings_form.Form, values: Callable[[], ValueForm | None], slot: int, part: str
) -> str:
    """What the summary of errors calls the place of one of them."""
    if slot != DEFAULT:
        return next(each.team.name for each in form.teams if each.team and each.number == slot)
    named = {"project": "Default Project", "type": "Issue Type"}.get(part, "Status")
    found = values() if part.startswith(default_values.PART) else None
    row = found.row(part.removeprefix(default_values.PART)) if found else None
    return row.name if row else named


def _levels_of(organization: Organization) -> Sequence[level_words.LevelLine]:
    return level_words.lines_of(level_counts.of_organization(organization.id, utcnow()))


def _following(connection: JiraConnection) -> set[int]:
    """The teams whose mapping sends the default's field values."""
    default = next((row for row in connection.mappings if row.team_id is None), None)
    teams = [row for row in connection.mappings if row.team_id is not None]
    return {
        row.team_id
        for row in teams
        if row.team_id is not None and default and sent_values.follows(row, default)
    }


def _stale(connection: JiraConnection) -> bool:
    """Whether the project list is old enough to be read again when somebody looks at it, or
    statuses or resolutions are to be chosen that nobody has read."""
    fetched_at = connection.projects_fetched_at
    if not connection.connected or fetched_at is None:
        return False
    old = utcnow() - fetched_at > metadata_reads.PROJECTS_STAY_FRESH
    unread = bool(status_choices.unread(connection))
    return old or unread or status_choices.resolutions_unread(connection)


def _again(
    organization: Organization,
    draft: Draft,
    *,
    errors: Errors | None = None,
    meanwhile: SavedMeanwhile | None = None,
) -> ResponseReturnValue:
    """The form as it was sent, with what is wrong with it. Nothing was saved."""
    db.session.rollback()
    only_read_from_now_on()
    connection = organization.connection
    assert connection is not None
    context = page_context(organization, connection, draft, errors or {})
    if meanwhile is not None:
        found = differences(connection, meanwhile.saved, draft, organization)
        values = default_values.form_in(connection, context["form"], {})
        found += value_differences(values) if values and draft.values else []
        context["conflict"] = (meanwhile.by, found)
    if wants_partial():
        return html_partial("jira_settings/_form.html", **context), 422
    return render_template("jira_settings/edit.html", **context), 422
