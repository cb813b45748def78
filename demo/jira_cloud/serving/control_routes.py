"""The control interface over HTTP: POST /_control/<verb> with the arguments as a JSON object."""

import inspect
from ipaddress import ip_address
from typing import Any

from flask import Blueprint, Response, current_app, request

from demo.jira_cloud.control.verbs import Control
from demo.jira_cloud.traffic.exchange import json_response

blueprint = Blueprint("control", __name__, url_prefix="/_control")


def verbs() -> dict[str, str]:
    """Every verb with its signature."""
    return {
        name: str(inspect.signature(function))
        for name, function in inspect.getmembers(Control, inspect.isfunction)
        if not name.startswith("_")
    }


@blueprint.before_request
def only_this_machine() -> Response | None:
    """Nobody on the network may play with it."""
    if ip_address(request.remote_addr or "0.0.0.0").is_loopback:  # noqa: S104 - a made-up address
        return None
    return json_response(403, {"error": "The control interface answers this machine only."})


@blueprint.get("/")
def overview() -> Response:
    """The verbs."""
    return json_response(200, verbs())


@blueprint.post("/<verb>")
def act(verb: str) -> Response:
    """Do it; the answer is {"result": …} or {"error": a sentence}."""
    if verb not in verbs():
        return json_response(404, {"error": f"There is no verb {verb}."})
    arguments = request.get_json(silent=True) if request.get_data() else {}
    if not isinstance(arguments, dict):
        return json_response(400, {"error": "The body is a JSON object of arguments."})
    control: Control = current_app.extensions["cloud"].control
    positional = arguments.pop("arguments", [])
    try:
        result: Any = getattr(control, verb)(*positional, **arguments)
    except (ValueError, TypeError) as error:
        return json_response(400, {"error": str(error)})
    return json_response(200, {"result": result})
