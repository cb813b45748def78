"""The rows of field values while they are filled in: drawn anew, and what their lists hold."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from app.models import Organization
from app.services.field_values.field_kind import Input
from app.services.field_values.field_kinds import kind_of
from app.services.mapping import screens
from app.services.mapping.mappings import Target
from app.services.settings import default_values, project_choices, value_forms, value_search
from app.services.settings import form as settings_form
from app.services.settings.value_search import FoundOptions
from app.web import account_search, jira_field_values, jira_settings
from app.web.jira_choices import connected
from app.web.jira_drafts import draft_from
from app.web.one_moment import only_read_from_now_on
from app.web.partials import html_partial, wants_partial
from app.web.value_sections import ValueSection, asked_of_jira, found_in, section_of

bp = Blueprint(
    "jira_value_rows", __name__, url_prefix="/organizations/<slug>/settings/integrations/jira"
)


@bp.post("/field-values/<int:slot>/rows")
@account_search.limited_unless(lambda: not request.form.get("search"))
def draw(slug: str, slot: int) -> ResponseReturnValue:
    """As filled in, with a field more or less, or with what was searched for. Saves nothing."""
    return _of_team(slug, slot) if slot else _of_default(slug)


@bp.get("/fields")
def fields(slug: str) -> ResponseReturnValue:
    """The rows of Add field that match what was typed."""
    _, connection = connected(slug)
    target = _target(connection.id)
    shown = request.args.get("shown", "").split(",")
    screen = value_forms.screen_of(connection.id, target) or []
    found = value_search.fields_among(
        value_forms.others(screen, shown), request.args.get("query", "").strip()
    )
    return render_template("jira_field_values/_fields.html", found=found)


@bp.get("/field-options")
@account_search.limited_unless(
    lambda: "listed" in request.args or not request.args.get("query", "").strip()
)
def options(slug: str) -> ResponseReturnValue:
    """What may be chosen in a field, as far as it matches what was typed.

    `listed`: our rows know all of it, and Jira is not asked.
    """
    _, connection = connected(slug)
    field_id = request.args.get("field", "")
    query = request.args.get("query", "").strip()[: account_search.LONGEST_QUERY]
    target, connection_id = _target(connection.id), connection.id
    if "listed" in request.args:
        listed = screens.options_of(connection_id, target, [field_id]).get(field_id, ())
        return _options(value_search.among(field_id, query, listed))
    screen = value_forms.screen_of(connection_id, target) or []
    schema = next((each.schema for each in screen if each.id == field_id), None)
    kind = kind_of(schema) if schema else None
    if kind is None or kind.lists_options:
        abort(404)
    if not query:
        return _options(FoundOptions(field_id, ""), kind.input)
    return _options(asked_of_jira(connection_id, kind.input, target, field_id, query), kind.input)


def _options(found: FoundOptions, kind: Input | None = None) -> str:
    return render_template(
        "jira_field_values/_options.html",
        found=found,
        roles=kind is Input.PERSON and "fallback" not in request.args,
        fallback="fallback" in request.args,
    )


def _of_default(slug: str) -> ResponseReturnValue:
    organization, connection = connected(slug)
    draft = draft_from(request.form, organization)
    form = settings_form.form_of(organization, connection, draft)
    values = default_values.form_in(connection, form, {})
    if values is None:
        abort(404)
    found = found_in(connection, values)
    only_read_from_now_on()
    section = section_of(organization, connection, values, 0, found=found)
    if wants_partial():
        return _fragment(organization, section)
    context = jira_settings.page_context(organization, connection, draft)
    return render_template("jira_settings/edit.html", **context | {"values_of": lambda: section})


def _of_team(slug: str, slot: int) -> ResponseReturnValue:
    organization, connection, mapping = jira_field_values.mapping_or_404(slug, slot)
    draft = jira_field_values.draft_of(connection, mapping)
    values = value_forms.form_of(connection, mapping, draft)
    found = found_in(connection, values)
    only_read_from_now_on()
    section = section_of(organization, connection, values, slot, found=found)
    if wants_partial():
        return _fragment(organization, section)
    return jira_field_values.page(organization, connection, section)


def _fragment(organization: Organization, section: ValueSection) -> ResponseReturnValue:
    """The rows; nothing where Jira has nothing new to say of them. `row`: only what is to be said
    of what is typed there."""
    if "row" in request.args:
        row = value_forms.checked(section.form).row(request.args["row"]) or abort(404)
        return html_partial("jira_field_values/_shows.html", values=section, row=row)
    if request.args.get("seen") == section.news:
        return "", 204
    removed = request.form.get("removing", "")
    names = {each.id: each.name for each in section.form.screen or ()}
    words = f"{names.get(removed, 'The field')} removed, not saved yet." if removed else ""
    return html_partial(
        "jira_field_values/_values.html", organization=organization, values=section, announce=words
    )


def _target(connection_id: int) -> Target:
    project_id, type_id = request.args.get("project", ""), request.args.get("type", "")
    key = project_choices.key_of(connection_id, project_id)
    return Target(project_id, key, type_id)
