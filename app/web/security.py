"""What every answer says to the browser (style.md §8)."""

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

ONE_YEAR = 365 * 24 * 3600  # seconds
# What no page of ours asks a browser for, so that nothing that slipped into one can ask either.
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "microphone",
        "midi",
        "payment",
        "publickey-credentials-get",
        "serial",
        "usb",
    )
)


class PageSessions(SecureCookieSessionInterface):
    """Sessions in a cookie, which only whole pages prolong.

    A poll that is answered after a link was followed would put back the session as it was before:
    without the sign-in at Atlassian that the link has begun.
    """

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        part = "HX-Request" in request.headers or request.endpoint == "static"
        return session.modified or (not part and super().should_set_cookie(app, session))


def init_app(app: Flask) -> None:
    app.session_interface = PageSessions()
    app.after_request(_add_headers)


def _add_headers(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if current_app.config["HTTPS_ONLY"] and request.is_secure:
        # Not for names below this one, nor for browsers' lists: those are not ours to decide.
        response.headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}")
    if response.mimetype == "text/html":
        response.vary.add("HX-Request")
        response.headers.setdefault("Content-Security-Policy", _content_security_policy())
        # A file opens nothing, and is opened by nobody.
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response


def _content_security_policy() -> str:
    """Nothing inline, so no nonce. Of the CDN the one file alone: it serves others' files, too."""
    source = current_app.config["HTMX_SRC"]
    scripts = "'self'" if source == "local" else f"'self' {_without_query(source)}"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {scripts}",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def _without_query(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"
