"""Organization Settings, General: what the organization is called."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from app.extensions import db
from app.models import Organization
from app.services.organizations import organizations
from app.web.access import administered_organization_or_404, signed_in_user
from app.web.fields import name_field

bp = Blueprint(
    "organization_settings", __name__, url_prefix="/organizations/<slug>/settings/general"
)


class NameForm(FlaskForm):  # type: ignore[misc]
    name = name_field()


@bp.get("")
def edit(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    return _page(organization, NameForm(name=organization.name))


@bp.post("")
def update(slug: str) -> ResponseReturnValue:
    organization, form = administered_organization_or_404(slug), NameForm()
    if not form.validate():
        return _page(organization, form), 422
    organizations.rename(organization, form.name.data, signed_in_user())
    db.session.commit()
    flash("The name is saved.", "ok")
    return redirect(url_for("organization_settings.edit", slug=slug), 303)


def _page(organization: Organization, form: NameForm) -> str:
    return render_template("settings/general.html", organization=organization, form=form)
