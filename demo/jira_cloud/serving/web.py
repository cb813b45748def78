"""The two Flask applications, Atlassian's and the sites', and which host leads to which."""

from typing import TYPE_CHECKING, Any

from flask import Flask, Response, abort, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as PlainResponse

from demo.jira_cloud.answers.refusals import unknown_path
from demo.jira_cloud.catalog.sites import SITES, Site
from demo.jira_cloud.cloud import Cloud
from demo.jira_cloud.oauth import endpoints
from demo.jira_cloud.pages import consent_page, site_pages, start_page
from demo.jira_cloud.rest import gateway, issues, people, projects, properties, search, webhooks
from demo.jira_cloud.serving import control_routes
from demo.jira_cloud.traffic.exchange import Traffic, carry_out, json_response, mark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

API = "/ex/jira/<cloud_id>/rest/api/3"
REST_MODULES = (issues, people, projects, properties, search, webhooks)
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
NOT_FOUND = "<!doctype html><html lang=en><title>404</title><h1>Page not found</h1></html>"


class ByHost:
    """`<slug>.localhost` is a site; every other host plays auth and api.atlassian.com."""

    def __init__(self, cloud: Cloud) -> None:
        self._main = create_main_app(cloud)
        self._sites = {slug: create_site_app(cloud, SITES[slug]) for slug in SITES}
        self._world = cloud.world

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> "Iterable[bytes]":
        """Pass the request on."""
        host = environ.get("HTTP_HOST", "").partition(":")[0]
        slug, _, domain = host.partition(".")
        if domain != "localhost":
            return self._main(environ, start_response)
        gone = slug in self._world.conditions.sites_gone
        app: WSGIApplication | None = None if gone else self._sites.get(slug)
        # An unknown site is an HTML page, even below /rest (jira-platform.md §3).
        missing = PlainResponse(NOT_FOUND, 404, mimetype="text/html")
        return (app or missing)(environ, start_response)


def create_main_app(cloud: Cloud) -> Flask:
    """auth.atlassian.com, api.atlassian.com, the start page and the control interface."""
    app = _app(cloud)
    for module in (endpoints, consent_page, start_page, control_routes):
        app.register_blueprint(module.blueprint)
    for operation in gateway.OPERATIONS:
        _bind(app, cloud.traffic, operation)
    return app


def create_site_app(cloud: Cloud, site: Site) -> Flask:
    """One site, as people see it."""
    app = _app(cloud)
    app.register_blueprint(site_pages.blueprint)

    @app.before_request
    def enter() -> None:
        g.site = site

    return app


def _app(cloud: Cloud) -> Flask:
    app = Flask("demo.jira_cloud.pages")  # beside it lie templates and static files
    app.extensions["cloud"] = cloud
    app.before_request(_from_our_own_pages)
    app.after_request(lambda response: mark(response, cloud.world.names))
    app.after_request(_protect)
    app.register_error_handler(404, _not_found)
    app.register_error_handler(405, _not_allowed)
    return app


def _bind(app: Flask, traffic: Traffic, operation: gateway.Operation) -> None:
    def view(**path: str) -> Response:
        return carry_out(
            traffic,
            request,
            operation.name,
            lambda entry, headers: gateway.answer(
                traffic, operation, request, path, entry, headers
            ),
        )

    app.add_url_rule(
        API + operation.path,
        f"{operation.method} {operation.path}",
        view,
        methods=[operation.method],
    )


def _from_our_own_pages() -> None:
    """A page of somebody else must not press our buttons. Programs send no such header."""
    changes = request.method not in ("GET", "HEAD", "OPTIONS")
    if changes and request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        abort(403)


def _protect(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"
    return response


def _not_found(_: HTTPException) -> Any:
    if request.path.startswith("/ex/"):
        refusal = unknown_path(request.path)
        return json_response(refusal.status, refusal.body, refusal.media_type)
    return Response(NOT_FOUND, 404)


def _not_allowed(error: HTTPException) -> Any:
    return json_response(405, {"errorMessages": [str(error.description)], "errors": {}})
