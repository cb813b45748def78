"""That somebody signs in with an account at the identity provider now, and did not before."""

from flask import current_app

from app.models import Mail
from app.services.mail import moments
from app.services.mail.content import Content


def recipients(mail: Mail) -> list[str]:
    """The person that it belongs to: nobody declines it."""
    return [mail.user.email] if mail.user else []


def content(mail: Mail) -> Content | None:
    """With whom, and since when."""
    config = current_app.config
    if mail.user is None:
        return None
    provider = config["OIDC_NAME"] or "single sign-on"  # which may be off by now
    return Content(
        subject=f"You sign in to Unpack with {provider} now",
        context={
            "provider": provider,
            "tied": moments.in_zone_of(mail.user, mail.created_at),
            "account_url": f"{config['PUBLIC_URL']}/account",
        },
    )
