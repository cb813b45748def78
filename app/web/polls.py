"""What a page asks by itself, again and again. One that has nothing to say takes four statements,
writes nothing and draws nothing."""

from flask import Flask, request

from app.clock import utcnow
from app.models import Organization
from app.services import pulses
from app.services.pulses import Watched
from app.web.formatting import viewer_zone


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(pulse=pulse, drawn_at=utcnow, viewer_zone=viewer_zone)


def pulse(organization: Organization, *parts: str) -> str:
    """For the address of a poll: what the page is drawn from, as of the moment that it shows."""
    return pulses.pulse_of(organization, tuple(map(Watched, parts)), utcnow())


def nothing_new(organization: Organization, *parts: Watched) -> bool:
    """Whether this request is a poll of a page that would be drawn from the same now."""
    return request.args.get("pulse") == pulse(organization, *parts)
