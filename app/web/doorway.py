"""What is asked of every request before Flask sees it: whom it wants, and under which path.

Cheap, because strangers and probes come here as well: no session, no template, no database.
"""

import logging
import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wsgi import get_host

PROBE = "/healthz"
READY = "/readyz"
# Of X-Forwarded-Prefix: anything else, such as "//elsewhere", would lead our own links astray.
_PREFIX = re.compile(r"(/[\w.~-]+)+")

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Put the doorway in front of the app, and in front of that what the proxies tell."""
    doorway = Doorway(
        app.wsgi_app,
        prefix=urlsplit(app.config["PUBLIC_URL"]).path,
        trusted_hosts=app.config["TRUSTED_HOSTS"],
    )
    proxies = app.config["PROXY_COUNT"]
    app.wsgi_app = BehindProxies(doorway, proxies) if proxies else doorway  # type: ignore[method-assign]


class BehindProxies:
    """Believes what `count` proxies say of a request that came from this machine or network.

    Whoever reaches us past them, from outside, could say anything.
    """

    def __init__(self, app: WSGIApplication, count: int) -> None:
        self.app = app
        self.fixed = ProxyFix(app, count, count, count, count, count)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        peer = str(environ.get("REMOTE_ADDR", ""))
        return (self.fixed if _is_near(peer) else self.app)(environ, start_response)


def _is_near(peer: str) -> bool:
    if not peer:  # a socket's
        return True
    try:
        return ip_address(peer).is_private  # this machine's included
    except ValueError:
        return False


class Doorway:
    """Answers probes, turns strangers away, and takes the path's prefix off.

    The `prefix` is that of PUBLIC_URL, else what a proxy says in X-Forwarded-Prefix. A proxy that
    names one has taken it off; one that names none may or may not have.
    """

    def __init__(self, app: WSGIApplication, prefix: str, trusted_hosts: list[str]) -> None:
        self.app = app
        self.prefix = prefix
        self.trusted_hosts = trusted_hosts

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self._mount(environ)
        if environ.get("PATH_INFO") == PROBE:
            return _say("200 OK", "ok\n", environ, start_response)
        if environ.get("PATH_INFO") == READY:
            # Asked by address, too. Nothing in its answer depends on the name.
            environ["HTTP_HOST"] = self.trusted_hosts[0].lstrip(".")
        try:
            get_host(environ, self.trusted_hosts)
        except SecurityError:
            log.warning("foreign host", extra={"host": str(environ.get("HTTP_HOST"))[:100]})
            words = "Unpack is not at this address.\n"
            return _say("400 Bad Request", words, environ, start_response)
        return self.app(environ, start_response)

    def _mount(self, environ: WSGIEnvironment) -> None:
        given = str(environ.get("SCRIPT_NAME", "")).rstrip("/")
        path = str(environ.get("PATH_INFO", ""))
        prefix = self.prefix or (given if _PREFIX.fullmatch(given) else "")
        if prefix and not given and f"{path}/".startswith(f"{prefix}/"):
            path = path.removeprefix(prefix)
        environ["SCRIPT_NAME"], environ["PATH_INFO"] = prefix, path


def _say(
    status: str, words: str, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    body = words.encode()
    start_response(
        status,
        [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ],
    )
    return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]
