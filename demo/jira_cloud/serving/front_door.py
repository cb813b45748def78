"""Which host and path lead where: the two APIs, the controls, and what people see in a browser."""

import io
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, g
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WsgiResponse

from demo.jira_cloud.catalog.sites import SITES, Site
from demo.jira_cloud.cloud import Cloud
from demo.jira_cloud.control import over_http
from demo.jira_cloud.pages import consent_page, create_page, site_pages, start_page
from demo.jira_cloud.traffic.exchange import mark
from demo.jira_cloud.traffic.messages import Outcome, Request, Response, html_response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
NOT_FOUND = "<!doctype html><html lang=en><title>404</title><h1>Page not found</h1></html>"
NOT_OURS = "<!doctype html><html lang=en><title>403</title><h1>Not from our own pages</h1></html>"


class FrontDoor:
    """`<slug>.localhost` is a site; every other host plays auth and api.atlassian.com."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._pages = create_main_app(cloud)
        self._sites = {slug: create_site_app(cloud, SITES[slug]) for slug in SITES}

    def handle(self, request: Request) -> Outcome:
        """Answer a request to any of the hosts."""
        outcome = self._outcome(request)
        if isinstance(outcome, Response):
            mark(outcome, self._cloud.world)
            _protect(outcome)
        return outcome

    def _outcome(self, request: Request) -> Outcome:
        if _is_from_elsewhere(request):
            return html_response(403, NOT_OURS)
        slug, _, domain = request.headers.get("Host", "").partition(":")[0].partition(".")
        if domain == "localhost":
            return self._of_site(slug, request)
        if request.path.startswith(("/ex/", "/oauth/token")):
            return self._cloud.handle(request)
        if request.path.startswith(over_http.PREFIX):
            return over_http.answer(self._cloud.control, request)
        return _from_app(self._pages, request)

    def _of_site(self, slug: str, request: Request) -> Outcome:
        if slug in self._cloud.world.conditions.sites_gone or slug not in self._sites:
            # An unknown site is an HTML page, even below /rest (jira-platform.md §3).
            return html_response(404, NOT_FOUND)
        return _from_app(self._sites[slug], request)


def create_main_app(cloud: Cloud) -> Flask:
    """The start page and the consent page."""
    app = _app(cloud)
    app.register_blueprint(consent_page.blueprint)
    app.register_blueprint(start_page.blueprint)
    return app


def create_site_app(cloud: Cloud, site: Site) -> Flask:
    """One site, as people see it."""
    app = _app(cloud)
    app.register_blueprint(site_pages.blueprint)
    app.register_blueprint(create_page.blueprint)

    @app.before_request
    def enter() -> None:
        g.site = site

    return app


def _app(cloud: Cloud) -> Flask:
    app = Flask("demo.jira_cloud.pages")  # beside it lie templates and static files
    app.extensions["cloud"] = cloud
    app.register_error_handler(404, lambda _: (NOT_FOUND, 404))
    app.register_error_handler(405, _not_allowed)
    return app


def _not_allowed(error: HTTPException) -> Any:
    return {"errorMessages": [str(error.description)], "errors": {}}, 405


def _is_from_elsewhere(request: Request) -> bool:
    """A page of somebody else must not press our buttons. Programs send no such header."""
    changes = request.method not in ("GET", "HEAD", "OPTIONS")
    site = request.headers.get("Sec-Fetch-Site", "none")
    return changes and site not in ("same-origin", "none")


def _protect(response: Response) -> None:
    if response.headers.get("Content-Type", "").startswith("text/html"):
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"


def _from_app(app: "WSGIApplication", request: Request) -> Response:
    answer = WsgiResponse.from_app(app, _environ(request), buffered=True)
    return Response(answer.status_code, answer.get_data(), Headers(answer.headers))


def _environ(request: Request) -> dict[str, Any]:
    host = urlsplit("//" + request.headers.get("Host", "localhost"))
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        # WSGI has the bytes of the path as if they were Latin-1.
        "PATH_INFO": request.path.encode().decode("latin-1"),
        "QUERY_STRING": request.query,
        "REQUEST_URI": request.target,
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(request.body)),
        "SERVER_NAME": host.hostname or "localhost",
        "SERVER_PORT": str(host.port or 80),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": request.address,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            environ[f"HTTP_{key}"] = value
    return environ
