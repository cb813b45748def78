"""Organization Settings, General: its name, its time zone, when its digest comes."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField

from app.extensions import db
from app.models import Organization
from app.services.mail import outbox
from app.services.organizations import accounts, organization_zones, organizations
from app.services.reminders import digest_times
from app.web.access import administered_organization_or_404, signed_in_user
from app.web.fields import name_field

bp = Blueprint(
    "organization_settings", __name__, url_prefix="/organizations/<slug>/settings/general"
)


class NameForm(FlaskForm):  # type: ignore[misc]
    name = name_field()


class DigestForm(FlaskForm):  # type: ignore[misc]
    weekday = SelectField(
        "Day", choices=[SelectChoice(str(n), day) for n, day in enumerate(digest_times.WEEKDAYS)]
    )
    hour = SelectField("Hour", choices=[SelectChoice(str(n), f"{n}:00") for n in range(24)])

    @classmethod
    def of(cls, organization: Organization) -> "DigestForm":
        weekday, hour = organization.digest_weekday, organization.digest_hour
        return cls(formdata=None, weekday=str(weekday), hour=str(hour))


class ZoneForm(FlaskForm):  # type: ignore[misc]
    zone = SelectField("Time zone")

    @classmethod
    def of(cls, organization: Organization, **given: Any) -> "ZoneForm":
        now = organization.time_zone or "UTC"
        form = cls(**given, zone=now)
        names = sorted({*accounts.zone_names(), now})
        form.zone.choices = [SelectChoice(name, name) for name in names]
        return form


@bp.get("")
def edit(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    return _page(organization)


@bp.post("")
def update(slug: str) -> ResponseReturnValue:
    organization, form = administered_organization_or_404(slug), NameForm()
    if not form.validate():
        return _page(organization, name_form=form), 422
    organizations.rename(organization, form.name.data, signed_in_user())
    db.session.commit()
    flash("The name is saved.", "ok")
    return redirect(url_for("organization_settings.edit", slug=slug), 303)


@bp.post("/digest")
def update_digest(slug: str) -> ResponseReturnValue:
    organization, form = administered_organization_or_404(slug), DigestForm()
    if not form.validate():
        return _page(organization, digest_form=form), 422
    weekday, hour = int(form.weekday.data), int(form.hour.data)
    digest_times.choose(organization, weekday, hour, signed_in_user())
    db.session.commit()
    flash("The time of the digest is saved.", "ok")
    return redirect(url_for("organization_settings.edit", slug=slug, _anchor="digest"), 303)


@bp.post("/time-zone")
def update_time_zone(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    form = ZoneForm.of(organization)
    if not form.validate():
        return _page(organization, zone_form=form), 422
    organization_zones.choose(organization, form.zone.data, signed_in_user())
    db.session.commit()
    flash("The time zone is saved.", "ok")
    return redirect(url_for("organization_settings.edit", slug=slug, _anchor="time-zone"), 303)


def _page(organization: Organization, **sent: FlaskForm) -> str:
    """All forms, with the one that somebody sent instead of an untouched one."""
    shown = {
        "name_form": NameForm(formdata=None, name=organization.name),
        "digest_form": DigestForm.of(organization),
        "zone_form": ZoneForm.of(organization, formdata=None),
    }
    return render_template(
        "settings/general.html",
        organization=organization,
        sends_mail=outbox.is_set_up(),
        **(shown | sent),
    )
