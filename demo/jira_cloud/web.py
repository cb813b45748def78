"""The Flask application: which host and path lead where."""

from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from demo.jira_cloud import (
    control_routes,
    gateway,
    oauth_routes,
    rest_issues,
    rest_people,
    rest_projects,
    rest_properties,
    rest_search,
)
from demo.jira_cloud.cloud import Cloud
from demo.jira_cloud.control import Control
from demo.jira_cloud.exchange import carry_out, json_response, mark, refused
from demo.jira_cloud.refusals import Refusal, unknown_path

API = "/ex/jira/<cloud_id>/rest/api/3"
REST_MODULES = (rest_issues, rest_people, rest_projects, rest_properties, rest_search)


def create_app(cloud: Cloud, control: Control) -> Flask:
    """Build the application around a running stand-in."""
    app = Flask(__name__)
    app.extensions["cloud"] = cloud
    app.extensions["control"] = control
    app.register_blueprint(oauth_routes.blueprint)
    app.register_blueprint(control_routes.blueprint)
    for operation in gateway.OPERATIONS:
        _bind(app, cloud, operation)
    app.after_request(mark)
    app.register_error_handler(Refusal, lambda refusal: refused(cloud, refusal))
    app.register_error_handler(404, _not_found)
    app.register_error_handler(405, _not_allowed)
    return app


def _bind(app: Flask, cloud: Cloud, operation: gateway.Operation) -> None:
    def view(**path: str) -> Response:
        return carry_out(
            cloud,
            request,
            operation.name,
            lambda entry, headers: gateway.answer(cloud, operation, request, path, entry, headers),
        )

    endpoint = f"{operation.method} {operation.path}".replace(".", "-")
    app.add_url_rule(
        API + operation.path, endpoint, view, methods=[operation.method], strict_slashes=True
    )


def _not_found(_: HTTPException) -> Any:
    if request.path.startswith("/ex/"):
        refusal = unknown_path(request.path)
        return json_response(refusal.status, refusal.body, refusal.media_type)
    return Response("<!doctype html><title>404</title><h1>Page not found</h1>", 404)


def _not_allowed(error: HTTPException) -> Any:
    return json_response(405, {"errorMessages": [str(error.description)], "errors": {}})
