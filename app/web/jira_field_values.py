"""The field values of a team that has a project of its own. The default's are in the settings."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import utcnow
from app.extensions import db
from app.models import JiraConnection, Organization, ProjectMapping
from app.services.connection import cards
from app.services.errors import UnpackError
from app.services.grants.asking import usable_connection
from app.services.labels import plural
from app.services.mapping import sent_values
from app.services.settings import save_values, value_forms
from app.services.settings.save_values import ValuesInvalid
from app.services.settings.value_rows import ValueDraft
from app.web import value_drafts
from app.web.access import administered_organization_or_404, require_jira, signed_in_user
from app.web.one_moment import only_read_from_now_on
from app.web.value_sections import ValueSection, section_of

bp = Blueprint(
    "jira_field_values",
    __name__,
    url_prefix="/organizations/<slug>/settings/integrations/jira/field-values/<int:slot>",
)


@bp.get("")
def edit(slug: str, slot: int) -> ResponseReturnValue:
    organization, connection, mapping = mapping_or_404(slug, slot)
    only_read_from_now_on()
    form = value_forms.form_of(connection, mapping)
    return page(organization, connection, section_of(organization, connection, form, slot))


@bp.post("")
def update(slug: str, slot: int) -> ResponseReturnValue:
    organization, connection, mapping = mapping_or_404(slug, slot)
    draft = draft_of(connection, mapping)
    try:
        save_values.save(organization, signed_in_user(), mapping.id, draft, utcnow())
    except ValuesInvalid as invalid:
        section = section_of(organization, connection, invalid.form, slot)
        return page(organization, connection, section), 422
    except UnpackError as error:
        flash(error.sentence, "warn")
        return _back(slug, slot)
    db.session.commit()
    flash("Field values saved. They are being checked with Jira.", "ok")
    return _back(slug, slot)


@bp.post("/copies")
def create(slug: str, slot: int) -> ResponseReturnValue:
    """The values of another mapping are this one's, too."""
    organization, connection, mapping = mapping_or_404(slug, slot)
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


def page(organization: Organization, connection: JiraConnection, values: ValueSection) -> str:
    """The page with these rows. Reads rows only."""
    names = sent_values.names_on_site_of(connection)
    mapping = values.form.mapping
    return render_template(
        "jira_field_values/edit.html",
        organization=organization,
        connection=connection,
        values=values,
        slot=values.slot,
        card=cards.card_of(organization, utcnow()),
        others=[each for each in connection.mappings if each != mapping and each.id in names],
        value_names=names,
    )


def draft_of(connection: JiraConnection, mapping: ProjectMapping) -> ValueDraft:
    """What was filled in."""
    default = sent_values.default_of(mapping, connection.mappings)
    follows = default is not None and sent_values.goes_where(mapping, default)
    return value_drafts.draft_from(request.form, may_follow=follows)


def mapping_or_404(slug: str, slot: int) -> tuple[Organization, JiraConnection, ProjectMapping]:
    """A team's own, for Owner and Admins."""
    organization = administered_organization_or_404(slug)
    require_jira(organization)
    connection = usable_connection(organization)
    mappings = connection.mappings if connection is not None else []
    mapping = next((each for each in mappings if each.team_id == slot), None)
    if connection is None or mapping is None:
        abort(404)
    return organization, connection, mapping


def _back(slug: str, slot: int) -> ResponseReturnValue:
    return redirect(url_for(".edit", slug=slug, slot=slot), 303)
