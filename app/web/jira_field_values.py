"""The field values of a mapping: the default's, or a team's that has a project of its own."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import utcnow
from app.extensions import db
from app.models import JiraConnection, Organization, ProjectMapping
from app.services.connection import cards
from app.services.errors import UnpackError
from app.services.field_values.value_tokens import TOKENS
from app.services.grants.asking import usable_connection
from app.services.labels import plural
from app.services.mapping import active_sprints, sent_values
from app.services.settings import save_values, value_forms, value_results, value_search
from app.services.settings.save_values import ValuesInvalid
from app.services.settings.value_forms import ValueForm
from app.services.settings.value_search import FoundOptions
from app.web import account_search
from app.web.access import administered_organization_or_404, require_jira, signed_in_user
from app.web.one_moment import only_read_from_now_on
from app.web.value_drafts import draft_from, label_name, value_name

bp = Blueprint(
    "jira_field_values",
    __name__,
    url_prefix="/organizations/<slug>/settings/integrations/jira/field-values/<int:slot>",
)


@bp.get("")
def edit(slug: str, slot: int) -> ResponseReturnValue:
    organization, connection, mapping = _mapping_or_404(slug, slot)
    return _page(organization, value_forms.form_of(connection, mapping))


@bp.post("")
@account_search.limited
def update(slug: str, slot: int) -> ResponseReturnValue:
    """Save; or show the form again with a field more or less, or with what was searched for."""
    organization, connection, mapping = _mapping_or_404(slug, slot)
    default = sent_values.default_of(mapping, connection.mappings)
    follows = default is not None and sent_values.goes_where(mapping, default)
    draft = draft_from(request.form, may_follow=follows)
    form = value_forms.form_of(connection, mapping, draft)
    if field_id := request.form.get("search"):
        return _page(organization, form, found=_found(connection, form, field_id))
    if "adding" in request.form or "remove" in request.form:
        return _page(organization, form, focus=request.form.get("add", ""))
    try:
        save_values.save(organization, signed_in_user(), mapping.id, draft, utcnow())
    except ValuesInvalid as invalid:
        return _page(organization, invalid.form), 422
    except UnpackError as error:
        flash(error.sentence, "warn")
        return _back(slug, slot)
    db.session.commit()
    flash("Field values saved. They are being checked with Jira.", "ok")
    return _back(slug, slot)


@bp.post("/copies")
def create(slug: str, slot: int) -> ResponseReturnValue:
    """The values of another mapping are this one's, too."""
    organization, connection, mapping = _mapping_or_404(slug, slot)
    named = request.form.get("from", "")
    source = next((each for each in connection.mappings if str(each.id) == named), None)
    if source is None:
        abort(404)
    try:
        count = save_values.copy(organization, signed_in_user(), source.id, mapping.id, utcnow())
    except UnpackError as error:
        flash(error.sentence, "warn")
        return _back(slug, slot)
    db.session.commit()
    flash(f"{plural(count, 'field value')} copied.", "ok")
    return _back(slug, slot)


def _found(connection: JiraConnection, form: ValueForm, field_id: str) -> FoundOptions | None:
    row = form.row(field_id)
    if row is None:
        return None
    query = request.form.get(f"query:{field_id}", "").strip()[: account_search.LONGEST_QUERY]
    if row.kind.lists_options:
        return value_search.among(field_id, query, row.options or ())
    connection_id, target = connection.id, form.target
    if not query:
        return None
    db.session.commit()  # no transaction stays open while Jira answers
    found = value_search.search(connection_id, row.kind.input, target, field_id, query)
    value_search.keep_pause(connection_id, found)
    db.session.commit()
    return found


def _page(
    organization: Organization,
    form: ValueForm,
    *,
    found: FoundOptions | None = None,
    focus: str = "",
) -> str:
    only_read_from_now_on()
    connection = organization.connection
    assert connection is not None
    mapping = form.mapping
    example = value_results.latest(organization, mapping)
    names = sent_values.names_on_site_of(connection)
    others: list[ProjectMapping] = [
        each for each in connection.mappings if each.id != mapping.id and each.id in names
    ]
    context: dict[str, Any] = {
        "organization": organization,
        "connection": connection,
        "form": form,
        "slot": mapping.team_id or 0,
        "card": cards.card_of(organization, utcnow()),
        "found": found,
        "focus": focus,
        "example": example,
        "results": value_results.results(form.rows, example),
        "others": others,
        "value_names": names,
        "sprints": active_sprints.last_read(connection.id, mapping.project_id),
        "tokens": TOKENS,
        "value_name": value_name,
        "label_name": label_name,
    }
    return render_template("jira_field_values/edit.html", **context)


def _mapping_or_404(slug: str, slot: int) -> tuple[Organization, JiraConnection, ProjectMapping]:
    organization = administered_organization_or_404(slug)
    require_jira(organization)
    connection = usable_connection(organization)
    mappings = connection.mappings if connection is not None else []
    mapping = next((each for each in mappings if (each.team_id or 0) == slot), None)
    if connection is None or mapping is None:
        abort(404)
    return organization, connection, mapping


def _back(slug: str, slot: int) -> ResponseReturnValue:
    return redirect(url_for(".edit", slug=slug, slot=slot), 303)
